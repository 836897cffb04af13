package org.dartscc.model.network;

import java.util.HashSet;
import java.util.List;

/**
 * A whole network as data: nodes in an order in which every node comes after its inputs. The first node is the image,
 * the last one gives the logits [batch, classes].
 */
public record Network(List<Node> nodes) {
    public Network {
        nodes = List.copyOf(nodes);
    }

    public Node input() {
        return nodes.get(0);
    }

    public Node output() {
        return nodes.get(nodes.size() - 1);
    }

    /** The same network without the nodes that no path leads from to the output; what is trained and shipped. */
    public Network live() {
        var needed = new HashSet<>(List.of(input().name(), output().name()));
        for (int i = nodes.size() - 1; i >= 0; i--) {
            if (needed.contains(nodes.get(i).name())) {
                needed.addAll(nodes.get(i).inputs());
            }
        }
        return new Network(nodes.stream().filter(n -> needed.contains(n.name())).toList());
    }

    /** All tensors of the network in node order, running statistics included. */
    public List<Parameter> parameters() {
        return nodes.stream().flatMap(n -> n.parameters().stream()).toList();
    }

    /** Number of trainable values, batch norm scale and shift and the classifier's bias included. */
    public long parameterCount() {
        return parameters().stream()
                .filter(p -> p.role().trainable())
                .mapToLong(Parameter::elements)
                .sum();
    }

    /** Multiply-accumulates for one image: convolutions and the linear layer; no batch norm, ReLU, pool or add. */
    public long macs() {
        return nodes.stream().mapToLong(Node::macs).sum();
    }
}
