package org.dartscc.orchestrator.api;

import java.util.List;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import io.quarkiverse.resteasy.problem.validation.Violation;

/**
 * Every problem says in its {@code detail} what is wrong: where a library left that to {@code violations}, they are put
 * in words, and the first one's {@code field} stands where it stands in all other problems.
 */
@ApplicationScoped
class ViolationDetails implements ProblemPostProcessor {

    @Override
    public HttpProblem apply(HttpProblem problem, ProblemContext context) {
        if (problem.getDetail() != null) {
            return problem;
        }
        var violations = violations(problem);
        if (violations.isEmpty()) {
            return HttpProblem.builder(problem).withDetail(problem.getTitle()).build();
        }
        return HttpProblem.builder(problem)
                .withDetail(
                        violations.stream().map(v -> v.field + " " + v.message).collect(Collectors.joining("; ")))
                .with("field", violations.get(0).field)
                .build();
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
