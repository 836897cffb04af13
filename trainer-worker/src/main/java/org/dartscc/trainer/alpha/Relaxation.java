package org.dartscc.trainer.alpha;

import java.util.Random;

/**
 * Weights of a mixture made of logits, decision by decision: softmax((alpha + noise) / t), with Gumbel noise (Jang et
 * al., ICLR 2017) or without. All of it on the host: there are a few hundred logits at most.
 */
public final class Relaxation {
    private final OptionLayout layout;
    private final double temperature;
    private final double[] weights;

    private Relaxation(OptionLayout layout, double[] scores, double temperature) {
        this.layout = layout;
        this.temperature = temperature;
        this.weights = new double[layout.size()];
        for (int d = 0; d < layout.decisions(); d++) {
            softmax(scores, layout.from(d), layout.to(d));
        }
    }

    private void softmax(double[] scores, int from, int to) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            max = Math.max(max, scores[i]);
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            weights[i] = Math.exp((scores[i] - max) / temperature);
            sum += weights[i];
        }
        for (int i = from; i < to; i++) {
            weights[i] /= sum;
        }
    }

    /** softmax(alpha): the probabilities that a Gumbel-softmax tends to in the mean as its temperature falls to 0. */
    public static Relaxation softmax(OptionLayout layout, double[] logits) {
        return new Relaxation(layout, logits, 1);
    }

    public static Relaxation gumbel(OptionLayout layout, double[] logits, double temperature, Random random) {
        var scores = logits.clone();
        for (int i = 0; i < scores.length; i++) {
            // Never ln 0.
            scores[i] -= Math.log(-Math.log((random.nextLong() >>> 11 | 1L) * 0x1.0p-53));
        }
        return new Relaxation(layout, scores, temperature);
    }

    /** Sum to 1 over each decision's options. */
    public double[] weights() {
        return weights;
    }

    /** From the gradient of a loss by the weights to that by the logits: w_o (g_o - sum_k w_k g_k) / t. */
    public double[] backward(double[] gradient) {
        var byLogits = new double[weights.length];
        for (int d = 0; d < layout.decisions(); d++) {
            double mean = 0;
            for (int i = layout.from(d); i < layout.to(d); i++) {
                mean += weights[i] * gradient[i];
            }
            for (int i = layout.from(d); i < layout.to(d); i++) {
                byLogits[i] = weights[i] * (gradient[i] - mean) / temperature;
            }
        }
        return byLogits;
    }
}
