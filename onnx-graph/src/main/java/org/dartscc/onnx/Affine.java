package org.dartscc.onnx;

import java.util.Arrays;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Node;

/** Batch normalisation at inference, for each channel: y = scale * x + shift. */
record Affine(double[] scale, double[] shift) {

    /** From a batch norm's learned values and running statistics. */
    static Affine of(Node batchNorm, Weights weights) {
        var parameters = batchNorm.parameters();
        var gamma = weights.of(parameters.get(0));
        var beta = weights.of(parameters.get(1));
        var mean = weights.of(parameters.get(2));
        var variance = weights.of(parameters.get(3));
        var scale = new double[gamma.length];
        var shift = new double[gamma.length];
        for (int c = 0; c < scale.length; c++) {
            if (variance[c] < 0) {
                throw new IllegalArgumentException(
                        "the weights' tensor " + parameters.get(3).name() + " holds the variance " + variance[c]);
            }
            scale[c] = gamma[c] / Math.sqrt(variance[c] + Layer.BatchNorm.EPSILON);
            shift[c] = beta[c] - mean[c] * scale[c];
        }
        return new Affine(scale, shift);
    }

    /** The channels from..to-1. */
    Affine channels(int from, int to) {
        return new Affine(Arrays.copyOfRange(scale, from, to), Arrays.copyOfRange(shift, from, to));
    }

    /** Weights [outChannels, …] of a convolution that does the scaling too. */
    float[] scaled(float[] weights) {
        int perChannel = weights.length / scale.length;
        var scaled = new float[weights.length];
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] = (float) (weights[i] * scale[i / perChannel]);
        }
        return scaled;
    }

    float[] bias() {
        var bias = new float[shift.length];
        for (int c = 0; c < bias.length; c++) {
            bias[c] = (float) shift[c];
        }
        return bias;
    }
}
