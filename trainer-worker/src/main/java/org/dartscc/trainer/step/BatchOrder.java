package org.dartscc.trainer.step;

import java.util.Random;

import org.dartscc.trainer.seed.Seeds;

/** Which images every step sees, and which of them mirrored: a function of seed and step alone. */
final class BatchOrder {
    private final long seed;
    private final int images;
    private final int batchSize;
    private long permutedEpoch = -1;
    private int[] permutation;

    BatchOrder(long seed, int images, int batchSize) {
        this.seed = seed;
        this.images = images;
        this.batchSize = batchSize;
    }

    record Batch(int[] indices, boolean[] mirrored) {}

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
        long epoch = place / images;
        if (epoch != permutedEpoch) {
            permutation = permutation(Seeds.random(seed, Seeds.ORDER, epoch));
            permutedEpoch = epoch;
        }
        return permutation[(int) (place % images)];
    }

    private int[] permutation(Random random) {
        var order = new int[images];
        for (int i = 0; i < images; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
