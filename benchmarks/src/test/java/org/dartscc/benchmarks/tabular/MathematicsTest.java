package org.dartscc.benchmarks.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import org.dartscc.model.selection.ParetoFront;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class MathematicsTest {
    private final Random random = new Random(7);

    private static Trials.Evaluation point(int cell, double error, double latency) {
        return new Trials.Evaluation(cell, error, latency);
    }

    @Test
    void survivalGoesLayerByLayerAndKeepsTheExtremes() {
        var cheap = point(1, 9, 1);
        var crowded = point(2, 4.9, 4.9);
        var crowdedToo = point(3, 5, 4.8);
        var costly = point(4, 1, 9);
        var dominated = point(5, 9, 9);
        var order = Nsga2.survivalOrder(List.of(dominated, crowded, cheap, crowdedToo, costly));
        assertThat(order.subList(0, 2)).containsExactlyInAnyOrder(cheap, costly);
        assertThat(order.get(4)).isEqualTo(dominated);
    }

    @Test
    void theGainOfAPointIsTheHypervolumeItAdds() {
        for (int trial = 0; trial < 200; trial++) {
            var points = new ArrayList<double[]>();
            for (int i = 0; i < trial % 8; i++) {
                points.add(new double[] {random.nextDouble() * 1.1, random.nextDouble() * 1.1});
            }
            double[] added = {random.nextDouble() * 1.1, random.nextDouble() * 1.1};
            double before = hypervolume(points);
            double gain = Stairs.of(points, p -> p[0], p -> p[1]).gain(added[0], added[1]);
            points.add(added);
            assertThat(gain).isCloseTo(hypervolume(points) - before, within(1e-12));
        }
    }

    private static double hypervolume(List<double[]> points) {
        return ParetoFront.hypervolume(points, p -> p[0], p -> p[1], 1, 1);
    }

    @Test
    void theExpectedLossAndItsGradientAreExact() {
        var loss = random.doubles(Cells.COUNT).toArray();
        var policy = PolicyTraining.probabilities(random.doubles(Policy.LOGITS).toArray());
        var gradient = new double[Cells.EDGES][Cells.OPTIONS];
        double expected = new ExpectedLoss().of(policy, loss, gradient);
        double sum = 0;
        for (int cell = 0; cell < Cells.COUNT; cell++) {
            double probability = 1;
            for (int e = 0; e < Cells.EDGES; e++) {
                probability *= policy[e][Cells.digits(cell)[e]];
            }
            sum += probability * loss[cell];
        }
        assertThat(expected).isCloseTo(sum, within(1e-10));
        policy[2][3] += 1e-3;
        double moved = new ExpectedLoss().of(policy, loss, new double[Cells.EDGES][Cells.OPTIONS]);
        assertThat((moved - expected) / 1e-3).isCloseTo(gradient[2][3], within(1e-8));
    }

    @Test
    void knotsLearnTheBestCellOfAPlaceAndADevice() {
        int[] cells = {Cells.parse("302143"), Cells.parse("123400"), Cells.parse("000300")};
        var policy = new Knots(1, 8, 3, random);
        new PolicyTraining(policy).imitate(800, 8, 1e-2, random, r -> {
            double place = r.nextInt(2);
            // Whether the feature is far from 0, which only hidden units can tell.
            double feature = r.nextInt(3) - 1;
            double[] loss = {Math.abs(feature), 1 - Math.abs(feature), place > 0 ? 2 : -1};
            return new PolicyTraining.Lesson(new double[] {place, feature}, cells, loss);
        });
        var conditions = List.of(new double[] {1, -1}, new double[] {1, 0}, new double[] {1, 1}, new double[] {0, 1});
        assertThat(PolicyTraining.mostLikely(policy, conditions))
                .containsExactly(cells[1], cells[0], cells[1], cells[2]);
    }

    @Test
    void logitsAreLinearBetweenKnots() {
        var policy = new Knots(2, 3, 3, random);
        var first = policy.logits(new double[] {.5, .7, -.4});
        var last = policy.logits(new double[] {1, .7, -.4});
        var between = policy.logits(new double[] {.6, .7, -.4});
        for (int l = 0; l < Policy.LOGITS; l++) {
            assertThat(between[l]).isCloseTo(.8 * first[l] + .2 * last[l], within(1e-12));
        }
    }

    @Test
    void observingOneOfTwoRelatedQuantitiesSharpensBoth() {
        double[][] covariance = {{1, .8}, {.8, 1}};
        var belief = new JointGaussian(new double[] {0, 0}, covariance, new double[] {0, 0});
        belief.observe(0, 1);
        assertThat(belief.mean(0)).isCloseTo(1, within(1e-12));
        assertThat(belief.mean(1)).isCloseTo(.8, within(1e-12));
        assertThat(belief.deviation(1)).isCloseTo(.6, within(1e-12));
    }
}
