package org.dartscc.agent.child;

/** The process that measures did not come to a result. The message says why, in words for a user. */
public final class ChildFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    ChildFailedException(String reason) {
        super(reason);
    }
}
