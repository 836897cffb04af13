package org.dartscc.trainer.step;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Cross-entropy with targets as probabilities [batch, classes], mean over the batch. */
public final class Loss {
    private Loss() {}

    public static NDArray crossEntropy(NDArray logits, NDArray targets) {
        return logits.logSoftmax(1).mul(targets).sum().mul(-1f / logits.size(0));
    }

    /** Certain targets from labels. */
    public static NDArray oneHot(NDManager manager, int[] labels, int classes) {
        var targets = new float[labels.length * classes];
        for (int i = 0; i < labels.length; i++) {
            targets[i * classes + labels[i]] = 1;
        }
        return manager.create(targets, new Shape(labels.length, classes));
    }
}
