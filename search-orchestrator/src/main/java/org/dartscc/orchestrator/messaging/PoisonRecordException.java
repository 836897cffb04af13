package org.dartscc.orchestrator.messaging;

/** A record that no later try can make sense of: it goes to the dead-letter topic. */
public final class PoisonRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PoisonRecordException(String message) {
        super(message);
    }

    PoisonRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
