package org.dartscc.model.space;

import org.dartscc.model.network.Network;
import org.dartscc.model.network.NetworkBuilder;
import org.dartscc.model.network.Shape;

/** Parameters, multiply-accumulates and written values of one operator at one position. */
final class OperatorCounts {
    private OperatorCounts() {}

    static double macs(Position position, Operator operator) {
        return alone(position.input(), position.outChannels(), position.stride(), operator)
                .macs();
    }

    static double parameters(Position position, Operator operator) {
        return alone(position.input(), position.outChannels(), position.stride(), operator)
                .parameterCount();
    }

    /** Numbers that its nodes write: what an operator costs that multiplies nothing. */
    static double values(Position position, Operator operator) {
        return alone(position.input(), position.outChannels(), position.stride(), operator).nodes().stream()
                .mapToDouble(node -> node.output().elements())
                .sum();
    }

    private static Network alone(Shape input, int outChannels, int stride, Operator operator) {
        var network = new NetworkBuilder(input);
        return network.build(operator.emit(network, "alone", network.image(), outChannels, stride));
    }
}
