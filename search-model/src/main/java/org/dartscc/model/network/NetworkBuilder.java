package org.dartscc.model.network;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds a {@link Network} node by node; every method returns the name of the node it added. */
public final class NetworkBuilder {
    private final Map<String, Node> nodes = new LinkedHashMap<>();

    public NetworkBuilder(Shape image) {
        nodes.put("image", new Node("image", new Layer.Input(image), List.of(), List.of(), image));
    }

    /** Name of the node that holds the image. */
    public String image() {
        return "image";
    }

    /** Adds a layer. Names are unique; an input must have been added before. */
    public String add(String name, Layer layer, List<String> inputs) {
        var shapes = inputs.stream().map(this::shape).toList();
        var node = new Node(name, layer, inputs, shapes, layer.output(shapes));
        if (nodes.putIfAbsent(name, node) != null) {
            throw new IllegalArgumentException("a network has two nodes named " + name);
        }
        return name;
    }

    public String add(String name, Layer layer, String input) {
        return add(name, layer, List.of(input));
    }

    /** Sum of the inputs; with a single input, that input. */
    public String sum(String name, List<String> inputs) {
        return inputs.size() == 1 ? inputs.get(0) : add(name, new Layer.Add(), inputs);
    }

    public String relu(String name, String input) {
        return add(name, new Layer.Relu(), input);
    }

    /** Convolution and batch norm, "same" padding: nodes NAME.conv and NAME.bn. */
    public String convBn(String name, String input, int outChannels, int kernel, int stride) {
        return convBn(name, input, new Layer.Convolution(outChannels, kernel, stride, kernel / 2, 1, 1));
    }

    public String convBn(String name, String input, Layer.Convolution convolution) {
        return add(name + ".bn", new Layer.BatchNorm(), add(name + ".conv", convolution, input));
    }

    public Shape shape(String node) {
        var found = nodes.get(node);
        if (found == null) {
            throw new IllegalArgumentException("no node named " + node + " was added before");
        }
        return found.output();
    }

    /** The network whose output is the given node, which must be the last one added. */
    public Network build(String output) {
        var network = new Network(List.copyOf(nodes.values()));
        if (!network.output().name().equals(output)) {
            throw new IllegalArgumentException(output + " is not the last node");
        }
        return network;
    }
}
