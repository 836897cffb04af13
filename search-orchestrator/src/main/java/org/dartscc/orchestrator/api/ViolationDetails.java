package org.dartscc.orchestrator.api;

import java.util.List;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import io.quarkiverse.resteasy.problem.validation.Violation;

import static jakarta.ws.rs.core.Response.Status.BAD_REQUEST;

/**
 * Every problem says in its {@code detail} what is wrong: where a library left that to {@code violations} or to the
 * cause, they are put in words, and the first one's {@code field} stands where it stands in all other problems.
 */
@ApplicationScoped
class ViolationDetails implements ProblemPostProcessor {

    @Override
    public HttpProblem apply(HttpProblem problem, ProblemContext context) {
        if (context.cause instanceof WebApplicationException refused
                && problem.getStatusCode() == BAD_REQUEST.getStatusCode()) {
            return malformed(problem, refused.getCause());
        }
        if (context.cause instanceof UnrecognizedPropertyException unknown) {
            return malformed(problem, unknown);
        }
        if (problem.getDetail() != null) {
            return problem;
        }
        var violations = violations(problem);
        if (violations.isEmpty()) {
            return HttpProblem.builder(problem).withDetail(problem.getTitle()).build();
        }
        return HttpProblem.builder(problem)
                .withDetail(
                        violations.stream().map(v -> field(v) + " " + v.message).collect(Collectors.joining("; ")))
                .with("field", field(violations.get(0)))
                .build();
    }

    /** A body that is no JSON, or has a field too many: in the parser's words, or better ones. */
    private static HttpProblem malformed(HttpProblem problem, Throwable cause) {
        var violation = cause instanceof JsonProcessingException json
                ? BadRequestMappers.violation(json)
                : new BadRequestMappers.Violation("body", "this is no complete JSON document");
        return HttpProblem.builder(problem)
                .withDetail(violation.field() + ": " + violation.message())
                .with("field", violation.field())
                .with("violations", List.of(violation))
                .build();
    }

    private static String field(Violation violation) {
        return violation.field == null || violation.field.isBlank() ? "body" : violation.field;
    }

    private static List<Violation> violations(HttpProblem problem) {
        return problem.getParameters().get("violations") instanceof List<?> all
                ? all.stream()
                        .filter(Violation.class::isInstance)
                        .map(Violation.class::cast)
                        .toList()
                : List.of();
    }
}
