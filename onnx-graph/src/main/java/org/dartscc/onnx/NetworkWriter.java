package org.dartscc.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.Node;
import org.dartscc.model.network.Shape;

import static org.dartscc.onnx.OnnxGraph.attribute;

/** Walks the live nodes of a network and writes each as ONNX nodes. */
final class NetworkWriter {
    private static final String IMAGE_DOC =
            "Images: float32 [N, channels, height, width], pixels in [0, 1]. The model normalises them.";
    private static final String LOGITS_DOC =
            "One score for each class, before softmax: float32 [N, classes]. The largest is the predicted class.";

    private final OnnxGraph graph = new OnnxGraph();
    private final Network network;
    private final Weights weights;
    private final BatchNormFolding folding;

    /** The tensor that holds each node's output. */
    private final Map<String, String> tensors = new HashMap<>();

    /** One ReLU for each tensor: branches that start with a ReLU of the same tensor share it. */
    private final Map<String, String> relus = new HashMap<>();

    private NetworkWriter(Network network, Weights weights) {
        this.network = network.live();
        this.weights = weights;
        this.folding = new BatchNormFolding(this.network, weights);
    }

    /** @throws IllegalArgumentException when the network does not end in a linear layer, or the weights do not fit */
    static OnnxGraph write(Network network, Weights weights, Normalisation normalisation) {
        if (!(network.output().layer() instanceof Layer.Linear)) {
            throw new IllegalArgumentException(
                    "a network that gives logits ends in a linear layer, not in " + network.output());
        }
        var writer = new NetworkWriter(network, weights);
        writer.writeInput(normalisation);
        writer.writeLayers();
        writer.graph.output(
                OnnxModels.OUTPUT, LOGITS_DOC, network.output().output().channels());
        return writer.graph;
    }

    /** The layers alone: nothing normalises their input, and any of them may be the last. */
    static OnnxGraph bare(Network network, Weights weights) {
        var writer = new NetworkWriter(network, weights);
        var image = writer.network.input();
        var in = image.output();
        writer.tensors.put(
                image.name(), writer.graph.input(OnnxModels.INPUT, "", in.channels(), in.height(), in.width()));
        writer.writeLayers();
        var last = writer.network.output();
        var out = last.output();
        writer.graph.output(writer.tensors.get(last.name()), "", out.channels(), out.height(), out.width());
        return writer.graph;
    }

    private void writeLayers() {
        for (var node : network.nodes().subList(1, network.nodes().size())) {
            tensors.put(node.name(), write(node));
        }
    }

    /** Not folded into the first convolution: its padding stands for zeros after the normalisation. */
    private void writeInput(Normalisation normalisation) {
        var shape = network.input().output();
        var image = graph.input(OnnxModels.INPUT, IMAGE_DOC, shape.channels(), shape.height(), shape.width());
        var perChannel = List.of(1L, (long) shape.channels(), 1L, 1L);
        var mean = graph.floats("normalisation.mean", perChannel, normalisation.mean());
        var std = graph.floats("normalisation.std", perChannel, normalisation.std());
        var centred = graph.node("Sub", "normalisation.centred", List.of(image, mean));
        tensors.put(network.input().name(), graph.node("Div", "normalisation", List.of(centred, std)));
    }

    private String write(Node node) {
        var layer = node.layer();
        if (layer instanceof Layer.Convolution convolution) {
            return convolution(node, convolution);
        } else if (layer instanceof Layer.BatchNorm) {
            return folding.isFolded(node) ? tensor(node, 0) : batchNorm(node);
        } else if (layer instanceof Layer.Relu) {
            return relu(node);
        } else if (layer instanceof Layer.MaxPool pool) {
            return pool(node, "MaxPool", pool.kernel(), pool.stride(), pool.padding());
        } else if (layer instanceof Layer.AveragePool pool) {
            return averagePool(node, pool);
        } else if (layer instanceof Layer.GlobalAveragePool) {
            return graph.node("GlobalAveragePool", node.name(), inputs(node));
        } else if (layer instanceof Layer.Linear) {
            return linear(node);
        } else if (layer instanceof Layer.Add) {
            return add(node);
        } else if (layer instanceof Layer.Concat) {
            return graph.node("Concat", node.name(), inputs(node), attribute("axis", 1));
        } else if (layer instanceof Layer.DropFirst) {
            return dropFirst(node);
        } else if (layer instanceof Layer.Zero zero) {
            return zeros(node, zero.shape());
        }
        throw new IllegalStateException("no ONNX is known for " + layer);
    }

    private String convolution(Node node, Layer.Convolution layer) {
        var weight = node.parameters().get(0);
        var values = weights.of(weight);
        var affine = folding.of(node);
        var inputs = new ArrayList<>(inputs(node));
        inputs.add(graph.floats(weight.name(), weight.shape(), affine == null ? values : affine.scaled(values)));
        if (affine != null) {
            inputs.add(graph.floats(node.name() + ".bias", List.of((long) layer.outChannels()), affine.bias()));
        }
        return graph.node(
                "Conv",
                node.name(),
                inputs,
                attribute("kernel_shape", square(layer.kernel())),
                attribute("strides", square(layer.stride())),
                attribute("pads", allSides(layer.padding())),
                attribute("dilations", square(layer.dilation())),
                attribute("group", layer.groups()));
    }

    private String batchNorm(Node node) {
        var inputs = new ArrayList<>(inputs(node));
        for (var parameter : node.parameters()) {
            inputs.add(graph.floats(parameter.name(), parameter.shape(), weights.of(parameter)));
        }
        return graph.node(
                "BatchNormalization", node.name(), inputs, attribute("epsilon", (float) Layer.BatchNorm.EPSILON));
    }

    /** The ReLU of what a ReLU gave is left out: it changes nothing, and a skipped slot then costs nothing. */
    private String relu(Node node) {
        var x = tensor(node, 0);
        return relus.containsValue(x)
                ? x
                : relus.computeIfAbsent(x, input -> graph.node("Relu", node.name(), List.of(input)));
    }

    private String pool(Node node, String operator, int kernel, int stride, int padding) {
        return graph.node(
                operator,
                node.name(),
                inputs(node),
                attribute("kernel_shape", square(kernel)),
                attribute("strides", square(stride)),
                attribute("pads", allSides(padding)));
    }

    private String averagePool(Node node, Layer.AveragePool layer) {
        return graph.node(
                "AveragePool",
                node.name(),
                inputs(node),
                attribute("kernel_shape", square(layer.kernel())),
                attribute("strides", square(layer.stride())),
                attribute("pads", allSides(layer.padding())),
                attribute("count_include_pad", 1));
    }

    private String linear(Node node) {
        var weight = node.parameters().get(0);
        var bias = node.parameters().get(1);
        var flat = graph.node("Flatten", node.name() + ".flat", inputs(node), attribute("axis", 1));
        var inputs = List.of(
                flat,
                graph.floats(weight.name(), weight.shape(), weights.of(weight)),
                graph.floats(bias.name(), bias.shape(), weights.of(bias)));
        boolean last = node.name().equals(network.output().name());
        return graph.node("Gemm", last ? OnnxModels.OUTPUT : node.name(), inputs, attribute("transB", 1));
    }

    /** A chain of two-input additions, from left to right as training sums: ONNX Runtime fuses those. */
    private String add(Node node) {
        var sum = tensor(node, 0);
        for (int i = 1; i < node.inputs().size(); i++) {
            boolean last = i == node.inputs().size() - 1;
            sum = graph.node("Add", last ? node.name() : node.name() + "." + i, List.of(sum, tensor(node, i)));
        }
        return sum;
    }

    private String dropFirst(Node node) {
        var in = node.inputShapes().get(0);
        return graph.node(
                "Slice",
                node.name(),
                List.of(tensor(node, 0), graph.longs(1, 1), graph.longs(in.height(), in.width()), graph.longs(2, 3)));
    }

    /** Made from the batch size alone: an infinite input times zero would be no zero. */
    private String zeros(Node node, Shape shape) {
        var batch =
                graph.node("Shape", node.name() + ".batch", inputs(node), attribute("start", 0), attribute("end", 1));
        var size = graph.node(
                "Concat",
                node.name() + ".size",
                List.of(batch, graph.longs(shape.channels(), shape.height(), shape.width())),
                attribute("axis", 0));
        return graph.node("ConstantOfShape", node.name(), List.of(size));
    }

    private String tensor(Node node, int input) {
        return tensors.get(node.inputs().get(input));
    }

    private List<String> inputs(Node node) {
        return node.inputs().stream().map(tensors::get).toList();
    }

    private static List<Long> square(long side) {
        return List.of(side, side);
    }

    private static List<Long> allSides(long padding) {
        return List.of(padding, padding, padding, padding);
    }
}
