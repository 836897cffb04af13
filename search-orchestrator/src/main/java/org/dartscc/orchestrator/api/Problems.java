package org.dartscc.orchestrator.api;

import java.util.Collection;

import io.quarkiverse.resteasy.problem.HttpProblem;

/** Refusals as problem+json; whatever a user can change is named in {@code field}. */
public final class Problems {
    private static final int UNPROCESSABLE = 422;

    private Problems() {}

    /** 404: there is no such thing. */
    public static HttpProblem unknown(String what, String id) {
        return problem(404, "Not Found", "There is no " + what + " " + id)
                .with("field", what)
                .build();
    }

    /** 400: a field's value can't be used. */
    public static HttpProblem badField(String field, String detail) {
        return problem(400, "Bad Request", detail).with("field", field).build();
    }

    /** 400: a field names something that is not there; what is known is told. */
    public static HttpProblem notKnown(String field, String value, Collection<String> known) {
        return problem(400, "Bad Request", "%s \"%s\" is not known; known are %s".formatted(field, value, known))
                .with("field", field)
                .with("known", known)
                .build();
    }

    /** 409: not in this state. */
    public static HttpProblem conflict(String field, String detail) {
        return problem(409, "Conflict", detail).with("field", field).build();
    }

    /** 422: no architecture keeps the budget. */
    public static HttpProblem infeasible(String detail, Object smallestFeasible) {
        return problem(UNPROCESSABLE, "No architecture fits the budget", detail)
                .with("field", "budget")
                .with("smallestFeasible", smallestFeasible)
                .build();
    }

    /** 416: no byte of the file is in the range that was asked for. */
    public static HttpProblem badRange(String detail, int size) {
        return problem(416, "Range Not Satisfiable", detail)
                .with("field", "Range")
                .withHeader("Content-Range", "bytes */" + size)
                .build();
    }

    /** 403: somebody else's. */
    public static HttpProblem forbidden(String detail) {
        return problem(403, "Forbidden", detail).build();
    }

    static HttpProblem unavailable(String detail) {
        return problem(503, "Service Unavailable", detail)
                .withHeader("Retry-After", 5)
                .build();
    }

    private static HttpProblem.Builder problem(int status, String title, String detail) {
        return HttpProblem.builder().withStatus(status).withTitle(title).withDetail(detail);
    }
}
