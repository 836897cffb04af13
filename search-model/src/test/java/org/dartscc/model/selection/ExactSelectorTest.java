package org.dartscc.model.selection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.cost.Curve;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Selection against the enumeration of all architectures of NAS-Bench-201, under random costs and effects. */
class ExactSelectorTest {
    private static final SearchSpace SPACE = new SpaceSpec("nas-bench-201", new Shape(3, 32, 32), 10).create();

    private final Random random = new Random(7);

    private CostTable randomCosts(SearchSpace space) {
        var micros = new HashMap<OperatorSignature, Double>();
        space.signatures().forEach(s -> micros.put(s, 1 + 99 * random.nextDouble()));
        return new CostTable("device", 1, 20, new Curve(150, .3), true, 0, micros);
    }

    private AccuracyEstimate randomEstimate(SearchSpace space) {
        return new AccuracyEstimate(
                -1.5,
                space.decisions().stream()
                        .map(d -> DoubleStream.generate(() -> random.nextGaussian() * .2)
                                .limit(d.options().size())
                                .boxed()
                                .toList())
                        .toList(),
                50,
                .8);
    }

    /** An architecture without its footprint, which takes long for all of them. */
    private record Counted(double latencyMicros, double estimatedAccuracy, long parameters, long macs) {
        boolean keeps(Budget budget) {
            return (budget.latencyMicros() == null || latencyMicros <= budget.latencyMicros())
                    && (budget.parameters() == null || parameters <= budget.parameters())
                    && (budget.macs() == null || macs <= budget.macs());
        }
    }

    private static List<Counted> enumerate(ExactSelector selector, AccuracyEstimate estimate) {
        var all = new ArrayList<Counted>();
        var parameters = SPACE.optionParameters();
        var macs = SPACE.optionMacs();
        var most = SPACE.indices(SPACE.costliest());
        var whole = SPACE.network(SPACE.costliest());
        var indices = new int[6];
        for (int i = 0; i < 15_625; i++) {
            int rest = i;
            for (int d = 0; d < 6; d++) {
                indices[d] = rest % 5;
                rest /= 5;
            }
            if (SPACE.isValid(SPACE.genotype(indices))) {
                all.add(new Counted(
                        selector.latencyMicros(indices),
                        estimate.accuracy(indices),
                        whole.parameterCount() + Math.round(sum(parameters, indices) - sum(parameters, most)),
                        whole.macs() + Math.round(sum(macs, indices) - sum(macs, most))));
            }
        }
        return all;
    }

    private static double sum(double[][] table, int[] indices) {
        double sum = 0;
        for (int d = 0; d < indices.length; d++) {
            sum += table[d][indices[d]];
        }
        return sum;
    }

    @Test
    void findsTheSameBestAsEnumerationUnderEveryBudget() {
        var estimate = randomEstimate(SPACE);
        var selector = new ExactSelector(SPACE, estimate, randomCosts(SPACE), 400);
        var all = enumerate(selector, estimate);
        assertThat(all).hasSize(9_444);
        double min = all.stream().mapToDouble(Counted::latencyMicros).min().orElseThrow();
        double max = all.stream().mapToDouble(Counted::latencyMicros).max().orElseThrow();
        assertThat(selector.cheapest().latencyMicros()).isCloseTo(min, within(1e-9));
        for (double share = 0; share <= 1; share += .1) {
            var budget = Budget.ofLatencyMicros(min + share * (max - min) + 1e-9);
            var expected = all.stream()
                    .filter(c -> c.keeps(budget))
                    .sorted(Comparator.comparingDouble(Counted::estimatedAccuracy)
                            .reversed())
                    .limit(5)
                    .map(Counted::estimatedAccuracy)
                    .toList();
            assertThat(selector.best(budget, 5))
                    .extracting(Candidate::estimatedAccuracy)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {.3, .5, .8})
    void keepsAllLimitsOfACombinedBudget(double share) {
        var estimate = randomEstimate(SPACE);
        var selector = new ExactSelector(SPACE, estimate, randomCosts(SPACE), 60);
        var all = enumerate(selector, estimate);
        var costliest = selector.candidate(SPACE.indices(SPACE.costliest()));
        var budget = new Budget(costliest.latencyMicros() * .7, (long) (costliest.parameters() * share), (long)
                (costliest.macs() * .9));
        var expected = all.stream()
                .filter(c -> c.keeps(budget))
                .mapToDouble(Counted::estimatedAccuracy)
                .max()
                .orElseThrow();
        assertThat(selector.best(budget, 1)).singleElement().satisfies(c -> assertThat(c.estimatedAccuracy())
                .isCloseTo(expected, within(1e-12)));
    }

    @Test
    void countsParametersAndLatencyOfCandidatesAsTheNetworkAndTheTableDo() {
        var costs = randomCosts(SPACE);
        var selector = new ExactSelector(SPACE, randomEstimate(SPACE), costs, 8);
        for (int i = 0; i < 20; i++) {
            var genotype = SPACE.random(random);
            var candidate = selector.candidate(SPACE.indices(genotype));
            assertThat(candidate.parameters()).isEqualTo(SPACE.network(genotype).parameterCount());
            assertThat(candidate.macs()).isEqualTo(SPACE.network(genotype).macs());
            assertThat(candidate.latencyMicros()).isCloseTo(costs.latencyMicros(SPACE, genotype), within(1e-6));
        }
    }

    @Test
    void anEvaluatedArchitectureIsAnsweredByWhatWasSeenOfIt() {
        var sums = randomEstimate(SPACE);
        var costs = randomCosts(SPACE);
        var budget = Budget.ofLatencyMicros(
                2 * new ExactSelector(SPACE, sums, costs, 2).cheapest().latencyMicros());
        var before = new ExactSelector(SPACE, sums, costs, 2).best(budget, 2);
        var best = SPACE.indices(before.get(0).genotype());
        var cheapest = SPACE.indices(
                new ExactSelector(SPACE, sums, costs, 2).cheapest().genotype());

        var worse = new ExactSelector(SPACE, knowing(sums, best, Math.log(.9)), costs, 2);
        assertThat(worse.best(budget, 1))
                .extracting(Candidate::genotype)
                .containsExactly(before.get(1).genotype());
        assertThat(worse.candidate(best).estimatedAccuracy()).isCloseTo(.1, within(1e-12));

        var better = new ExactSelector(SPACE, knowing(sums, cheapest, Math.log(.01)), costs, 2);
        assertThat(better.best(budget, 2))
                .extracting(Candidate::genotype)
                .containsExactly(SPACE.genotype(cheapest), before.get(0).genotype());
        assertThat(better.front()).singleElement().satisfies(c -> assertThat(c.genotype())
                .isEqualTo(SPACE.genotype(cheapest)));
    }

    private static AccuracyEstimate knowing(AccuracyEstimate sums, int[] indices, double logError) {
        var options = Arrays.stream(indices).boxed().toList();
        return new AccuracyEstimate(
                sums.intercept(),
                sums.effects(),
                sums.evaluated(),
                sums.rankCorrelation(),
                List.of(new AccuracyEstimate.Known(options, logError)));
    }

    @Test
    void answersNothingBelowTheCheapest() {
        var selector = new ExactSelector(SPACE, randomEstimate(SPACE), randomCosts(SPACE), 8);
        assertThat(selector.best(Budget.ofLatencyMicros(selector.cheapest().latencyMicros() * .99), 3))
                .isEmpty();
    }

    @Test
    void keepsTwoEdgesPerNodeInTheDartsSpace() {
        var space = new SpaceSpec("darts", new Shape(1, 28, 28), 10).create();
        var selector = new ExactSelector(space, randomEstimate(space), randomCosts(space), 4);
        var front = selector.front();
        assertThat(front).hasSizeGreaterThan(10).allMatch(c -> space.isValid(c.genotype()));
    }

    @Test
    void usesAKindOfOperatorLessOnceItCostsTwice() {
        var space = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10).create();
        var costs = randomCosts(space);
        var estimate = randomEstimate(space);
        var before = new ExactSelector(space, estimate, costs, 8);
        var kind = "conv3";
        var doubled = new HashMap<>(costs.operatorMicros());
        doubled.replaceAll((s, c) -> s.operator().key().equals(kind) ? 2 * c : c);
        var after = new ExactSelector(
                space, estimate, new CostTable("device", 2, 20, new Curve(150, .3), true, 0, doubled), 8);
        assertThat(uses(after, kind)).isLessThan(uses(before, kind));
    }

    private static double uses(ExactSelector selector, String kind) {
        return selector.front().stream()
                .mapToLong(c ->
                        c.genotype().options().stream().filter(kind::equals).count())
                .average()
                .orElseThrow();
    }
}
