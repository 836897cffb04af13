package org.dartscc.agent.device;

/** The orchestrator refuses for good: asking again will not help. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }
}
