package org.dartscc.model.space;

import org.dartscc.model.network.Shape;

/** A place in the network where the operator of a decision runs; a cell's decision has one in every such cell. */
public record Position(int decision, Shape input, int outChannels, int stride) {
    /** What the given operator is measured as at this place. */
    public OperatorSignature signature(Operator operator) {
        return new OperatorSignature(operator, input.channels(), input.height(), input.width(), outChannels, stride);
    }
}
