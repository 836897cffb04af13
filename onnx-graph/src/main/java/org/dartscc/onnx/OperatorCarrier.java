package org.dartscc.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.NetworkBuilder;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.OperatorSignature;

/**
 * Small networks that carry one operator, for measuring what it costs inside a cell: a stem that makes its input, then
 * a number of nodes that each add two of it (with weights of their own), each node pooled, a linear layer. The slope of
 * the latency over the number of nodes is the cost of two operators and of their addition; stem, head and the runtime's
 * overhead cancel out, as do the layout changes at the edges of the graph that make operators measured alone too dear.
 *
 * <p>Operators of one node may be equal nodes of one input, as pools are: a runtime that merges such nodes must be told
 * not to (ONNX Runtime's CommonSubexpressionElimination), or they seem to cost nothing.
 */
public final class OperatorCarrier {
    private static final int MAX_NODES = 16;
    private static final int IMAGE_CHANNELS = 1;
    private static final int CLASSES = 2;
    private static final long SEED = 1;

    private OperatorCarrier() {}

    /** How many of the operator one node has. */
    public static final int OPERATORS_PER_NODE = 2;

    /** Shape of one image that the carrier takes as {@link OnnxModels#INPUT}: one channel of the operator's size. */
    public static Shape image(OperatorSignature signature) {
        return new Shape(IMAGE_CHANNELS, signature.height(), signature.width());
    }

    /**
     * The carrier as ONNX model with random weights.
     *
     * @param nodes 1 to 16
     * @throws IllegalArgumentException for an operator that is absent and so has no cost, or can't have this shape
     */
    public static byte[] model(OperatorSignature signature, int nodes) {
        return OnnxModels.untrained(network(signature, nodes), SEED);
    }

    /**
     * The operator as a model of its own, from its input to its output: what look-up tables are often measured on, and
     * what the carriers are compared with. Empty for an identity, of which nothing is left.
     */
    public static Optional<byte[]> alone(OperatorSignature signature) {
        var network = new NetworkBuilder(new Shape(signature.inChannels(), signature.height(), signature.width()));
        var output = signature
                .operator()
                .emit(network, "operator", network.image(), signature.outChannels(), signature.stride());
        return output.equals(network.image())
                ? Optional.empty()
                : Optional.of(NetworkWriter.bare(network.build(output), Weights.random(SEED))
                        .model(OnnxModels.PRODUCER_VERSION, "An operator, for timing only.", Map.of()));
    }

    static Network network(OperatorSignature signature, int nodes) {
        if (nodes < 1 || nodes > MAX_NODES) {
            throw new IllegalArgumentException("a carrier has 1 to %d nodes, not %d".formatted(MAX_NODES, nodes));
        }
        if (signature.operator().isAbsent()) {
            throw new IllegalArgumentException(signature + " is absent from its network and costs nothing");
        }
        var network = new NetworkBuilder(image(signature));
        var stem = network.convBn("stem", network.image(), signature.inChannels(), 1, 1);
        var pooled = new ArrayList<String>();
        for (int n = 1; n <= nodes; n++) {
            var sum = network.add(
                    "node" + n,
                    new Layer.Add(),
                    List.of(emit(network, signature, stem, n, "a"), emit(network, signature, stem, n, "b")));
            pooled.add(network.add("node" + n + ".pool", new Layer.GlobalAveragePool(), sum));
        }
        var features = nodes == 1 ? pooled.get(0) : network.add("features", new Layer.Concat(), pooled);
        return network.build(network.add("classifier", new Layer.Linear(CLASSES), features));
    }

    private static String emit(
            NetworkBuilder network, OperatorSignature signature, String stem, int node, String which) {
        return signature
                .operator()
                .emit(network, "node" + node + "." + which, stem, signature.outChannels(), signature.stride());
    }
}
