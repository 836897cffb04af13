package org.dartscc.agent.probe;

import java.util.ServiceLoader;

import org.dartscc.model.network.Shape;

/**
 * A runtime that models are run with on this host. ONNX Runtime's own is always there; others are add-ons, found by
 * {@link ServiceLoader} in the process that measures.
 */
public interface Engine {
    String ONNXRUNTIME = "onnxruntime";

    /** What profiles call it. */
    String name();

    /** Runtime and version as fingerprints name them, as {@code onnxruntime 1.29.0}. */
    String runtime();

    /** Execution provider as fingerprints name it. */
    String provider();

    /**
     * Opens a model with one float32 input and output.
     *
     * @param profile says how the runtime rewrites graphs, how many threads it uses, and how many images a run takes
     * @param keepEqualNodes nodes that are equal on purpose are kept apart
     * @throws ProbeException when the runtime refuses the model
     */
    OpenModel open(byte[] model, Shape image, Profile profile, boolean keepEqualNodes);

    /** @throws IllegalArgumentException when this process has no such engine */
    static Engine of(String name) {
        if (name.equals(ONNXRUNTIME)) {
            return new OrtEngine();
        }
        return ServiceLoader.load(Engine.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(engine -> engine.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no engine \"" + name + "\" here"));
    }
}
