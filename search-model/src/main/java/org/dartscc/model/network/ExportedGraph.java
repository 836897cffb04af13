package org.dartscc.model.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes and tensors that a network has as an ONNX graph, without writing it: the live nodes, batch norms folded
 * into the convolutions before them, one ReLU for each tensor. A test of onnx-graph holds it against the files.
 */
final class ExportedGraph {
    private static final int FLOAT_BYTES = Float.BYTES;
    private static final int LONG_BYTES = Long.BYTES;
    /** Lengths of what is said of the image and of the logits. */
    private static final int IMAGE_TEXT_BYTES = 90;

    private static final int LOGITS_TEXT_BYTES = 99;

    /** A node, with the tensors that it reads and the one that it writes. */
    private record Step(List<String> reads, String writes) {}

    private final Network network;
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Set<String> biased = new HashSet<>();
    private final Set<String> folded = new HashSet<>();
    private final Map<String, String> tensors = new HashMap<>();
    private final Map<String, String> relus = new HashMap<>();
    private final Map<String, Long> tensorBytes = new HashMap<>();
    private final Set<String> constants = new HashSet<>();
    private final List<Step> steps = new ArrayList<>();
    private long bytes;

    ExportedGraph(Network whole) {
        this.network = whole.live();
        for (var node : network.nodes()) {
            nodes.put(node.name(), node);
            node.inputs().forEach(input -> uses.merge(input, 1, Integer::sum));
        }
        network.nodes().stream()
                .filter(n -> n.layer() instanceof Layer.BatchNorm)
                .forEach(this::fold);
        bytes += Wire.text("network");
        input();
        network.nodes().subList(1, network.nodes().size()).forEach(this::write);
        output();
    }

    private void fold(Node batchNorm) {
        var source = nodes.get(batchNorm.inputs().get(0));
        boolean concatenation = source.layer() instanceof Layer.Concat && uses.get(source.name()) == 1;
        var convolved = concatenation ? source.inputs().stream().map(nodes::get).toList() : List.of(source);
        if (convolved.stream().allMatch(n -> n.layer() instanceof Layer.Convolution && uses.get(n.name()) == 1)) {
            convolved.forEach(n -> biased.add(n.name()));
            folded.add(batchNorm.name());
        }
    }

    private void input() {
        var shape = network.input().output();
        bytes += Wire.message(Wire.value("image", IMAGE_TEXT_BYTES, shape.channels(), shape.height(), shape.width()));
        tensorBytes.put("image", FLOAT_BYTES * shape.elements());
        var perChannel = List.of(1L, (long) shape.channels(), 1L, 1L);
        floats("normalisation.mean", perChannel);
        floats("normalisation.std", perChannel);
        node("Sub", "normalisation.centred", List.of("image", "normalisation.mean"), shape.elements(), 0);
        node("Div", "normalisation", List.of("normalisation.centred", "normalisation.std"), shape.elements(), 0);
        tensors.put(network.input().name(), "normalisation");
    }

    private void output() {
        bytes += Wire.message(Wire.value(
                "logits", LOGITS_TEXT_BYTES, network.output().output().channels()));
    }

    private void write(Node node) {
        var layer = node.layer();
        String tensor;
        if (layer instanceof Layer.Convolution convolution) {
            tensor = convolution(node, convolution);
        } else if (layer instanceof Layer.BatchNorm) {
            tensor = folded.contains(node.name()) ? input(node, 0) : batchNorm(node);
        } else if (layer instanceof Layer.Relu) {
            tensor = relu(node);
        } else if (layer instanceof Layer.MaxPool pool) {
            tensor = pool(node, "MaxPool", pool.kernel(), pool.stride(), pool.padding(), 0);
        } else if (layer instanceof Layer.AveragePool pool) {
            tensor = pool(
                    node,
                    "AveragePool",
                    pool.kernel(),
                    pool.stride(),
                    pool.padding(),
                    Wire.attribute("count_include_pad", 1));
        } else if (layer instanceof Layer.Linear) {
            tensor = linear(node);
        } else if (layer instanceof Layer.Add) {
            tensor = add(node);
        } else if (layer instanceof Layer.Concat) {
            tensor = node("Concat", node.name(), inputs(node), elements(node), Wire.attribute("axis", 1));
        } else if (layer instanceof Layer.DropFirst) {
            tensor = dropFirst(node);
        } else if (layer instanceof Layer.Zero) {
            tensor = zeros(node);
        } else if (layer instanceof Layer.GlobalAveragePool) {
            tensor = node("GlobalAveragePool", node.name(), inputs(node), elements(node), 0);
        } else {
            throw new IllegalStateException("no ONNX is known for " + layer);
        }
        tensors.put(node.name(), tensor);
    }

    private String convolution(Node node, Layer.Convolution layer) {
        var weight = node.parameters().get(0);
        var reads = new ArrayList<>(inputs(node));
        reads.add(floats(weight.name(), weight.shape()));
        if (biased.contains(node.name())) {
            reads.add(floats(node.name() + ".bias", List.of((long) layer.outChannels())));
        }
        long attributes = Wire.attribute("kernel_shape", List.of(layer.kernel(), layer.kernel()))
                + Wire.attribute("strides", List.of(layer.stride(), layer.stride()))
                + Wire.attribute("pads", java.util.Collections.nCopies(4, layer.padding()))
                + Wire.attribute("dilations", List.of(layer.dilation(), layer.dilation()))
                + Wire.attribute("group", layer.groups());
        return node("Conv", node.name(), reads, elements(node), attributes);
    }

    private String batchNorm(Node node) {
        var reads = new ArrayList<>(inputs(node));
        node.parameters().forEach(p -> reads.add(floats(p.name(), p.shape())));
        return node("BatchNormalization", node.name(), reads, elements(node), Wire.floatAttribute("epsilon"));
    }

    private String relu(Node node) {
        var x = input(node, 0);
        if (relus.containsKey(x)) {
            return relus.get(x);
        }
        var relu = node("Relu", node.name(), List.of(x), elements(node), 0);
        relus.put(x, relu);
        // The ReLU of a ReLU is left out.
        relus.put(relu, relu);
        return relu;
    }

    private String pool(Node node, String operator, int kernel, int stride, int padding, long more) {
        long attributes = Wire.attribute("kernel_shape", List.of(kernel, kernel))
                + Wire.attribute("strides", List.of(stride, stride))
                + Wire.attribute("pads", java.util.Collections.nCopies(4, padding));
        return node(operator, node.name(), inputs(node), elements(node), attributes + more);
    }

    private String linear(Node node) {
        var weight = node.parameters().get(0);
        var bias = node.parameters().get(1);
        var flat = node(
                "Flatten",
                node.name() + ".flat",
                inputs(node),
                node.inputShapes().get(0).elements(),
                Wire.attribute("axis", 1));
        boolean last = node.name().equals(network.output().name());
        return node(
                "Gemm",
                last ? "logits" : node.name(),
                List.of(flat, floats(weight.name(), weight.shape()), floats(bias.name(), bias.shape())),
                elements(node),
                Wire.attribute("transB", 1));
    }

    private String add(Node node) {
        var sum = input(node, 0);
        for (int i = 1; i < node.inputs().size(); i++) {
            boolean last = i == node.inputs().size() - 1;
            sum = node(
                    "Add", last ? node.name() : node.name() + "." + i, List.of(sum, input(node, i)), elements(node), 0);
        }
        return sum;
    }

    private String dropFirst(Node node) {
        var in = node.inputShapes().get(0);
        return node(
                "Slice",
                node.name(),
                List.of(input(node, 0), longs(1, 1), longs(in.height(), in.width()), longs(2, 3)),
                elements(node),
                0);
    }

    private String zeros(Node node) {
        var shape = node.output();
        var batch = node.name() + ".batch";
        step("Shape", batch, inputs(node), LONG_BYTES, Wire.attribute("start", 0) + Wire.attribute("end", 1));
        var size = node.name() + ".size";
        step(
                "Concat",
                size,
                List.of(batch, longs(shape.channels(), shape.height(), shape.width())),
                4 * LONG_BYTES,
                Wire.attribute("axis", 0));
        return node("ConstantOfShape", node.name(), List.of(size), shape.elements(), 0);
    }

    private static long elements(Node node) {
        return node.output().elements();
    }

    private String input(Node node, int input) {
        return tensors.get(node.inputs().get(input));
    }

    private List<String> inputs(Node node) {
        return node.inputs().stream().map(tensors::get).toList();
    }

    private String node(String operator, String name, List<String> reads, long elements, long attributeBytes) {
        return step(operator, name, reads, FLOAT_BYTES * elements, attributeBytes);
    }

    private String step(String operator, String name, List<String> reads, long outputBytes, long attributeBytes) {
        long size = Wire.text(operator) + 2 * Wire.text(name) + attributeBytes;
        for (var read : reads) {
            size += Wire.text(read);
        }
        bytes += Wire.message(size);
        tensorBytes.put(name, outputBytes);
        steps.add(new Step(reads.stream().filter(r -> !constants.contains(r)).toList(), name));
        return name;
    }

    private String floats(String name, List<Long> shape) {
        return constant(name, shape, FLOAT_BYTES);
    }

    private String longs(int... values) {
        var name = "longs" + java.util.Arrays.toString(values).replace(" ", "");
        return constants.contains(name) ? name : constant(name, List.of((long) values.length), LONG_BYTES);
    }

    private String constant(String name, List<Long> shape, int elementBytes) {
        constants.add(name);
        bytes += Wire.message(Wire.tensor(name, shape, elementBytes));
        return name;
    }

    long bytes() {
        return bytes;
    }

    long peakActivationBytes() {
        var lastUse = new HashMap<String, Integer>();
        for (int s = 0; s < steps.size(); s++) {
            int step = s;
            steps.get(s).reads().forEach(read -> lastUse.put(read, step));
        }
        long live = tensorBytes.get("image");
        long peak = live;
        for (int s = 0; s < steps.size(); s++) {
            var step = steps.get(s);
            live += tensorBytes.get(step.writes());
            peak = Math.max(peak, live);
            for (var read : Set.copyOf(step.reads())) {
                live -= lastUse.get(read) == s ? tensorBytes.get(read) : 0;
            }
        }
        return peak;
    }
}
