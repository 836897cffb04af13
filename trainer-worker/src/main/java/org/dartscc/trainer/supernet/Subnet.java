package org.dartscc.trainer.supernet;

import java.util.Map;
import java.util.Random;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.network.Network;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.data.LabelledImages;
import org.dartscc.trainer.pace.Pace;

/**
 * One network with weights that it shares or owns, and batch-norm statistics of its own, measured on training images:
 * what is evaluated and shipped.
 */
public final class Subnet implements AutoCloseable {
    private static final int EVALUATION_BATCH = 200;

    private final NDManager manager;
    private final Network network;
    private final Values values;
    private final Dataset dataset;

    private Subnet(NDManager manager, Network network, Values values, Dataset dataset) {
        this.manager = manager;
        this.network = network;
        this.values = values;
        this.dataset = dataset;
    }

    /**
     * How running statistics are made.
     *
     * @param batches number of batches whose statistics are averaged
     * @param batchSize training images in each
     * @param seed draws the images
     */
    public record Recalibration(int batches, int batchSize, long seed) {}

    /**
     * The network with the given weights and fresh statistics.
     *
     * @param network a live network
     * @param weights of the network, or of its whole space
     */
    public static Subnet recalibrated(
            NDManager parent,
            Network network,
            Values weights,
            Dataset dataset,
            Recalibration recalibration,
            Pace pace) {
        var manager = parent.newSubManager();
        var subnet = new Subnet(manager, network, weights.subnet(manager, network), dataset);
        try {
            subnet.recalibrate(recalibration, pace);
            return subnet;
        } catch (RuntimeException e) {
            subnet.close();
            throw e;
        }
    }

    private void recalibrate(Recalibration recalibration, Pace pace) {
        var random = new Random(recalibration.seed());
        for (int b = 0; b < recalibration.batches(); b++) {
            var indices = random.ints(
                            recalibration.batchSize(), 0, dataset.train().size())
                    .toArray();
            var pixels = dataset.pixels().normalised(dataset.train(), indices, new boolean[indices.length]);
            var statistics = Statistics.averaging(b);
            pace.piece(() -> logits(pixels, statistics));
        }
    }

    /** Share of the images whose class has the highest logit, in [0, 1]. */
    public double accuracy(LabelledImages images, Pace pace) {
        int count = images.size();
        int right = 0;
        for (int from = 0; from < count; from += EVALUATION_BATCH) {
            int start = from;
            int end = Math.min(count, from + EVALUATION_BATCH);
            right += pace.piece(() -> right(images, start, end));
        }
        return (double) right / count;
    }

    private int right(LabelledImages images, int from, int to) {
        int classes = dataset.info().classNames().size();
        var logits = logits(images, from, to);
        int right = 0;
        for (int i = 0; i < to - from; i++) {
            int best = 0;
            for (int c = 1; c < classes; c++) {
                best = logits[i * classes + c] > logits[i * classes + best] ? c : best;
            }
            right += best == images.labels()[from + i] ? 1 : 0;
        }
        return right;
    }

    /** Logits [to - from, classes] of images from (inclusive) to (exclusive), as the shipped model gives them. */
    public float[] logits(LabelledImages images, int from, int to) {
        return logits(dataset.pixels().normalised(images, from, to), Statistics.RUNNING);
    }

    private float[] logits(float[] pixels, Statistics statistics) {
        var shape = dataset.info().image();
        try (var mode = new WithoutGradients();
                var batch = manager.newSubManager();
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray images = batch.create(
                    pixels,
                    new Shape(pixels.length / shape.elements(), shape.channels(), shape.height(), shape.width()));
            return new Forward(network, values.arrays(), statistics)
                    .logits(images)
                    .toFloatArray();
        }
    }

    /** All tensors of the network, running statistics included. */
    public Map<String, SafeTensors.Tensor> tensors() {
        return values.tensors();
    }

    @Override
    public void close() {
        manager.close();
    }
}
