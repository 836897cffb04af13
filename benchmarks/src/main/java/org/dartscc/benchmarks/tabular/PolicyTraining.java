package org.dartscc.benchmarks.tabular;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Trains a policy by Adam, whose rate falls to a fiftieth. Temperatures fall geometrically, so that a policy follows the
 * best from many cells to few (deterministic annealing).
 */
final class PolicyTraining {
    private static final double FIRST_TEMPERATURE = .05;
    private static final double LAST_TEMPERATURE = 2e-4;
    private static final double FIRST_TOLERANCE = 3e-2;
    private static final double LAST_TOLERANCE = 1e-3;
    private static final double LAST_RATE_SHARE = .02;
    private static final double TINY = 1e-12;

    private final Policy policy;
    private final ExpectedLoss expected = new ExpectedLoss();
    private final double[][] byPolicy = new double[Cells.EDGES][Cells.OPTIONS];

    PolicyTraining(Policy policy) {
        this.policy = policy;
    }

    /**
     * A condition to train for.
     *
     * @param loss of every cell under this condition
     */
    record Example(double[] condition, double[] loss) {}

    /**
     * A condition to imitate the best cell for.
     *
     * @param cells among which it is
     * @param loss of each of them under this condition
     */
    record Lesson(double[] condition, int[] cells, double[] loss) {}

    /** Descends the exact expectation of the loss, less a temperature times the policy's entropy. */
    void descend(int steps, int batch, double rate, Random random, Function<Random, Example> examples) {
        train(steps, batch, rate, random, examples, Example::condition, (example, policyOf, left) -> {
            double temperature = LAST_TEMPERATURE * Math.pow(FIRST_TEMPERATURE / LAST_TEMPERATURE, left);
            expected.of(policyOf, example.loss(), byPolicy);
            var byLogits = new double[Policy.LOGITS];
            for (int e = 0; e < Cells.EDGES; e++) {
                double mean = 0;
                for (int o = 0; o < Cells.OPTIONS; o++) {
                    byPolicy[e][o] += temperature * (Math.log(policyOf[e][o] + TINY) + 1);
                    mean += policyOf[e][o] * byPolicy[e][o];
                }
                for (int o = 0; o < Cells.OPTIONS; o++) {
                    byLogits[e * Cells.OPTIONS + o] = policyOf[e][o] * (byPolicy[e][o] - mean);
                }
            }
            return byLogits;
        });
    }

    /**
     * Descends the cross-entropy to the best cell, found exactly. Of cells that are about as good, such as
     * mirrored ones, the one that is already likely is the target: argmin loss - tolerance ln(policy). So the policy is
     * neither torn between equals nor stuck at the first good cell, whose neighbours are all worse. The tolerance, how
     * much loss a factor e of probability outweighs, falls, so that it follows finer differences in the end.
     */
    void imitate(int steps, int batch, double rate, Random random, Function<Random, Lesson> lessons) {
        train(steps, batch, rate, random, lessons, Lesson::condition, (lesson, policyOf, left) -> {
            double tolerance = LAST_TOLERANCE * Math.pow(FIRST_TOLERANCE / LAST_TOLERANCE, left);
            var target = Cells.digits(best(lesson, policyOf, tolerance));
            var byLogits = new double[Policy.LOGITS];
            for (int e = 0; e < Cells.EDGES; e++) {
                for (int o = 0; o < Cells.OPTIONS; o++) {
                    byLogits[e * Cells.OPTIONS + o] = policyOf[e][o] - (o == target[e] ? 1 : 0);
                }
            }
            return byLogits;
        });
    }

    private static int best(Lesson lesson, double[][] policyOf, double tolerance) {
        var logs = Arrays.stream(policyOf)
                .map(row -> Arrays.stream(row)
                        .map(p -> tolerance * Math.log(p + TINY))
                        .toArray())
                .toArray(double[][]::new);
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < lesson.cells().length; i++) {
            double value = lesson.loss()[i];
            var digits = Cells.digits(lesson.cells()[i]);
            for (int e = 0; e < Cells.EDGES; e++) {
                value -= logs[e][digits[e]];
            }
            if (value < least) {
                least = value;
                best = lesson.cells()[i];
            }
        }
        return best;
    }

    private interface Gradient<E> {
        /** @param left share of the training still to come */
        double[] byLogits(E example, double[][] policyOf, double left);
    }

    private <E> void train(
            int steps,
            int batch,
            double rate,
            Random random,
            Function<Random, E> examples,
            Function<E, double[]> condition,
            Gradient<E> gradient) {
        for (int step = 0; step < steps; step++) {
            double left = 1 - (double) step / steps;
            for (int i = 0; i < batch; i++) {
                var example = examples.apply(random);
                var policyOf = probabilities(policy.logits(condition.apply(example)));
                var byLogits = gradient.byLogits(example, policyOf, left);
                Arrays.setAll(byLogits, l -> byLogits[l] / batch);
                policy.backward(condition.apply(example), byLogits);
            }
            policy.step(rate * Math.max(LAST_RATE_SHARE, left));
        }
    }

    /** Softmax per edge: [edge][option]. */
    static double[][] probabilities(double[] logits) {
        var policy = new double[Cells.EDGES][Cells.OPTIONS];
        for (int e = 0; e < Cells.EDGES; e++) {
            double max = Double.NEGATIVE_INFINITY;
            for (int o = 0; o < Cells.OPTIONS; o++) {
                max = Math.max(max, logits[e * Cells.OPTIONS + o]);
            }
            double sum = 0;
            for (int o = 0; o < Cells.OPTIONS; o++) {
                policy[e][o] = Math.exp(logits[e * Cells.OPTIONS + o] - max);
                sum += policy[e][o];
            }
            for (int o = 0; o < Cells.OPTIONS; o++) {
                policy[e][o] /= sum;
            }
        }
        return policy;
    }

    /** The most likely cell of each condition, unconnected ones left out. */
    static List<Integer> mostLikely(Policy policy, List<double[]> conditions) {
        var cells = new ArrayList<Integer>();
        for (var condition : conditions) {
            var probabilities = probabilities(policy.logits(condition));
            var digits = new int[Cells.EDGES];
            for (int e = 0; e < Cells.EDGES; e++) {
                digits[e] = Vectors.argmax(probabilities[e]);
            }
            int cell = Cells.of(digits);
            if (Cells.isConnected(cell)) {
                cells.add(cell);
            }
        }
        return cells;
    }

    /** Connected cells drawn from the policy, some for each condition. */
    static List<Integer> draws(Policy policy, List<double[]> conditions, int each, Random random) {
        var cells = new ArrayList<Integer>();
        for (var condition : conditions) {
            var probabilities = probabilities(policy.logits(condition));
            for (int i = 0; i < each; i++) {
                var digits = new int[Cells.EDGES];
                for (int e = 0; e < Cells.EDGES; e++) {
                    digits[e] = draw(probabilities[e], random);
                }
                int cell = Cells.of(digits);
                if (Cells.isConnected(cell)) {
                    cells.add(cell);
                }
            }
        }
        return cells;
    }

    private static int draw(double[] probabilities, Random random) {
        double u = random.nextDouble();
        for (int o = 0; o < probabilities.length - 1; o++) {
            u -= probabilities[o];
            if (u < 0) {
                return o;
            }
        }
        return probabilities.length - 1;
    }
}
