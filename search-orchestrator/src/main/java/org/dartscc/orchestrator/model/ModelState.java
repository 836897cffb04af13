package org.dartscc.orchestrator.model;

/** Where a model stands. */
public enum ModelState {
    /** A trainer is asked to finalise it. */
    REQUESTED,
    /** A trainer works on it. */
    FINALISING,
    /** The exporter writes ONNX and checks it against the supernet. */
    EXPORTING,
    /** The device times it; it waits for a device that is away. */
    VERIFYING,
    READY,
    FAILED;

    /** Whether there is a checked file to fetch. */
    boolean hasFile() {
        return this == VERIFYING || this == READY;
    }

    boolean isOver() {
        return this == READY || this == FAILED;
    }
}
