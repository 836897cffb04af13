package org.dartscc.benchmarks.paper;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.selection.ExactSelector;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;

/**
 * A penalty for each kind of operation, as the ancestor's tables set it: all alike, or one kind five times the others.
 * A method that answers exactly gives the architecture with the least ln(error) + .5 (penalty - least) / (most - least).
 */
record ComplexityVector(String name, Map<Kind, Double> penalties) {
    private static final double HEAVY = 5;
    private static final double WEIGHT = .5;

    enum Kind {
        CONVOLUTION,
        POOL,
        SKIP;

        static Kind of(Operator operator) {
            return switch (operator) {
                case MAX_POOL_3X3, AVG_POOL_3X3 -> POOL;
                case SKIP, SKIP_CONNECT, SKIP_BLOCK, NONE -> SKIP;
                default -> CONVOLUTION;
            };
        }
    }

    /** The settings of the tables; none for a space without pools, which the tables are not about. */
    static List<ComplexityVector> published(SearchSpace space) {
        boolean pools = space.signatures().stream().anyMatch(s -> Kind.of(s.operator()) == Kind.POOL);
        return pools
                ? List.of(
                        new ComplexityVector("uniform", Map.of()),
                        new ComplexityVector("convolutions penalised", Map.of(Kind.CONVOLUTION, HEAVY)),
                        new ComplexityVector("pools penalised", Map.of(Kind.POOL, HEAVY)),
                        new ComplexityVector("skips penalised", Map.of(Kind.SKIP, HEAVY)))
                : List.of();
    }

    Genotype answer(SearchSpace space, AccuracyEstimate estimate) {
        var costs = new HashMap<OperatorSignature, Double>();
        space.signatures().forEach(s -> costs.put(s, penalties.getOrDefault(Kind.of(s.operator()), 1.0)));
        var front =
                new ExactSelector(space, estimate, new CostTable(name, 1, 0, 0, costs), ExactSelector.ENOUGH).front();
        double least = front.get(0).latencyMicros();
        double width = Math.max(1e-9, front.get(front.size() - 1).latencyMicros() - least);
        return front.stream()
                .min(java.util.Comparator.comparingDouble(
                        c -> Math.log(1 - c.estimatedAccuracy()) + WEIGHT * (c.latencyMicros() - least) / width))
                .orElseThrow()
                .genotype();
    }
}
