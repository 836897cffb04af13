package org.dartscc.trainer.data;

import org.dartscc.model.network.Shape;

/**
 * Images with their classes, all of one shape.
 *
 * @param pixels image after image, [channels, height, width], one unsigned byte each
 * @param labels class index of each image
 */
public record LabelledImages(Shape shape, byte[] pixels, int[] labels) {
    public LabelledImages {
        if (pixels.length != labels.length * shape.elements()) {
            throw new IllegalArgumentException("%d labels do not go with %d pixels of images of %s"
                    .formatted(labels.length, pixels.length, shape));
        }
    }

    public int size() {
        return labels.length;
    }

    /** So many of the images, evenly spaced; all of them when there are no more. */
    public LabelledImages spread(int count) {
        if (count >= size()) {
            return this;
        }
        var indices = new int[count];
        for (int i = 0; i < count; i++) {
            indices[i] = (int) ((long) i * size() / count);
        }
        return subset(indices);
    }

    /** The images with the given indices, in that order. */
    public LabelledImages subset(int[] indices) {
        int length = Math.toIntExact(shape.elements());
        var chosen = new byte[Math.multiplyExact(indices.length, length)];
        var classes = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(pixels, indices[i] * length, chosen, i * length, length);
            classes[i] = labels[indices[i]];
        }
        return new LabelledImages(shape, chosen, classes);
    }
}
