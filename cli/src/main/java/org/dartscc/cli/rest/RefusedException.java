package org.dartscc.cli.rest;

import org.dartscc.cli.FailureException;

/** The orchestrator's answer to a call that it refused, in its own words. */
public final class RefusedException extends FailureException {
    private static final long serialVersionUID = 1;

    private final int status;

    RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** HTTP status of the answer. */
    public int status() {
        return status;
    }
}
