package org.dartscc.benchmarks.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;

/**
 * Trains a policy on exact expected losses with an entropy bonus that falls to zero, by Adam with a rate that falls to
 * a fiftieth.
 */
final class PolicyTraining {
    private static final double ENTROPY_BONUS = .05;

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

    void train(int steps, int batch, double rate, Random random, Function<Random, Example> examples) {
        for (int step = 0; step < steps; step++) {
            double left = 1 - (double) step / steps;
            for (int i = 0; i < batch; i++) {
                backward(examples.apply(random), batch, ENTROPY_BONUS * left);
            }
            policy.step(rate * Math.max(.02, left));
        }
    }

    private void backward(Example example, int batch, double bonus) {
        var policyOf = probabilities(policy.logits(example.condition()));
        expected.of(policyOf, example.loss(), byPolicy);
        var byLogits = new double[Policy.LOGITS];
        for (int e = 0; e < Cells.EDGES; e++) {
            double mean = 0;
            for (int o = 0; o < Cells.OPTIONS; o++) {
                byPolicy[e][o] += bonus / Cells.EDGES * (Math.log(policyOf[e][o] + 1e-12) + 1);
                mean += policyOf[e][o] * byPolicy[e][o];
            }
            for (int o = 0; o < Cells.OPTIONS; o++) {
                byLogits[e * Cells.OPTIONS + o] = policyOf[e][o] * (byPolicy[e][o] - mean) / batch;
            }
        }
        policy.backward(example.condition(), byLogits);
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
