package org.dartscc.cli;

/** What was typed, or a file that was named, can't be used. */
public final class WrongInputException extends FailureException {
    private static final long serialVersionUID = 1;

    public WrongInputException(String message) {
        super(message);
    }

    public WrongInputException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public boolean isWrongInput() {
        return true;
    }
}
