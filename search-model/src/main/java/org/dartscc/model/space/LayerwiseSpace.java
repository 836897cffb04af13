package org.dartscc.model.space;

import java.util.ArrayList;
import java.util.List;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.NetworkBuilder;

/**
 * The default space, made for images of 28x28 to 64x64: a 3x3 stem of stride 2, then slots with an always-on shortcut,
 * out = ReLU(shortcut(x) + operator(x)), where {@code skip} leaves the shortcut alone. Since every architecture shares
 * the trunk of shortcuts, no choice of operators can switch the network off, and each step of a supernet trains what
 * all architectures use. Where the shape changes, the shortcut is a 2x2 average pool and a 1x1 convolution with batch
 * norm. Widths are multiples of 16, since latency is only additive there.
 */
final class LayerwiseSpace {
    static final String NAME = "layerwise";

    private static final List<Operator> OPTIONS = List.of(
            Operator.SKIP, Operator.SEP3, Operator.SEP5, Operator.MBCONV3_K3, Operator.MBCONV3_K5, Operator.CONV3);

    private static final SpaceDefinition.Stem STEM = new SpaceDefinition.Stem(16, 2);
    private static final List<Slot> SLOTS = List.of(
            slot(16, 1), slot(32, 2), slot(32, 1), slot(32, 1), slot(64, 2), slot(64, 1), slot(64, 1), slot(64, 1));

    private LayerwiseSpace() {}

    record Slot(int channels, int stride, List<Operator> options) {}

    private static Slot slot(int channels, int stride) {
        return new Slot(channels, stride, OPTIONS);
    }

    static SearchSpace create(SpaceSpec spec) {
        if (spec.image().height() < 16 || spec.image().width() < 16) {
            throw new IllegalArgumentException("the space layerwise needs images of at least 16x16, not "
                    + spec.image().height() + "x" + spec.image().width());
        }
        return create(spec, STEM, SLOTS);
    }

    /** A chain of the same form with another stem and other slots. */
    static SearchSpace create(SpaceSpec spec, SpaceDefinition.Stem stem, List<Slot> slots) {
        requireFits(spec, stem, slots);
        var decisions = new ArrayList<Decision>();
        var groups = new ArrayList<Group>();
        for (int s = 0; s < slots.size(); s++) {
            var options = slots.get(s).options();
            decisions.add(new Decision("slot" + (s + 1), options));
            groups.add(Group.single(s, options.size()));
        }
        return new SearchSpace(spec, decisions, groups, indices -> true, filling -> build(spec, stem, slots, filling));
    }

    private static void requireFits(SpaceSpec spec, SpaceDefinition.Stem stem, List<Slot> slots) {
        int height = halved(spec.image().height(), stem.stride());
        int width = halved(spec.image().width(), stem.stride());
        for (int s = 0; s < slots.size(); s++) {
            var slot = slots.get(s);
            boolean halves = slot.stride() > 1;
            if (halves && (height == 1 || width == 1)) {
                throw new IllegalArgumentException(
                        "slot %d of the space %s halves maps of %dx%d; images of %dx%d are too small"
                                .formatted(
                                        s + 1,
                                        spec.name(),
                                        height,
                                        width,
                                        spec.image().height(),
                                        spec.image().width()));
            }
            if (halves && slot.options().contains(Operator.SKIP_CONNECT) && (height % 2 == 1 || width % 2 == 1)) {
                throw new IllegalArgumentException(
                        "slot %d of the space %s halves maps of %dx%d, but skip_connect can only halve even sizes"
                                .formatted(s + 1, spec.name(), height, width));
            }
            height = halved(height, slot.stride());
            width = halved(width, slot.stride());
        }
    }

    private static int halved(int size, int stride) {
        return (size + stride - 1) / stride;
    }

    private static Network build(SpaceSpec spec, SpaceDefinition.Stem stem, List<Slot> slots, Filling filling) {
        var network = new NetworkBuilder(spec.image());
        var x = network.relu("stem.relu", network.convBn("stem", network.image(), stem.channels(), 3, stem.stride()));
        for (int s = 0; s < slots.size(); s++) {
            var name = "slot" + (s + 1);
            int channels = slots.get(s).channels();
            int stride = slots.get(s).stride();
            var terms = new ArrayList<>(List.of(shortcut(network, name, x, channels, stride)));
            filling.place(network, name, s, x, channels, stride).ifPresent(terms::add);
            x = network.relu(name + ".relu", network.sum(name + ".sum", terms));
        }
        var pooled = network.add("pool", new Layer.GlobalAveragePool(), x);
        return network.build(network.add("classifier", new Layer.Linear(spec.classes()), pooled));
    }

    /** Same padding of the pool as the operators have, so that odd sizes halve alike (7 to 4). */
    private static String shortcut(NetworkBuilder network, String slot, String x, int channels, int stride) {
        if (stride == 1 && network.shape(x).channels() == channels) {
            return x;
        }
        var name = slot + ".shortcut";
        var smaller = x;
        if (stride > 1) {
            boolean odd = network.shape(x).height() % 2 == 1 || network.shape(x).width() % 2 == 1;
            var pool = odd ? new Layer.AveragePool(3, stride, 1) : new Layer.AveragePool(2, stride, 0);
            smaller = network.add(name + ".pool", pool, x);
        }
        return network.convBn(name, smaller, channels, 1, 1);
    }
}
