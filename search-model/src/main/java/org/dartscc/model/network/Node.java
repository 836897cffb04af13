package org.dartscc.model.network;

import java.util.List;

/** A layer in a network: its unique name, the names of its inputs, and the shapes that follow. */
public record Node(String name, Layer layer, List<String> inputs, List<Shape> inputShapes, Shape output) {
    public Node {
        inputs = List.copyOf(inputs);
        inputShapes = List.copyOf(inputShapes);
    }

    public List<Parameter> parameters() {
        return layer.parameters(name, inputShapes);
    }

    public long macs() {
        return layer.macs(inputShapes);
    }
}
