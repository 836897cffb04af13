package org.dartscc.cli.rest;

import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;

import org.dartscc.cli.FailureException;

/** The orchestrator's answer to a call that it refused, in its own words. */
public final class RefusedException extends FailureException {
    private static final long serialVersionUID = 1;

    /** Bad request, not found, too large, and what can be read but not done. */
    private static final Set<Integer> WRONG_INPUT = Set.of(400, 404, 413, 422);

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

    /** Of the 4xx only those that are about the request itself, not about who asks or what state things are in. */
    @Override
    public boolean isWrongInput() {
        return WRONG_INPUT.contains(status);
    }

    /** The problem document; an empty one when there was none. */
    public JsonNode problem() {
        return problem;
    }
}
