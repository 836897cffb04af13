package org.dartscc.model.space;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;

import org.dartscc.model.network.Footprint;
import org.dartscc.model.network.NetworkBuilder;

/**
 * What the options of a space add to the size of the exported file, and the peaks of activation memory that they cause.
 * In a chain, where each decision is one place of the network, the peak of an architecture is the largest of those of
 * its options, so that a limit leaves options out one by one. In cells, tensors of one decision live beside others of
 * another; there only whole networks tell.
 */
public final class SpaceFootprints {
    private static final int CHECKS = 20;
    /** As long as the names of places in cells get, so that sizes are not predicted too small. */
    private static final String PLACE = "stage1.cell1.node1_from0.";

    private final SearchSpace space;
    private final double[][] fileBytes;
    private final double[][] peakBytes;
    private final boolean chain;

    SpaceFootprints(SearchSpace space) {
        this.space = space;
        if (isStraight()) {
            var base = space.indices(space.cheapest());
            var first = replacing(base);
            var peaks = map(first, Footprint::peakActivationBytes);
            var least = leastOf(peaks);
            // A peak elsewhere may hide behind the base's: then the one of the least options tells.
            peaks = isAsLow(peaks, base, least) ? peaks : map(replacing(least), Footprint::peakActivationBytes);
            long bytes = of(base).graphBytes();
            this.fileBytes = map(first, f -> f.graphBytes() - bytes);
            this.chain = isLargestOfOptions(peaks);
            this.peakBytes = chain ? peaks : null;
        } else {
            this.fileBytes = space.table((position, operator) -> operator.isAbsent() ? 0 : alone(position, operator));
            this.chain = false;
            this.peakBytes = null;
        }
    }

    private boolean isStraight() {
        return space.positions().size() == space.decisions().size()
                && space.groups().stream().allMatch(g -> g.decisions().size() == 1);
    }

    /** Of the base with each option in its place, by [decision][option]. */
    private Footprint[][] replacing(int[] base) {
        var table = new Footprint[base.length][];
        for (int d = 0; d < base.length; d++) {
            table[d] = new Footprint[space.decisions().get(d).options().size()];
            for (int o = 0; o < table[d].length; o++) {
                var indices = base.clone();
                indices[d] = o;
                table[d][o] = of(indices);
            }
        }
        return table;
    }

    private static double[][] map(Footprint[][] table, ToLongFunction<Footprint> quantity) {
        return Arrays.stream(table)
                .map(row ->
                        Arrays.stream(row).mapToDouble(quantity::applyAsLong).toArray())
                .toArray(double[][]::new);
    }

    private static boolean isAsLow(double[][] peaks, int[] base, int[] least) {
        return IntStream.range(0, base.length).allMatch(d -> peaks[d][base[d]] == peaks[d][least[d]]);
    }

    private static int[] leastOf(double[][] table) {
        var least = new int[table.length];
        for (int d = 0; d < table.length; d++) {
            for (int o = 1; o < table[d].length; o++) {
                least[d] = table[d][o] < table[d][least[d]] ? o : least[d];
            }
        }
        return least;
    }

    /** A space that looks like a chain may still have branches: then a few architectures tell. */
    private boolean isLargestOfOptions(double[][] peaks) {
        var random = new Random(1);
        for (int i = 0; i < CHECKS; i++) {
            var indices = space.indices(space.random(random));
            double largest = 0;
            for (int d = 0; d < indices.length; d++) {
                largest = Math.max(largest, peaks[d][indices[d]]);
            }
            if (largest != peak(indices)) {
                return false;
            }
        }
        return true;
    }

    private double peak(int[] indices) {
        return of(indices).peakActivationBytes();
    }

    private double alone(Position position, Operator operator) {
        var network = new NetworkBuilder(position.input());
        var empty = new NetworkBuilder(position.input());
        var whole = network.build(
                operator.emit(network, PLACE, network.image(), position.outChannels(), position.stride()));
        return Footprint.of(whole).graphBytes()
                - Footprint.of(empty.build(empty.image())).graphBytes();
    }

    /** Of a whole architecture, exactly. */
    public Footprint of(int[] indices) {
        return Footprint.of(space.network(indices));
    }

    /**
     * Bytes of the file that each option adds, in a chain against the option of the cheapest architecture:
     * [decision][option]. Names of tensors make some difference, and in cells dead edges do.
     */
    public double[][] optionFileBytes() {
        return fileBytes;
    }

    /** Whether the peak of an architecture is the largest of its options' peaks. */
    public boolean isChain() {
        return chain;
    }

    /**
     * Peak of the smallest architecture with each option, in bytes: [decision][option].
     *
     * @throws IllegalStateException when the space is no chain
     */
    public double[][] optionPeakBytes() {
        if (!chain) {
            throw new IllegalStateException("in the space " + space.name() + " only whole networks tell a peak");
        }
        return peakBytes;
    }
}
