package org.dartscc.cli;

/** What a user is told in one line when a command can't do what it was asked for. */
public class FailureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public FailureException(String message) {
        super(message);
    }

    public FailureException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Whether the user has to ask for something else, as after wrong use; else something failed. */
    public boolean isWrongInput() {
        return false;
    }
}
