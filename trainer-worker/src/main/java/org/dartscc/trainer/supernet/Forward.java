package org.dartscc.trainer.supernet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.Node;

/**
 * Runs networks: walks their nodes and does with tensors what each layer says. Gradients flow when a gradient collector
 * is open. Tensors are [batch, channels, height, width] in float32.
 */
public final class Forward {
    private static final NDIndex WITHOUT_FIRST = new NDIndex(":, :, 1:, 1:");

    private final Network network;
    private final Map<String, NDArray> values;
    private final Statistics statistics;
    private final Map<Integer, NDArray> mixtureWeights;

    /** @param values the network's tensors by {@link org.dartscc.model.network.Parameter#name()} */
    public Forward(Network network, Map<String, NDArray> values, Statistics statistics) {
        this(network, values, statistics, Map.of());
    }

    /** @param mixtureWeights weight of every option by decision, [options], for a network with mixtures */
    public Forward(
            Network network, Map<String, NDArray> values, Statistics statistics, Map<Integer, NDArray> mixtureWeights) {
        this.network = network;
        this.values = values;
        this.statistics = statistics;
        this.mixtureWeights = mixtureWeights;
    }

    /** Logits [batch, classes] of normalised images. The result belongs to the manager of the images. */
    public NDArray logits(NDArray images) {
        var lastUses = lastUses();
        var outputs = new HashMap<String, NDArray>();
        outputs.put(network.input().name(), images);
        var nodes = network.nodes();
        for (int i = 1; i < nodes.size(); i++) {
            var node = nodes.get(i);
            var inputs = node.inputs().stream().map(outputs::get).toList();
            outputs.put(node.name(), apply(node, inputs));
            for (var input : node.inputs()) {
                release(input, i, lastUses, outputs);
            }
        }
        return outputs.get(network.output().name());
    }

    private Map<String, Integer> lastUses() {
        var last = new HashMap<String, Integer>();
        var nodes = network.nodes();
        for (int i = 1; i < nodes.size(); i++) {
            for (var input : nodes.get(i).inputs()) {
                last.put(input, i);
            }
        }
        return last;
    }

    /** Frees a feature map after its last use; what gradients need of it, the engine keeps. */
    private void release(String name, int at, Map<String, Integer> lastUses, Map<String, NDArray> outputs) {
        if (lastUses.get(name) == at && !name.equals(network.input().name())) {
            var done = outputs.remove(name);
            if (done != null) {
                done.close();
            }
        }
    }

    private NDArray apply(Node node, List<NDArray> inputs) {
        var layer = node.layer();
        var x = inputs.get(0);
        if (layer instanceof Layer.Convolution c) {
            return convolution(node, c, x);
        } else if (layer instanceof Layer.BatchNorm) {
            return batchNorm(node, x);
        } else if (layer instanceof Layer.Relu) {
            return Activation.relu(x);
        } else if (layer instanceof Layer.Add) {
            return sum(inputs);
        } else if (layer instanceof Layer.Mixture m) {
            return mixture(m, inputs);
        } else if (layer instanceof Layer.Concat) {
            return NDArrays.concat(new NDList(inputs), 1);
        } else if (layer instanceof Layer.MaxPool p) {
            return Pool.maxPool2d(x, square(p.kernel()), square(p.stride()), square(p.padding()), false);
        } else if (layer instanceof Layer.AveragePool p) {
            // The engine counts the padding whatever it is told, which is what this layer means.
            return Pool.avgPool2d(x, square(p.kernel()), square(p.stride()), square(p.padding()), false, true);
        } else if (layer instanceof Layer.GlobalAveragePool) {
            return Pool.globalAvgPool2d(x);
        } else if (layer instanceof Layer.Linear) {
            return Linear.linear(x.reshape(x.size(0), -1), value(node, ".weight"), value(node, ".bias"))
                    .singletonOrThrow();
        } else if (layer instanceof Layer.DropFirst) {
            return x.get(WITHOUT_FIRST);
        } else if (layer instanceof Layer.Zero z) {
            var s = z.shape();
            return x.getManager().zeros(new Shape(x.size(0), s.channels(), s.height(), s.width()), x.getDataType());
        }
        throw new IllegalArgumentException("node " + node.name() + " can't be run: " + layer);
    }

    private static NDArray sum(List<NDArray> terms) {
        var sum = terms.get(0).add(terms.get(1));
        for (var term : terms.subList(2, terms.size())) {
            sum.addi(term);
        }
        return sum;
    }

    private NDArray mixture(Layer.Mixture mixture, List<NDArray> inputs) {
        var weights = mixtureWeights.get(mixture.decision());
        NDArray sum = null;
        for (int i = 0; i < inputs.size(); i++) {
            var term = inputs.get(i).mul(weights.get(mixture.options().get(i)));
            sum = sum == null ? term : sum.addi(term);
        }
        return sum;
    }

    private NDArray convolution(Node node, Layer.Convolution c, NDArray x) {
        return Conv2d.conv2d(
                        x,
                        value(node, ".weight"),
                        null,
                        square(c.stride()),
                        square(c.padding()),
                        square(c.dilation()),
                        c.groups())
                .singletonOrThrow();
    }

    private NDArray batchNorm(Node node, NDArray x) {
        return BatchNorm.batchNorm(
                        x,
                        value(node, ".mean"),
                        value(node, ".var"),
                        value(node, ".gamma"),
                        value(node, ".beta"),
                        -1,
                        statistics.keep(),
                        (float) Layer.BatchNorm.EPSILON,
                        statistics.fromBatch())
                .singletonOrThrow();
    }

    private NDArray value(Node node, String suffix) {
        var value = values.get(node.name() + suffix);
        if (value == null) {
            throw new IllegalArgumentException("there is no tensor " + node.name() + suffix);
        }
        return value;
    }

    private static Shape square(int size) {
        return new Shape(size, size);
    }
}
