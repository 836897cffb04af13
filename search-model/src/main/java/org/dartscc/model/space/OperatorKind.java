package org.dartscc.model.space;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.NetworkBuilder;
import org.dartscc.model.network.Shape;

/** Kinds of operation, told by an operator's layers. */
public enum OperatorKind {
    /** Nothing, or the input. */
    IDENTITY,
    POOL,
    CONVOLUTION,

    /** Depthwise and pointwise convolutions. */
    SEPARABLE,

    /** A pointwise convolution before the depthwise one. */
    BOTTLENECK;

    private static final Shape ANY = new Shape(16, 16, 16);

    /** As users read it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static OperatorKind of(Operator operator) {
        if (operator.isAbsent()) {
            return IDENTITY;
        }
        var network = new NetworkBuilder(ANY);
        var layers = network.build(operator.emit(network, "any", network.image(), ANY.channels(), 1)).nodes().stream()
                .map(n -> n.layer())
                .toList();
        if (layers.stream().anyMatch(l -> l instanceof Layer.MaxPool || l instanceof Layer.AveragePool)) {
            return POOL;
        }
        var convolutions = layers.stream()
                .filter(Layer.Convolution.class::isInstance)
                .map(Layer.Convolution.class::cast)
                .toList();
        if (convolutions.isEmpty()) {
            return IDENTITY;
        }
        if (convolutions.stream().noneMatch(OperatorKind::isDepthwise)) {
            return CONVOLUTION;
        }
        return isDepthwise(convolutions.get(0)) ? SEPARABLE : BOTTLENECK;
    }

    private static boolean isDepthwise(Layer.Convolution convolution) {
        return convolution.groups() > 1 && convolution.kernel() > 1;
    }

    /** The kinds that a space has, in their order here. */
    public static List<OperatorKind> of(SearchSpace space) {
        var present = space.decisions().stream()
                .flatMap(d -> d.options().stream())
                .distinct()
                .map(OperatorKind::of)
                .distinct()
                .toList();
        return Arrays.stream(values()).filter(present::contains).toList();
    }
}
