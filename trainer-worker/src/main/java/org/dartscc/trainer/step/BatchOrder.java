package org.dartscc.trainer.step;

import java.util.Random;
import java.util.stream.IntStream;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.seed.Seeds;

/** Which images every step sees, and which of them mirrored: a function of seed and step alone. */
final class BatchOrder {
    private final long seed;
    private final int[] images;
    private final int batchSize;
    private long permutedEpoch = -1;
    private int[] permutation;

    /** All of so many images. */
    BatchOrder(long seed, int images, int batchSize) {
        this(seed, IntStream.range(0, images).toArray(), batchSize);
    }

    /** The images with the given indices, no others. */
    BatchOrder(long seed, int[] images, int batchSize) {
        this.seed = seed;
        this.images = images;
        this.batchSize = batchSize;
    }

    record Batch(int[] indices, boolean[] mirrored) {
        /** Normalised images [batch, channels, height, width]. */
        NDArray images(NDManager manager, Dataset dataset) {
            var shape = dataset.info().image();
            var pixels = dataset.pixels().normalised(dataset.train(), indices, mirrored);
            return manager.create(pixels, new Shape(indices.length, shape.channels(), shape.height(), shape.width()));
        }

        /** The labels as probabilities [batch, classes]. */
        NDArray targets(NDManager manager, Dataset dataset) {
            var classes = new int[indices.length];
            for (int i = 0; i < classes.length; i++) {
                classes[i] = dataset.train().labels()[indices[i]];
            }
            return Loss.oneHot(manager, classes, dataset.info().classNames().size());
        }
    }

    Batch at(long step) {
        var indices = new int[batchSize];
        var mirrored = new boolean[batchSize];
        var random = Seeds.random(seed, Seeds.MIRROR, step);
        for (int i = 0; i < batchSize; i++) {
            indices[i] = image(step * batchSize + i);
            mirrored[i] = random.nextBoolean();
        }
        return new Batch(indices, mirrored);
    }

    private int image(long place) {
        long epoch = place / images.length;
        if (epoch != permutedEpoch) {
            permutation = permutation(Seeds.random(seed, Seeds.ORDER, epoch));
            permutedEpoch = epoch;
        }
        return images[permutation[(int) (place % images.length)]];
    }

    private int[] permutation(Random random) {
        var order = new int[images.length];
        for (int i = 0; i < images.length; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
