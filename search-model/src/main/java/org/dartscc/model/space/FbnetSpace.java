package org.dartscc.model.space;

import java.util.ArrayList;
import java.util.List;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.NetworkBuilder;

/**
 * The space of FBNet (Wu et al., CVPR 2019): 22 layers, each one of 8 inverted-bottleneck blocks or a skip, with a
 * residual where the shape stays. Images over 64 pixels take the published strides, smaller ones a stem and a second
 * stage of stride 1, as HW-NAS-Bench does. Grouped blocks do not shuffle channels.
 */
final class FbnetSpace {
    static final String NAME = "fbnet";

    private static final List<Operator> OPTIONS = List.of(
            Operator.K3_E1,
            Operator.K3_E1_G2,
            Operator.K3_E3,
            Operator.K3_E6,
            Operator.K5_E1,
            Operator.K5_E1_G2,
            Operator.K5_E3,
            Operator.K5_E6,
            Operator.SKIP_BLOCK);

    /** Width, layers and first stride of each stage. */
    private static final int[][] STAGES = {
        {16, 1, 1}, {24, 4, 2}, {32, 4, 2}, {64, 4, 2}, {112, 4, 1}, {184, 4, 2}, {352, 1, 1},
    };

    private static final int STEM = 16;
    private static final int HEAD = 1504;
    private static final int LARGE_IMAGE = 64;

    private FbnetSpace() {}

    static SearchSpace create(SpaceSpec spec) {
        return create(spec, HEAD);
    }

    static SearchSpace create(SpaceSpec spec, int head) {
        if (spec.image().height() < 16 || spec.image().width() < 16) {
            throw new IllegalArgumentException("the space fbnet needs images of at least 16x16, not "
                    + spec.image().height() + "x" + spec.image().width());
        }
        var decisions = new ArrayList<Decision>();
        var groups = new ArrayList<Group>();
        for (var stage : STAGES) {
            for (int layer = 0; layer < stage[1]; layer++) {
                groups.add(Group.single(decisions.size(), OPTIONS.size()));
                decisions.add(new Decision("layer" + (decisions.size() + 1), OPTIONS));
            }
        }
        return new SearchSpace(spec, decisions, groups, indices -> true, filling -> build(spec, head, filling));
    }

    private static Network build(SpaceSpec spec, int head, Filling filling) {
        boolean large = Math.max(spec.image().height(), spec.image().width()) > LARGE_IMAGE;
        var network = new NetworkBuilder(spec.image());
        var x = network.relu("stem.relu", network.convBn("stem", network.image(), STEM, 3, large ? 2 : 1));
        int decision = 0;
        for (int s = 0; s < STAGES.length; s++) {
            int width = STAGES[s][0];
            for (int layer = 0; layer < STAGES[s][1]; layer++, decision++) {
                boolean keepsSize = layer > 0 || (s == 1 && !large);
                x = block(network, decision, x, width, keepsSize ? 1 : STAGES[s][2], filling);
            }
        }
        x = network.relu("head.relu", network.convBn("head", x, head, 1, 1));
        var pooled = network.add("pool", new Layer.GlobalAveragePool(), x);
        return network.build(network.add("classifier", new Layer.Linear(spec.classes()), pooled));
    }

    private static String block(
            NetworkBuilder network, int decision, String x, int width, int stride, Filling filling) {
        var name = "layer" + (decision + 1);
        Filling.Finish residual = (operator, out) ->
                operator != Operator.SKIP_BLOCK && network.shape(x).equals(network.shape(out))
                        ? network.sum(name + "." + operator.key() + ".sum", List.of(x, out))
                        : out;
        return filling.place(network, name, decision, x, width, stride, residual)
                .orElseThrow();
    }
}
