package org.dartscc.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.Node;

/**
 * Finds the batch norms that become part of the convolutions before them: those that follow a convolution, or a
 * concatenation of convolutions (the factorised reduction), whose outputs nothing else uses.
 */
final class BatchNormFolding {
    private final Map<String, Affine> convolutions = new HashMap<>();
    private final Set<String> folded = new HashSet<>();
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();

    BatchNormFolding(Network network, Weights weights) {
        for (var node : network.nodes()) {
            nodes.put(node.name(), node);
            node.inputs().forEach(input -> uses.merge(input, 1, Integer::sum));
        }
        for (var node : network.nodes()) {
            if (node.layer() instanceof Layer.BatchNorm) {
                fold(node, weights);
            }
        }
    }

    private void fold(Node batchNorm, Weights weights) {
        var source = nodes.get(batchNorm.inputs().get(0));
        boolean concatenation = source.layer() instanceof Layer.Concat && usedOnce(source);
        var convolved = concatenation ? source.inputs().stream().map(nodes::get).toList() : List.of(source);
        if (!convolved.stream().allMatch(n -> n.layer() instanceof Layer.Convolution && usedOnce(n))) {
            return;
        }
        var affine = Affine.of(batchNorm, weights);
        int channel = 0;
        for (var convolution : convolved) {
            int end = channel + convolution.output().channels();
            convolutions.put(convolution.name(), affine.channels(channel, end));
            channel = end;
        }
        folded.add(batchNorm.name());
    }

    private boolean usedOnce(Node node) {
        return uses.get(node.name()) == 1;
    }

    /** What a convolution does beside convolving; null when it does nothing else. */
    Affine of(Node convolution) {
        return convolutions.get(convolution.name());
    }

    /** Whether a batch norm is done by what comes before it. */
    boolean isFolded(Node batchNorm) {
        return folded.contains(batchNorm.name());
    }
}
