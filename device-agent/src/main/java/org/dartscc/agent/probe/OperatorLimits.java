package org.dartscc.agent.probe;

import org.dartscc.model.network.NetworkBuilder;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.OperatorSignature;

/** Requests come from outside: an operator that would need too much memory or time is refused before it is built. */
final class OperatorLimits {
    private static final long MAX_PARAMETERS = 4_000_000;
    private static final long MAX_MACS = 2_000_000_000L;

    private OperatorLimits() {}

    /** @throws IllegalArgumentException saying which limit is broken, or that the shape is impossible */
    static void require(OperatorSignature signature) {
        if (signature.operator().isAbsent()) {
            throw new IllegalArgumentException(signature + " is absent from its network and has no cost");
        }
        var network = new NetworkBuilder(new Shape(signature.inChannels(), signature.height(), signature.width()));
        var output = signature
                .operator()
                .emit(network, "operator", network.image(), signature.outChannels(), signature.stride());
        var built = network.build(output);
        requireAtMost(signature, "parameters", built.parameterCount(), MAX_PARAMETERS);
        requireAtMost(signature, "multiply-accumulates", built.macs(), MAX_MACS);
    }

    private static void requireAtMost(OperatorSignature signature, String what, long value, long limit) {
        if (value > limit) {
            throw new IllegalArgumentException(
                    "%s has %d %s; this agent measures up to %d".formatted(signature, value, what, limit));
        }
    }
}
