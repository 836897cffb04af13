package org.dartscc.trainer.tradeoff;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

import org.dartscc.model.network.Shape;
import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.selection.Budget;
import org.dartscc.model.selection.ExactSelector;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.trainer.Small;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class RidgeTest {
    private static final SearchSpace SPACE = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10).create();

    @Test
    void anAdditiveTruthIsFoundFromNoisyEvaluations() {
        var random = new Random(1);
        var truth = SPACE.table((position, operator) -> .1 * random.nextGaussian());
        var logErrors = new LinkedHashMap<Genotype, Double>();
        for (var genotype : SubnetSample.draw(SPACE, 80, random)) {
            logErrors.put(genotype, -2 + sum(truth, SPACE.indices(genotype)) + .02 * random.nextGaussian());
        }
        var estimate = Ridge.fit(SPACE, logErrors, 2500);
        estimate.requireFits(SPACE);
        assertThat(estimate.evaluated()).isEqualTo(80);
        assertThat(estimate.rankCorrelation()).isGreaterThan(.8);
        var unseen = SPACE.indices(SPACE.random(random));
        assertThat(estimate.accuracy(unseen)).isCloseTo(1 - Math.exp(-2 + sum(truth, unseen)), within(.015));
    }

    @Test
    void anEvaluatedSubnetKeepsWhatNoSumTellsOfItUnlessChanceDoes() {
        var random = new Random(4);
        var logErrors = new LinkedHashMap<Genotype, Double>();
        for (var genotype : SubnetSample.draw(SPACE, 60, random)) {
            logErrors.put(genotype, -2 + .1 * random.nextGaussian());
        }
        double outlier = -3;
        logErrors.put(SPACE.costliest(), outlier);
        var costliest = SPACE.indices(SPACE.costliest());
        // An error of e^-3 over 10 images is good luck, over 10,000 it is none.
        double lucky = Math.log(1 - Ridge.fit(SPACE, logErrors, 10).accuracy(costliest));
        double seen = Math.log(1 - Ridge.fit(SPACE, logErrors, 10_000).accuracy(costliest));
        assertThat(lucky).isGreaterThan(-2.5);
        assertThat(seen).isCloseTo(outlier, within(.1));
    }

    @Test
    void anAdditiveTruthLeavesLuckNothing() {
        int images = 2_500;
        double kept = 0;
        for (int seed = 0; seed < 5; seed++) {
            var random = new Random(seed);
            var truth = SPACE.table((position, operator) -> .1 * random.nextGaussian());
            var logErrors = new LinkedHashMap<Genotype, Double>();
            for (var genotype : SubnetSample.draw(SPACE, 84, random)) {
                double exact = -2 + sum(truth, SPACE.indices(genotype));
                double deviation = Math.sqrt((1 - Math.exp(exact)) / (Math.exp(exact) * images));
                logErrors.put(genotype, exact + deviation * random.nextGaussian());
            }
            kept += shareKept(Ridge.fit(SPACE, logErrors, images), logErrors) / 5;
        }
        assertThat(kept).as("of what chance added").isLessThan(.25);
    }

    @Test
    void noiseIsNotRankedHoweverFewSubnetsThereAre() {
        for (int subnets : List.of(13, 48, 84)) {
            double ranking = 0;
            for (int seed = 0; seed < 10; seed++) {
                var random = new Random(seed);
                var logErrors = new LinkedHashMap<Genotype, Double>();
                for (var genotype : SubnetSample.draw(SPACE, subnets, random)) {
                    logErrors.put(genotype, -2 + .1 * random.nextGaussian());
                }
                ranking += Ridge.fit(SPACE, logErrors, 2500).rankCorrelation() / 10;
            }
            assertThat(ranking).as("%d subnets", subnets).isBetween(-.2, .2);
        }
    }

    /** Slope of what the evaluated subnets keep over what the sum leaves of them. */
    private static double shareKept(AccuracyEstimate estimate, Map<Genotype, Double> logErrors) {
        var sums = new AccuracyEstimate(
                estimate.intercept(), estimate.effects(), estimate.evaluated(), estimate.rankCorrelation());
        double product = 0;
        double square = 0;
        for (var seen : logErrors.entrySet()) {
            var indices = SPACE.indices(seen.getKey());
            double sum = Math.log(1 - sums.accuracy(indices));
            product += (Math.log(1 - estimate.accuracy(indices)) - sum) * (seen.getValue() - sum);
            square += (seen.getValue() - sum) * (seen.getValue() - sum);
        }
        return product / square;
    }

    @Test
    void aFewEvaluationsGiveAnEstimateWithoutAClaimToRank() {
        var estimate = Ridge.fit(SPACE, Map.of(SPACE.cheapest(), -1.5), 2500);
        assertThat(estimate.accuracy(SPACE.indices(SPACE.costliest()))).isCloseTo(1 - Math.exp(-1.5), within(1e-9));
        assertThat(estimate.rankCorrelation()).isZero();
    }

    @Test
    void theSampleHoldsBothEndsAndUsesOptionsEqually() {
        var drawn = SubnetSample.draw(SPACE, 62, new Random(2));
        assertThat(drawn).doesNotHaveDuplicates().hasSize(62).contains(SPACE.cheapest(), SPACE.costliest());
        for (int d = 0; d < 8; d++) {
            int decision = d;
            var uses = drawn.stream()
                    .collect(java.util.stream.Collectors.groupingBy(
                            g -> g.options().get(decision), java.util.stream.Collectors.counting()));
            assertThat(uses).hasSize(6).allSatisfy((option, n) -> assertThat(n).isBetween(9L, 12L));
        }
    }

    @Test
    void thePromisingOnesAreTheBestThatWereNotEvaluatedYet() {
        var random = new Random(3);
        var truth = SPACE.table((position, operator) -> .1 * random.nextGaussian());
        var logErrors = new LinkedHashMap<Genotype, Double>();
        for (var genotype : SubnetSample.draw(SPACE, 60, random)) {
            logErrors.put(genotype, -2 + sum(truth, SPACE.indices(genotype)));
        }
        var estimate = Ridge.fit(SPACE, logErrors, 2500);
        var devices = List.of(Small.device(SPACE, "a", 1), Small.device(SPACE, "b", 2));
        var promising = new Promising(SPACE, estimate, devices);
        var first = promising.notIn(Set.of(), 10);
        assertThat(first).hasSize(10);
        var second = promising.notIn(first, 10);
        assertThat(second).hasSize(10).doesNotContainAnyElementsOf(first);
        var selector = new ExactSelector(SPACE, estimate, devices.get(0), 1);
        assertThat(first.stream().map(g -> selector.candidate(SPACE.indices(g))).filter(c -> selector.best(
                                new Budget(c.latencyMicros(), null, null), 1)
                        .contains(c)))
                .as("best of the first device within their own latency")
                .hasSizeGreaterThanOrEqualTo(5);
    }

    @Test
    void kendallsTauCountsAgreeingPairs() {
        assertThat(KendallTau.of(new double[] {1, 2, 3, 4}, new double[] {1, 2, 4, 3}))
                .isCloseTo(2 / 3.0, within(1e-12));
        assertThat(KendallTau.of(new double[] {1, 1}, new double[] {1, 2})).isZero();
    }

    private static double sum(double[][] table, int[] indices) {
        double sum = 0;
        for (int d = 0; d < indices.length; d++) {
            sum += table[d][indices[d]];
        }
        return sum;
    }
}
