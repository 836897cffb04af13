package org.dartscc.model.network;

import java.util.List;

/**
 * One primitive of a network. Training, ONNX emission and counting all walk the same layers, so that what is trained
 * is what is counted, measured and shipped. Feature maps are [batch, channels, height, width], float32.
 */
public sealed interface Layer {

    /** Shape of the output for the given input shapes. */
    Shape output(List<Shape> inputs);

    /** Parameters of the layer under the name of its node, in a fixed order; empty for most layers. */
    default List<Parameter> parameters(String node, List<Shape> inputs) {
        return List.of();
    }

    /** Multiply-accumulates for one image, of convolutions and linear layers only. */
    default long macs(List<Shape> inputs) {
        return 0;
    }

    private static Shape only(List<Shape> inputs) {
        if (inputs.size() != 1) {
            throw new IllegalArgumentException("this layer takes one input, not " + inputs.size());
        }
        return inputs.get(0);
    }

    private static int windows(int size, int kernel, int stride, int padding, int dilation) {
        return (size + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
    }

    /** The image, [batch, channels, height, width]; takes no inputs. */
    record Input(Shape shape) implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            return shape;
        }
    }

    /** Convolution without bias (batch norm follows); weight [outChannels, inChannels / groups, kernel, kernel]. */
    record Convolution(int outChannels, int kernel, int stride, int padding, int dilation, int groups)
            implements Layer {
        public Convolution {
            if (outChannels < 1 || kernel < 1 || stride < 1 || padding < 0 || dilation < 1 || groups < 1) {
                throw new IllegalArgumentException("a convolution needs positive sizes and a padding of at least 0");
            }
        }

        @Override
        public Shape output(List<Shape> inputs) {
            var in = only(inputs);
            return new Shape(
                    outChannels,
                    windows(in.height(), kernel, stride, padding, dilation),
                    windows(in.width(), kernel, stride, padding, dilation));
        }

        @Override
        public List<Parameter> parameters(String node, List<Shape> inputs) {
            int inChannels = only(inputs).channels();
            return List.of(new Parameter(
                    node + ".weight",
                    List.of((long) outChannels, (long) inChannels / groups, (long) kernel, (long) kernel),
                    Parameter.Role.WEIGHT));
        }

        @Override
        public long macs(List<Shape> inputs) {
            return output(inputs).elements() * (only(inputs).channels() / groups) * kernel * kernel;
        }
    }

    /** Batch normalisation over channels with learned scale and shift, epsilon {@link #EPSILON}. */
    record BatchNorm() implements Layer {
        public static final double EPSILON = 1e-5;

        @Override
        public Shape output(List<Shape> inputs) {
            return only(inputs);
        }

        @Override
        public List<Parameter> parameters(String node, List<Shape> inputs) {
            var channels = List.of((long) only(inputs).channels());
            return List.of(
                    new Parameter(node + ".gamma", channels, Parameter.Role.SCALE),
                    new Parameter(node + ".beta", channels, Parameter.Role.SHIFT),
                    new Parameter(node + ".mean", channels, Parameter.Role.RUNNING_MEAN),
                    new Parameter(node + ".var", channels, Parameter.Role.RUNNING_VARIANCE));
        }
    }

    /** max(x, 0). */
    record Relu() implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            return only(inputs);
        }
    }

    /** Maximum over windows; the padding never wins. */
    record MaxPool(int kernel, int stride, int padding) implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            var in = only(inputs);
            return new Shape(
                    in.channels(),
                    windows(in.height(), kernel, stride, padding, 1),
                    windows(in.width(), kernel, stride, padding, 1));
        }
    }

    /** Mean over windows; the padding counts as zeros (ONNX: count_include_pad = 1), in training and in ONNX alike. */
    record AveragePool(int kernel, int stride, int padding) implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            var in = only(inputs);
            return new Shape(
                    in.channels(),
                    windows(in.height(), kernel, stride, padding, 1),
                    windows(in.width(), kernel, stride, padding, 1));
        }
    }

    /** Mean over all positions: [batch, channels, 1, 1]. */
    record GlobalAveragePool() implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            return new Shape(only(inputs).channels(), 1, 1);
        }
    }

    /** Fully connected layer on [batch, channels, 1, 1]: weight [outFeatures, channels] and bias [outFeatures]. */
    record Linear(int outFeatures) implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            return new Shape(outFeatures, 1, 1);
        }

        @Override
        public List<Parameter> parameters(String node, List<Shape> inputs) {
            return List.of(
                    new Parameter(
                            node + ".weight",
                            List.of((long) outFeatures, only(inputs).elements()),
                            Parameter.Role.WEIGHT),
                    new Parameter(node + ".bias", List.of((long) outFeatures), Parameter.Role.BIAS));
        }

        @Override
        public long macs(List<Shape> inputs) {
            return only(inputs).elements() * outFeatures;
        }
    }

    /** Sum of two or more feature maps of one shape. */
    record Add() implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            if (inputs.size() < 2 || inputs.stream().distinct().count() != 1) {
                throw new IllegalArgumentException("only feature maps of one shape can be added, not " + inputs);
            }
            return inputs.get(0);
        }
    }

    /** Concatenation along the channels. */
    record Concat() implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            if (inputs.size() < 2) {
                throw new IllegalArgumentException("a concatenation takes at least two inputs");
            }
            var first = inputs.get(0);
            int channels = 0;
            for (var in : inputs) {
                if (in.height() != first.height() || in.width() != first.width()) {
                    throw new IllegalArgumentException("only maps of one size can be concatenated, not " + inputs);
                }
                channels += in.channels();
            }
            return new Shape(channels, first.height(), first.width());
        }
    }

    /** Drops the first row and the first column: x[:, :, 1:, 1:], the shifted half of a factorised reduction. */
    record DropFirst() implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            var in = only(inputs);
            return new Shape(in.channels(), in.height() - 1, in.width() - 1);
        }
    }

    /**
     * The mixed operation of DARTS (Liu et al., ICLR 2019, equation 2): the sum of its inputs, each times the weight of
     * its option. Options that add nothing have no input. Exists while training only: no device runs it.
     *
     * @param options option index behind each input, in their order
     */
    record Mixture(int decision, List<Integer> options) implements Layer {
        public Mixture {
            options = List.copyOf(options);
        }

        @Override
        public Shape output(List<Shape> inputs) {
            if (inputs.isEmpty()
                    || inputs.size() != options.size()
                    || inputs.stream().distinct().count() != 1) {
                throw new IllegalArgumentException(
                        "a mixture of the options %s can't take %s".formatted(options, inputs));
            }
            return inputs.get(0);
        }
    }

    /** Zeros of the given shape for every image of the batch; its input only gives the batch size. */
    record Zero(Shape shape) implements Layer {
        @Override
        public Shape output(List<Shape> inputs) {
            return shape;
        }
    }
}
