package org.dartscc.orchestrator.imported;

import java.util.ArrayList;
import java.util.List;

import org.dartscc.model.space.Operator;
import org.dartscc.model.space.OperatorSignature;

/**
 * Published MobileNetV2 blocks (1x1 expansion, depthwise, 1x1 projection) as our operators that have the very same
 * layers: FBNet's, and those of {@code layerwise}. Without an expansion a block is a depthwise-separable convolution.
 */
final class InvertedBottlenecks {
    static final String ACTIVATION_NOTE = "published with ReLU6, or ReLU and the residual's addition inside the block;"
            + " ours have ReLU and add outside";

    private InvertedBottlenecks() {}

    /** Our operators of that kernel and expansion at that place; none when we have no such block. */
    static List<OperatorSignature> of(int kernel, int expansion, int in, int size, int out, int stride) {
        var same = new ArrayList<Operator>();
        if (kernel == 3) {
            switch (expansion) {
                case 1 -> same.addAll(List.of(Operator.K3_E1, Operator.SEP3));
                case 3 -> same.addAll(List.of(Operator.K3_E3, Operator.MBCONV3_K3));
                case 6 -> same.add(Operator.K3_E6);
                default -> {}
            }
        } else if (kernel == 5) {
            switch (expansion) {
                case 1 -> same.addAll(List.of(Operator.K5_E1, Operator.SEP5));
                case 3 -> same.addAll(List.of(Operator.K5_E3, Operator.MBCONV3_K5));
                case 6 -> same.add(Operator.K5_E6);
                default -> {}
            }
        }
        return same.stream()
                .map(operator -> new OperatorSignature(operator, in, size, size, out, stride))
                .toList();
    }
}
