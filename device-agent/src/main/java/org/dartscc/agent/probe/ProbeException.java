package org.dartscc.agent.probe;

/** The runtime could not build or run what was to be measured. */
public final class ProbeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProbeException(String message, Throwable cause) {
        super(message, cause);
    }
}
