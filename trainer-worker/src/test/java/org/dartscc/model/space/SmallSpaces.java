package org.dartscc.model.space;

import java.util.List;
import java.util.stream.Stream;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.NetworkBuilder;
import org.dartscc.model.network.Shape;

/** Registered spaces with fewer or narrower cells: all their decisions, at a fraction of the arithmetic. */
public final class SmallSpaces {
    private SmallSpaces() {}

    public static SearchSpace create(SpaceSpec spec) {
        return switch (spec.name()) {
            case DartsSpace.NAME -> DartsSpace.create(spec, 4, 3);
            case DartsSpace.EVERY_EDGE -> DartsSpace.everyEdge(spec, 4, 3);
            case NasBench201Space.NAME -> NasBench201Space.create(spec, 1);
            case FbnetSpace.NAME -> FbnetSpace.create(spec, 64);
            default -> spec.create();
        };
    }

    /** Users' own: a chain of slots, shorter than that in docs/examples, and the cells there. */
    public static List<SearchSpace> own(Shape image, int classes) {
        var options = List.of("skip", "sep3", "mbconv3_k3", "conv3");
        var slots = new SpaceDefinition.Layers(
                new SpaceDefinition.Stem(16, 2),
                List.of(
                        new SpaceDefinition.Slot(16, 1, options),
                        new SpaceDefinition.Slot(32, 2, options),
                        new SpaceDefinition.Slot(64, 2, options),
                        new SpaceDefinition.Slot(64, 1, List.of("skip", "sep3", "sep5"))));
        var cells = new SpaceDefinition.Cells(
                16, 3, List.of("skip_connect", "avg_pool_3x3", "sep_conv_3x3", "dil_conv_3x3"));
        return Stream.of(new SpaceDefinition("my-space", slots, null), new SpaceDefinition("my-cells", null, cells))
                .map(definition -> SpaceSpec.of(definition, image, classes).create())
                .toList();
    }

    /** Two mixtures without a kink in them, for whoever compares gradients with differences. */
    public static SearchSpace smooth(Shape image) {
        var options = List.of(Operator.CONV3, Operator.AVG_POOL_3X3, Operator.SKIP_CONNECT);
        var decisions = List.of(new Decision("first", options), new Decision("second", options));
        var groups = List.of(Group.single(0, options.size()), Group.single(1, options.size()));
        return new SearchSpace(
                new SpaceSpec("smooth", image, 10), decisions, groups, indices -> true, SmallSpaces::smooth);
    }

    private static Network smooth(Filling filling) {
        var network = new NetworkBuilder(new Shape(1, 16, 16));
        var x = network.convBn("stem", network.image(), 4, 3, 2);
        x = filling.place(network, "first", 0, x, 4, 1).orElseThrow();
        x = filling.place(network, "second", 1, x, 4, 1).orElseThrow();
        var pooled = network.add("pool", new Layer.AveragePool(4, 4, 0), x);
        var mixed = network.convBn("mixed", pooled, 8, 1, 1);
        return network.build(network.add(
                "classifier", new Layer.Linear(10), network.add("mean", new Layer.GlobalAveragePool(), mixed)));
    }
}
