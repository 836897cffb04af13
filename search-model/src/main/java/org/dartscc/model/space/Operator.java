package org.dartscc.model.space;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.NetworkBuilder;

/**
 * The candidate operators of all spaces, each as the layers it consists of. A space places them, the trainer runs
 * them, the agent measures them and the exporter writes them from this one definition.
 */
public enum Operator {
    /** Nothing: the edge does not exist. */
    NONE("none", (b, p) -> b.zero()),

    /** The identity of a slot that has a shortcut of its own: adds nothing to it. */
    SKIP("skip", (b, p) -> b.zero()),

    /** Identity; at stride 2 or another width a factorised reduction (DARTS, operations.py, FactorizedReduce). */
    SKIP_CONNECT("skip_connect", (b, p) -> p.keepsShape() ? p.input() : b.factorizedReduce(p)),

    MAX_POOL_3X3("max_pool_3x3", (b, p) -> b.pool(p, new Layer.MaxPool(3, p.stride(), 1))),
    AVG_POOL_3X3("avg_pool_3x3", (b, p) -> b.pool(p, new Layer.AveragePool(3, p.stride(), 1))),

    /** ReLU, depthwise k x k, pointwise, batch norm, twice (DARTS SepConv). */
    SEP_CONV_3X3("sep_conv_3x3", (b, p) -> b.sepConv(p, 3)),
    SEP_CONV_5X5("sep_conv_5x5", (b, p) -> b.sepConv(p, 5)),

    /** ReLU, depthwise k x k with dilation 2, pointwise, batch norm (DARTS DilConv). */
    DIL_CONV_3X3("dil_conv_3x3", (b, p) -> b.dilConv(p, 3)),
    DIL_CONV_5X5("dil_conv_5x5", (b, p) -> b.dilConv(p, 5)),

    /** ReLU, convolution, batch norm (NAS-Bench-201 ReLUConvBN). */
    NOR_CONV_1X1("nor_conv_1x1", (b, p) -> b.reluConvBn(p, 1)),
    NOR_CONV_3X3("nor_conv_3x3", (b, p) -> b.reluConvBn(p, 3)),

    /** Convolution, batch norm. */
    CONV3("conv3", (b, p) -> b.convBn(p, 3)),

    /** Depthwise k x k, batch norm, ReLU, pointwise, batch norm. */
    SEP3("sep3", (b, p) -> b.separable(p, 3)),
    SEP5("sep5", (b, p) -> b.separable(p, 5)),

    /** Inverted bottleneck: expansion to three times the width, depthwise k x k, projection (MobileNetV2). */
    MBCONV3_K3("mbconv3_k3", (b, p) -> b.invertedBottleneck(p, 3, 3)),
    MBCONV3_K5("mbconv3_k5", (b, p) -> b.invertedBottleneck(p, 3, 5)),

    /** FBNet's blocks: expansion e, depthwise k x k, projection; g2 projects in two groups (Wu et al., table 2). */
    K3_E1("k3_e1", (b, p) -> b.fbnet(p, 3, 1, 1)),
    K3_E1_G2("k3_e1_g2", (b, p) -> b.fbnet(p, 3, 1, 2)),
    K3_E3("k3_e3", (b, p) -> b.fbnet(p, 3, 3, 1)),
    K3_E6("k3_e6", (b, p) -> b.fbnet(p, 3, 6, 1)),
    K5_E1("k5_e1", (b, p) -> b.fbnet(p, 5, 1, 1)),
    K5_E1_G2("k5_e1_g2", (b, p) -> b.fbnet(p, 5, 1, 2)),
    K5_E3("k5_e3", (b, p) -> b.fbnet(p, 5, 3, 1)),
    K5_E6("k5_e6", (b, p) -> b.fbnet(p, 5, 6, 1)),

    /** FBNet's skip: the identity; where the shape changes, 1x1 convolution, batch norm, ReLU. */
    SKIP_BLOCK("skip_block", (b, p) -> p.keepsShape() ? p.input() : b.projectedSkip(p));

    private static final Map<String, Operator> BY_NAME =
            Stream.of(values()).collect(Collectors.toMap(Operator::key, Function.identity()));

    private final String key;
    private final Body body;

    Operator(String key, Body body) {
        this.key = key;
        this.body = body;
    }

    /** The name in genotypes and signatures. */
    public String key() {
        return key;
    }

    /** @throws IllegalArgumentException naming the known operators when there is none of that name */
    public static Operator of(String key) {
        var found = BY_NAME.get(key);
        if (found == null) {
            throw new IllegalArgumentException("there is no operator \"" + key + "\"; known are "
                    + Stream.of(values()).map(Operator::key).collect(Collectors.joining(", ")));
        }
        return found;
    }

    /** Whether the operator adds nothing to the sum it stands in, at no cost. */
    public boolean isAbsent() {
        return this == NONE || this == SKIP;
    }

    /**
     * Adds the operator's layers, their names starting with PREFIX.KEY.
     *
     * @return the node that holds its output; the input itself for an identity
     * @throws IllegalStateException for an operator that {@link #isAbsent()}: leave it out of the sum instead
     */
    public String emit(NetworkBuilder network, String prefix, String input, int outChannels, int stride) {
        if (isAbsent()) {
            throw new IllegalStateException(key + " has no layers");
        }
        return body.emit(new Layers(network), new Place(network, prefix + "." + key, input, outChannels, stride));
    }

    @FunctionalInterface
    private interface Body {
        String emit(Layers layers, Place place);
    }

    /** Where an operator stands: its name prefix, input node, output width and stride. */
    private record Place(NetworkBuilder network, String name, String input, int outChannels, int stride) {
        int inChannels() {
            return network.shape(input).channels();
        }

        boolean keepsShape() {
            return stride == 1 && inChannels() == outChannels;
        }
    }

    /** The building blocks of the operators. */
    private record Layers(NetworkBuilder network) {
        String zero() {
            throw new IllegalStateException("an absent operator has no layers");
        }

        /** Pools keep the width; where it must change, a 1x1 convolution and batch norm follow. */
        String pool(Place p, Layer pool) {
            var pooled = network.add(p.name() + ".pool", pool, p.input());
            return p.inChannels() == p.outChannels()
                    ? pooled
                    : network.convBn(p.name() + ".project", pooled, p.outChannels(), 1, 1);
        }

        String convBn(Place p, int kernel) {
            return network.convBn(p.name(), p.input(), p.outChannels(), kernel, p.stride());
        }

        String reluConvBn(Place p, int kernel) {
            var relu = network.relu(p.name() + ".relu", p.input());
            return network.convBn(p.name(), relu, p.outChannels(), kernel, p.stride());
        }

        String factorizedReduce(Place p) {
            return Operator.factorizedReduce(network, p.name(), p.input(), p.outChannels(), p.stride());
        }

        String sepConv(Place p, int kernel) {
            var first = reluDepthwisePointwise(p.name() + ".1", p.input(), p.inChannels(), kernel, p.stride(), 1);
            return reluDepthwisePointwise(p.name() + ".2", first, p.outChannels(), kernel, 1, 1);
        }

        String dilConv(Place p, int kernel) {
            return reluDepthwisePointwise(p.name(), p.input(), p.outChannels(), kernel, p.stride(), 2);
        }

        private String reluDepthwisePointwise(
                String name, String input, int outChannels, int kernel, int stride, int dilation) {
            int in = network.shape(input).channels();
            var relu = network.relu(name + ".relu", input);
            var depthwise = network.add(
                    name + ".depthwise",
                    new Layer.Convolution(in, kernel, stride, dilation * (kernel / 2), dilation, in),
                    relu);
            return network.convBn(name, depthwise, outChannels, 1, 1);
        }

        String separable(Place p, int kernel) {
            int in = p.inChannels();
            var depthwise = network.convBn(
                    p.name() + ".depthwise",
                    p.input(),
                    new Layer.Convolution(in, kernel, p.stride(), kernel / 2, 1, in));
            var relu = network.relu(p.name() + ".relu", depthwise);
            return network.convBn(p.name(), relu, p.outChannels(), 1, 1);
        }

        String projectedSkip(Place p) {
            return network.relu(
                    p.name() + ".relu", network.convBn(p.name(), p.input(), p.outChannels(), 1, p.stride()));
        }

        /** An expansion of 1 has no expanding convolution, as in the published models. */
        String fbnet(Place p, int kernel, int expansion, int groups) {
            int wide = expansion * p.inChannels();
            var expanded = expansion == 1 ? p.input() : expand(p, wide);
            return depthwiseAndProject(p, expanded, wide, kernel, groups);
        }

        String invertedBottleneck(Place p, int expansion, int kernel) {
            int wide = expansion * p.inChannels();
            return depthwiseAndProject(p, expand(p, wide), wide, kernel, 1);
        }

        private String expand(Place p, int wide) {
            return network.relu(p.name() + ".relu1", network.convBn(p.name() + ".expand", p.input(), wide, 1, 1));
        }

        private String depthwiseAndProject(Place p, String expanded, int wide, int kernel, int groups) {
            var depthwise = network.convBn(
                    p.name() + ".depthwise",
                    expanded,
                    new Layer.Convolution(wide, kernel, p.stride(), kernel / 2, 1, wide));
            var relu = network.relu(p.name() + ".relu2", depthwise);
            return network.convBn(p.name(), relu, new Layer.Convolution(p.outChannels(), 1, 1, 0, 1, groups));
        }
    }

    /**
     * ReLU, then two 1x1 convolutions of stride 2 on the map and on the map shifted by one, concatenated, batch norm
     * (DARTS FactorizedReduce); at stride 1 ReLU, 1x1 convolution, batch norm. Needs even sizes at stride 2.
     */
    static String factorizedReduce(NetworkBuilder network, String name, String input, int outChannels, int stride) {
        var relu = network.relu(name + ".relu", input);
        if (stride == 1) {
            return network.convBn(name, relu, outChannels, 1, 1);
        }
        int half = outChannels / 2;
        var even = network.add(name + ".even", new Layer.Convolution(half, 1, stride, 0, 1, 1), relu);
        var shifted = network.add(name + ".shift", new Layer.DropFirst(), relu);
        var odd = network.add(name + ".odd", new Layer.Convolution(outChannels - half, 1, stride, 0, 1, 1), shifted);
        var both = network.add(name + ".concat", new Layer.Concat(), List.of(even, odd));
        return network.add(name + ".bn", new Layer.BatchNorm(), both);
    }
}
