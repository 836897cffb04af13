package org.dartscc.trainer.data;

/** A data set that is not known, not there or not readable; the message is for the user who asked for it. */
public final class UnusableDatasetException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnusableDatasetException(String message) {
        super(message);
    }

    public UnusableDatasetException(String message, Throwable cause) {
        super(message, cause);
    }
}
