package org.dartscc.orchestrator.api;

import java.util.List;
import java.util.stream.Collectors;

import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What is wrong with a body or a path, in the shape of {@link ViolationDetails}. */
class BadRequestMappers {
    private static final int BEFORE_LIBRARIES = Priorities.USER - 1000;

    /** What is wrong with one field. */
    public record Violation(String field, String message) {}

    @ServerExceptionMapper(priority = BEFORE_LIBRARIES)
    Response map(MismatchedInputException mismatch) {
        return problem(List.of(new Violation(field(mismatch), firstLine(mismatch))));
    }

    private static String field(JsonMappingException mismatch) {
        var path = mismatch.getPath().stream()
                .map(r -> r.getFieldName() == null ? "[" + r.getIndex() + "]" : r.getFieldName())
                .collect(Collectors.joining("."))
                .replace(".[", "[");
        return path.isEmpty() ? "body" : path;
    }

    /** What the framework refuses: a body that is no JSON, a path, a method or a media type that is not there. */
    @ServerExceptionMapper(priority = BEFORE_LIBRARIES)
    Response map(WebApplicationException refused) {
        var cause = refused.getCause();
        if (cause instanceof JsonMappingException mismatch) {
            return problem(List.of(new Violation(field(mismatch), firstLine(mismatch))));
        }
        if (cause instanceof JsonProcessingException malformed) {
            return problem(List.of(new Violation("body", firstLine(malformed))));
        }
        var status = refused.getResponse().getStatusInfo();
        if (cause == null && status.getStatusCode() == Response.Status.BAD_REQUEST.getStatusCode()) {
            // The framework drops the parser's words.
            return problem(List.of(new Violation("body", "this is no complete JSON document")));
        }
        return HttpProblem.builder()
                .withStatus(status.getStatusCode())
                .withTitle(status.getReasonPhrase())
                .withDetail(refused.getMessage() == null ? status.getReasonPhrase() : refused.getMessage())
                .build()
                .toResponse();
    }

    private static String firstLine(JsonProcessingException e) {
        // The names of our classes tell a user nothing.
        return e.getOriginalMessage()
                .lines()
                .findFirst()
                .orElse("malformed")
                .replaceAll("\\(?`?org\\.dartscc[^`)]*`?\\)?", "object");
    }

    private static Response problem(List<Violation> violations) {
        var detail =
                violations.stream().map(v -> v.field() + ": " + v.message()).collect(Collectors.joining("; "));
        return HttpProblem.builder()
                .withStatus(400)
                .withTitle("Bad Request")
                .withDetail(detail)
                .with("field", violations.get(0).field())
                .with("violations", violations)
                .build()
                .toResponse();
    }
}
