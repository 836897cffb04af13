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
}
