package org.dartscc.exporter.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.message.DatasetInfo;
import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.Node;
import org.dartscc.model.network.Parameter;
import org.dartscc.model.network.Shape;

/**
 * A network's forward pass in plain loops and double precision, written from the layers' definitions alone: what
 * models are compared with in tests. Dead nodes are computed too.
 */
final class PlainForward {
    private final Network network;
    private final Map<String, SafeTensors.Tensor> weights;

    /** Feature maps of every node: [image][channel * height * width]. */
    private final Map<String, double[][]> maps = new HashMap<>();

    private final boolean calibrates;

    private PlainForward(Network network, Map<String, SafeTensors.Tensor> weights, boolean calibrates) {
        this.network = network;
        this.weights = weights;
        this.calibrates = calibrates;
    }

    /** Logits [image * classes] of images with pixels in [0, 1]. */
    static float[] logits(Network network, SafeTensors weights, DatasetInfo dataset, float[] pixels) {
        return new PlainForward(network, weights.tensors(), false).run(dataset, pixels);
    }

    /** Random weights whose running statistics are those of the images, as a finalised network's are. */
    static SafeTensors calibratedWeights(Network network, DatasetInfo dataset, float[] pixels, Random random) {
        var weights = new HashMap<String, SafeTensors.Tensor>();
        for (var parameter : network.parameters()) {
            weights.put(parameter.name(), new SafeTensors.Tensor(parameter.shape(), values(parameter, random)));
        }
        new PlainForward(network, weights, true).run(dataset, pixels);
        return new SafeTensors(weights, Map.of());
    }

    private static float[] values(Parameter parameter, Random random) {
        var values = new float[(int) parameter.elements()];
        double fanIn = parameter.elements() / (double) parameter.shape().get(0);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float)
                    switch (parameter.role()) {
                        case WEIGHT -> random.nextGaussian() / Math.sqrt(fanIn);
                        case SCALE -> .5 + random.nextDouble();
                        case SHIFT, BIAS, RUNNING_MEAN -> random.nextGaussian() / 4;
                        case RUNNING_VARIANCE -> .5 + random.nextDouble();
                    };
        }
        return values;
    }

    private float[] run(DatasetInfo dataset, float[] pixels) {
        var image = network.input().output();
        maps.put(network.input().name(), normalised(image, dataset, pixels));
        for (var node : network.nodes().subList(1, network.nodes().size())) {
            maps.put(node.name(), map(node));
        }
        var output = maps.get(network.output().name());
        var logits = new float[output.length * output[0].length];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) output[i / output[0].length][i % output[0].length];
        }
        return logits;
    }

    private static double[][] normalised(Shape image, DatasetInfo dataset, float[] pixels) {
        int size = (int) image.elements();
        var maps = new double[pixels.length / size][size];
        for (int i = 0; i < pixels.length; i++) {
            int channel = i % size / (image.height() * image.width());
            maps[i / size][i % size] =
                    (pixels[i] - dataset.mean().get(channel)) / dataset.std().get(channel);
        }
        return maps;
    }

    private double[][] map(Node node) {
        var first = maps.get(node.inputs().get(0));
        if (calibrates && node.layer() instanceof Layer.BatchNorm) {
            calibrate(node, first);
        }
        var result = new double[first.length][];
        for (int image = 0; image < result.length; image++) {
            int i = image;
            result[image] = one(
                    node,
                    node.inputs().stream().map(input -> maps.get(input)[i]).toList());
        }
        return result;
    }

    private double[] one(Node node, List<double[]> in) {
        var layer = node.layer();
        if (layer instanceof Layer.Convolution c) {
            return convolution(node, c, in.get(0));
        } else if (layer instanceof Layer.BatchNorm) {
            return batchNorm(node, in.get(0));
        } else if (layer instanceof Layer.MaxPool p) {
            return pool(node, in.get(0), p.kernel(), p.stride(), p.padding(), true);
        } else if (layer instanceof Layer.AveragePool p) {
            return pool(node, in.get(0), p.kernel(), p.stride(), p.padding(), false);
        } else if (layer instanceof Layer.Linear) {
            return linear(node, in.get(0));
        } else if (layer instanceof Layer.Concat) {
            return in.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
        } else if (layer instanceof Layer.Zero zero) {
            return new double[(int) zero.shape().elements()];
        }
        return pointwise(node, in);
    }

    private static double[] pointwise(Node node, List<double[]> in) {
        var layer = node.layer();
        var shape = node.inputShapes().get(0);
        int area = shape.height() * shape.width();
        var out = new double[(int) node.output().elements()];
        for (int i = 0; i < out.length; i++) {
            if (layer instanceof Layer.Relu) {
                out[i] = Math.max(0, in.get(0)[i]);
            } else if (layer instanceof Layer.Add) {
                for (var term : in) {
                    out[i] += term[i];
                }
            } else if (layer instanceof Layer.GlobalAveragePool) {
                for (int p = 0; p < area; p++) {
                    out[i] += in.get(0)[i * area + p] / area;
                }
            } else if (layer instanceof Layer.DropFirst) {
                var o = node.output();
                int x = i % o.width();
                int y = i / o.width() % o.height();
                int c = i / o.width() / o.height();
                out[i] = in.get(0)[c * area + (y + 1) * shape.width() + x + 1];
            } else {
                throw new AssertionError("no plain forward of " + layer);
            }
        }
        return out;
    }

    private double[] convolution(Node node, Layer.Convolution c, double[] in) {
        var weight = weights.get(node.name() + ".weight").values();
        var from = node.inputShapes().get(0);
        var to = node.output();
        int perGroup = from.channels() / c.groups();
        int outPerGroup = c.outChannels() / c.groups();
        var out = new double[(int) to.elements()];
        for (int o = 0; o < to.channels(); o++) {
            for (int k = 0; k < perGroup; k++) {
                int channel = o / outPerGroup * perGroup + k;
                for (int ky = 0; ky < c.kernel(); ky++) {
                    for (int kx = 0; kx < c.kernel(); kx++) {
                        double w = weight[((o * perGroup + k) * c.kernel() + ky) * c.kernel() + kx];
                        for (int y = 0; y < to.height(); y++) {
                            int row = y * c.stride() - c.padding() + ky * c.dilation();
                            for (int x = 0; x < to.width() && row >= 0 && row < from.height(); x++) {
                                int column = x * c.stride() - c.padding() + kx * c.dilation();
                                if (column >= 0 && column < from.width()) {
                                    out[(o * to.height() + y) * to.width() + x] +=
                                            w * in[(channel * from.height() + row) * from.width() + column];
                                }
                            }
                        }
                    }
                }
            }
        }
        return out;
    }

    private static double[] pool(Node node, double[] in, int kernel, int stride, int padding, boolean max) {
        var from = node.inputShapes().get(0);
        var to = node.output();
        var out = new double[(int) to.elements()];
        for (int i = 0; i < out.length; i++) {
            int x = i % to.width();
            int y = i / to.width() % to.height();
            int c = i / to.width() / to.height();
            double largest = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (int row = y * stride - padding; row < y * stride - padding + kernel; row++) {
                for (int column = x * stride - padding; column < x * stride - padding + kernel; column++) {
                    if (row >= 0 && row < from.height() && column >= 0 && column < from.width()) {
                        double value = in[(c * from.height() + row) * from.width() + column];
                        largest = Math.max(largest, value);
                        sum += value;
                    }
                }
            }
            out[i] = max ? largest : sum / (kernel * kernel);
        }
        return out;
    }

    private double[] batchNorm(Node node, double[] in) {
        var gamma = weights.get(node.name() + ".gamma").values();
        var beta = weights.get(node.name() + ".beta").values();
        var mean = weights.get(node.name() + ".mean").values();
        var variance = weights.get(node.name() + ".var").values();
        int area = node.output().height() * node.output().width();
        var out = new double[in.length];
        for (int i = 0; i < out.length; i++) {
            int c = i / area;
            out[i] = (in[i] - mean[c]) / Math.sqrt(variance[c] + Layer.BatchNorm.EPSILON) * gamma[c] + beta[c];
        }
        return out;
    }

    private void calibrate(Node node, double[][] in) {
        var mean = weights.get(node.name() + ".mean").values();
        var variance = weights.get(node.name() + ".var").values();
        int area = node.output().height() * node.output().width();
        for (int c = 0; c < mean.length; c++) {
            double sum = 0;
            double squares = 0;
            for (var image : in) {
                for (int p = c * area; p < (c + 1) * area; p++) {
                    sum += image[p];
                    squares += image[p] * image[p];
                }
            }
            int count = in.length * area;
            mean[c] = (float) (sum / count);
            // Not the bare variance of few values, which would blow up rounding.
            variance[c] = (float) (Math.max(0, squares / count - mean[c] * (double) mean[c]) + .01);
        }
    }

    private double[] linear(Node node, double[] in) {
        var weight = weights.get(node.name() + ".weight").values();
        var bias = weights.get(node.name() + ".bias").values();
        var out = new double[bias.length];
        for (int o = 0; o < out.length; o++) {
            out[o] = bias[o];
            for (int i = 0; i < in.length; i++) {
                out[o] += weight[o * in.length + i] * in[i];
            }
        }
        return out;
    }
}
