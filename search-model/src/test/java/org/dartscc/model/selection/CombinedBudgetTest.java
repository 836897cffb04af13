package org.dartscc.model.selection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;

import static org.assertj.core.api.Assertions.assertThat;

/** Budgets of several kinds together, against the enumeration of architectures. */
class CombinedBudgetTest {
    private static final SearchSpace SPACE = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10).create();
    private static final Random RANDOM = new Random(5);

    private static ExactSelector selector;
    /** All architectures that differ from the cheapest in the first four slots, and some others. */
    private static List<Candidate> some;

    private static ExactSelector randomSelector(SearchSpace space, int keep) {
        var micros = new HashMap<OperatorSignature, Double>();
        space.signatures().forEach(s -> micros.put(s, 1 + 99 * RANDOM.nextDouble()));
        var estimate = new AccuracyEstimate(
                -1.5,
                space.decisions().stream()
                        .map(d -> DoubleStream.generate(() -> RANDOM.nextGaussian() * .2)
                                .limit(d.options().size())
                                .boxed()
                                .toList())
                        .toList(),
                50,
                .8);
        return new ExactSelector(space, estimate, new CostTable("device", 1, 20, 0, micros), keep);
    }

    @BeforeAll
    static void enumerate() {
        selector = randomSelector(SPACE, 8);
        some = new ArrayList<>();
        for (int i = 0; i < 1296; i++) {
            var indices = new int[8];
            for (int d = 0, rest = i; d < 4; d++, rest /= 6) {
                indices[d] = rest % 6;
            }
            some.add(selector.candidate(indices));
        }
        for (int i = 0; i < 3000; i++) {
            some.add(selector.candidate(SPACE.indices(SPACE.random(RANDOM))));
        }
    }

    @Test
    void nothingAmongThousandsIsBetterThanTheAnswerWithinAnyCombination() {
        for (int i = 0; i < 60; i++) {
            var at = some.get(RANDOM.nextInt(some.size()));
            var budget = new Budget(
                    RANDOM.nextBoolean() ? at.latencyMicros() : null,
                    RANDOM.nextBoolean() ? at.parameters() : null,
                    RANDOM.nextBoolean() ? at.macs() : null,
                    RANDOM.nextBoolean() ? at.fileBytes() : null,
                    RANDOM.nextBoolean() ? at.peakActivationBytes() : null);
            var best = selector.best(budget, 1);
            assertThat(best).as(budget.toString()).hasSize(1);
            assertThat(budget.admits(best.get(0))).isTrue();
            double reachable = some.stream()
                    .filter(budget::admits)
                    .mapToDouble(Candidate::estimatedAccuracy)
                    .max()
                    .orElseThrow();
            assertThat(best.get(0).estimatedAccuracy()).as(budget.toString()).isGreaterThanOrEqualTo(reachable - 1e-12);
        }
    }

    /** A limit that only whole networks tell, exactly, on a space small enough to enumerate. */
    @Test
    void theBestUnderAPeakOfAllSmallArchitecturesIsFound() {
        var slots = some.subList(0, 1296);
        for (var at : List.of(slots.get(100), slots.get(700), slots.get(1200))) {
            var budget = new Budget(null, at.parameters(), null, null, at.peakActivationBytes());
            double best = selector.best(budget, 1).get(0).estimatedAccuracy();
            assertThat(best)
                    .isGreaterThanOrEqualTo(slots.stream()
                            .filter(budget::admits)
                            .mapToDouble(Candidate::estimatedAccuracy)
                            .max()
                            .orElseThrow());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"latencyMicros", "parameters", "macs", "fileBytes", "peakActivationBytes"})
    void theSmallestFeasibleOfEachKindIsKeptAndAnyLessIsNot(String kind) {
        Comparator<Candidate> byKind = Comparator.comparingDouble(c -> value(c, kind));
        double least = some.stream().mapToDouble(c -> value(c, kind)).min().orElseThrow();
        var smallest = selector.smallestFeasible(limit(kind, 1));
        assertThat(value(smallest, kind)).isLessThanOrEqualTo(least);
        assertThat(selector.best(smallest, 1)).hasSize(1);
        assertThat(selector.best(limit(kind, value(smallest, kind) - 1), 1)).isEmpty();
        assertThat(some.stream().min(byKind)).isPresent();
    }

    @Test
    void withOtherLimitsKeptTheSmallestIsLargerAndCanBeKeptTogether() {
        var parameters = selector.smallestFeasible(limit("parameters", 1)).parameters();
        var free = selector.smallestFeasible(limit("latencyMicros", 1)).latencyMicros();
        var budget = new Budget(1., parameters, null, null, null);
        var together = selector.smallestFeasible(budget);
        assertThat(together.latencyMicros()).isGreaterThanOrEqualTo(free);
        assertThat(selector.best(budget.withLatencyMicros(together.latencyMicros()), 1))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"layerwise", "fbnet"})
    void inAChainTheLargestPeakOfTheOptionsIsThatOfTheNetwork(String name) {
        var space = new SpaceSpec(name, new Shape(3, 32, 32), 10).create();
        assertThat(space.footprints().isChain()).isTrue();
        var peaks = space.footprints().optionPeakBytes();
        for (int i = 0; i < 30; i++) {
            var indices = space.indices(space.random(RANDOM));
            double largest = 0;
            for (int d = 0; d < indices.length; d++) {
                largest = Math.max(largest, peaks[d][indices[d]]);
            }
            assertThat((double) space.footprints().of(indices).peakActivationBytes())
                    .isEqualTo(largest);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nas-bench-201", "darts"})
    void inCellsTheAnswerKeepsEachLimitToo(String name) {
        var space = new SpaceSpec(name, new Shape(3, 16, 16), 10).create();
        assertThat(space.footprints().isChain()).isFalse();
        var cells = randomSelector(space, 6);
        var at = cells.front().get(cells.front().size() / 2);
        var budget = new Budget(at.latencyMicros(), at.parameters(), null, at.fileBytes(), at.peakActivationBytes());
        assertThat(cells.best(budget, 3)).isNotEmpty().allMatch(budget::admits);
    }

    private static double value(Candidate c, String kind) {
        return switch (kind) {
            case "latencyMicros" -> c.latencyMicros();
            case "parameters" -> c.parameters();
            case "macs" -> c.macs();
            case "fileBytes" -> c.fileBytes();
            default -> c.peakActivationBytes();
        };
    }

    private static double value(Budget b, String kind) {
        return switch (kind) {
            case "latencyMicros" -> b.latencyMicros();
            case "parameters" -> b.parameters();
            case "macs" -> b.macs();
            case "fileBytes" -> b.fileBytes();
            default -> b.peakActivationBytes();
        };
    }

    private static Budget limit(String kind, double value) {
        return new Budget(
                kind.equals("latencyMicros") ? value : null,
                kind.equals("parameters") ? (long) value : null,
                kind.equals("macs") ? (long) value : null,
                kind.equals("fileBytes") ? (long) value : null,
                kind.equals("peakActivationBytes") ? (long) value : null);
    }
}
