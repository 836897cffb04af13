package org.dartscc.cli.rest;

import com.fasterxml.jackson.databind.JsonNode;

import org.dartscc.cli.FailureException;

/** The orchestrator's answer to a call that it refused, in its own words. */
public final class RefusedException extends FailureException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient JsonNode problem;

    RefusedException(int status, String message, JsonNode problem) {
        super(message);
        this.status = status;
        this.problem = problem;
    }

    /** HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** The problem document; an empty one when there was none. */
    public JsonNode problem() {
        return problem;
    }
}
