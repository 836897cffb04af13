package org.dartscc.exporter.model;

import java.util.List;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.network.Shape;

/**
 * Images and what the supernet makes of them.
 *
 * @param pixels [images, channels, height, width] in [0, 1]
 * @param logits [images, classes]
 */
record ReferenceBatch(int images, Shape image, int classes, float[] pixels, float[] logits) {
    private static final float ROUNDING = 1e-5f;

    /** @throws IllegalArgumentException when the tensors are missing or not of such images and classes */
    static ReferenceBatch of(SafeTensors reference, Shape image, int classes) {
        var pixels = reference.tensor("image");
        var logits = reference.tensor("logits");
        long images = logits.shape().isEmpty() ? 0 : logits.shape().get(0);
        var expected = List.of(images, (long) image.channels(), (long) image.height(), (long) image.width());
        if (images < 1 || !pixels.shape().equals(expected) || !logits.shape().equals(List.of(images, (long) classes))) {
            throw new IllegalArgumentException(
                    "the reference has images %s and logits %s, not [N, %d, %d, %d] and [N, %d]"
                            .formatted(
                                    pixels.shape(),
                                    logits.shape(),
                                    image.channels(),
                                    image.height(),
                                    image.width(),
                                    classes));
        }
        for (float pixel : pixels.values()) {
            if (!(pixel >= -ROUNDING && pixel <= 1 + ROUNDING)) {
                throw new IllegalArgumentException("the reference has a pixel of " + pixel + ", outside of [0, 1]");
            }
        }
        for (float logit : logits.values()) {
            if (!Float.isFinite(logit)) {
                throw new IllegalArgumentException("the reference has a logit of " + logit);
            }
        }
        return new ReferenceBatch((int) images, image, classes, pixels.values(), logits.values());
    }
}
