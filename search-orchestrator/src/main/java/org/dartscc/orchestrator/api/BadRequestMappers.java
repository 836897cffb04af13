package org.dartscc.orchestrator.api;

import java.util.List;
import java.util.stream.Collectors;

import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What is wrong with a body, in the shape of {@link ViolationDetails}. */
class BadRequestMappers {
    private static final int BEFORE_LIBRARIES = Priorities.USER - 1000;

    /** What is wrong with one field. */
    public record Violation(String field, String message) {}

    @ServerExceptionMapper(priority = BEFORE_LIBRARIES)
    Response map(MismatchedInputException mismatch) {
        return problem(violation(mismatch));
    }

    private static String field(JsonMappingException mismatch) {
        var path = mismatch.getPath().stream()
                .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
                .collect(Collectors.joining("."))
                .replace(".[", "[");
        return path.isEmpty() ? "body" : path;
    }

    static Violation violation(JsonProcessingException malformed) {
        return new Violation(
                malformed instanceof JsonMappingException mismatch ? field(mismatch) : "body", inWords(malformed));
    }

    private static String inWords(JsonProcessingException e) {
        if (e instanceof UnrecognizedPropertyException unknown) {
            return "there is no such field; known are "
                    + unknown.getKnownPropertyIds().stream()
                            .map(String::valueOf)
                            .sorted()
                            .collect(Collectors.joining(", "));
        }
        // The names of our classes tell a user nothing.
        return e.getOriginalMessage()
                .lines()
                .findFirst()
                .orElse("malformed")
                .replaceAll("\\(?`?org\\.dartscc[^`)]*`?\\)?", "object");
    }

    private static Response problem(Violation violation) {
        return HttpProblem.builder()
                .withStatus(400)
                .withTitle("Bad Request")
                .withDetail(violation.field() + ": " + violation.message())
                .with("field", violation.field())
                .with("violations", List.of(violation))
                .build()
                .toResponse();
    }
}
