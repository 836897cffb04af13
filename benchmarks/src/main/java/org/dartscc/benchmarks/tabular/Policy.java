package org.dartscc.benchmarks.tabular;

import java.util.Random;
import java.util.function.UnaryOperator;

/** Maps a condition (trade-off, device) to logits of every option of every edge; trainable. */
interface Policy {
    int LOGITS = Cells.EDGES * Cells.OPTIONS;

    double[] logits(double[] condition);

    /** Adds up gradients for one condition. */
    void backward(double[] condition, double[] byLogits);

    void step(double rate);

    /** alpha(condition) = sum over the basis of its value times learnable logits; no bias. */
    static Policy linear(int width, UnaryOperator<double[]> basis, Random random) {
        var layer = new Layer(width, LOGITS, .01, random);
        return new Policy() {
            @Override
            public double[] logits(double[] condition) {
                return layer.forward(basis.apply(condition));
            }

            @Override
            public void backward(double[] condition, double[] byLogits) {
                layer.backward(basis.apply(condition), byLogits);
            }

            @Override
            public void step(double rate) {
                layer.step(rate);
            }
        };
    }

    /** Two hidden layers of 64 and ReLU, as the product's hypernetwork. */
    static Policy perceptron(int inputs, Random random) {
        return new Perceptron(inputs, random);
    }

    /** See {@link #perceptron}. */
    final class Perceptron implements Policy {
        private static final int HIDDEN = 64;

        private final Layer first;
        private final Layer second;
        private final Layer third;

        private Perceptron(int inputs, Random random) {
            first = new Layer(inputs, HIDDEN, 1 / Math.sqrt(inputs), random);
            second = new Layer(HIDDEN, HIDDEN, 1 / Math.sqrt(HIDDEN), random);
            third = new Layer(HIDDEN, LOGITS, 1 / Math.sqrt(HIDDEN), random);
        }

        @Override
        public double[] logits(double[] condition) {
            return third.forward(rectified(second.forward(rectified(first.forward(condition)))));
        }

        @Override
        public void backward(double[] condition, double[] byLogits) {
            var hidden1 = rectified(first.forward(condition));
            var hidden2 = rectified(second.forward(hidden1));
            var by2 = masked(third.backward(hidden2, byLogits), hidden2);
            var by1 = masked(second.backward(hidden1, by2), hidden1);
            first.backward(condition, by1);
        }

        @Override
        public void step(double rate) {
            first.step(rate);
            second.step(rate);
            third.step(rate);
        }

        private static double[] rectified(double[] x) {
            for (int i = 0; i < x.length; i++) {
                x[i] = Math.max(0, x[i]);
            }
            return x;
        }

        private static double[] masked(double[] gradient, double[] hidden) {
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = hidden[i] > 0 ? gradient[i] : 0;
            }
            return gradient;
        }
    }
}
