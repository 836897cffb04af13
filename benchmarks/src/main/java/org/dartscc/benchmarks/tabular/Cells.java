package org.dartscc.benchmarks.tabular;

import java.util.Arrays;
import java.util.stream.IntStream;

import org.dartscc.model.network.Shape;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;

/**
 * All 15,625 cells of NAS-Bench-201 and what can be told of a cell without training it. A path leads from the cell's
 * input to its output over edges that are not none; an edge is live when it lies on a path.
 */
final class Cells {
    static final int EDGES = 6;
    static final int OPTIONS = 5;
    static final int COUNT = 15_625;
    private static final int NONE = 0;

    /** The paths from node 0 to node 3 as edges. */
    private static final int[][] PATHS = {{3}, {0, 4}, {1, 5}, {0, 2, 5}};

    static final SearchSpace SPACE = new SpaceSpec("nas-bench-201", new Shape(3, 32, 32), 10).create();

    private static final int[][] DIGITS =
            IntStream.range(0, COUNT).mapToObj(Cells::read).toArray(int[][]::new);
    private static final int[][] LIVE =
            Arrays.stream(DIGITS).map(Cells::withoutDeadEdges).toArray(int[][]::new);

    private Cells() {}

    private static int[] read(int cell) {
        var digits = new int[EDGES];
        for (int e = EDGES - 1, rest = cell; e >= 0; e--, rest /= OPTIONS) {
            digits[e] = rest % OPTIONS;
        }
        return digits;
    }

    /** @throws IllegalArgumentException when the text is not six digits of 0 to 4 */
    static int parse(String text) {
        if (!text.matches("[0-4]{6}")) {
            throw new IllegalArgumentException("\"" + text + "\" is not a NAS-Bench-201 cell, six digits of 0 to 4");
        }
        return Integer.parseInt(text, OPTIONS);
    }

    static String text(int cell) {
        var digits = new StringBuilder();
        for (int digit : DIGITS[cell]) {
            digits.append(digit);
        }
        return digits.toString();
    }

    /** The option of every edge. */
    static int[] digits(int cell) {
        return DIGITS[cell];
    }

    /** The option of every edge, none where no path uses the edge. */
    static int[] live(int cell) {
        return LIVE[cell];
    }

    static boolean isConnected(int cell) {
        return SPACE.isConnected(DIGITS[cell]);
    }

    static int of(int[] digits) {
        int cell = 0;
        for (int digit : digits) {
            cell = cell * OPTIONS + digit;
        }
        return cell;
    }

    /** The cells that differ in one edge. */
    static int[] neighbours(int cell) {
        return IntStream.range(0, EDGES * OPTIONS)
                .filter(i -> DIGITS[cell][i / OPTIONS] != i % OPTIONS)
                .map(i -> {
                    var digits = DIGITS[cell].clone();
                    digits[i / OPTIONS] = i % OPTIONS;
                    return of(digits);
                })
                .toArray();
    }

    private static boolean isOpen(int[] path, int[] digits) {
        return Arrays.stream(path).allMatch(e -> digits[e] != NONE);
    }

    private static int[] withoutDeadEdges(int[] digits) {
        var live = new int[EDGES];
        for (var path : PATHS) {
            if (isOpen(path, digits)) {
                for (int e : path) {
                    live[e] = digits[e];
                }
            }
        }
        return live;
    }

    /** How often each option but none occurs. */
    static double[] counts(int[] digits) {
        var counts = new double[OPTIONS - 1];
        for (int digit : digits) {
            if (digit != NONE) {
                counts[digit - 1]++;
            }
        }
        return counts;
    }

    /**
     * What a cell computes: per path the number of each option on it and whether it is open; the counts of live
     * edges; the number of open paths; longest and shortest chains of convolutions and of pools over the open paths.
     */
    static double[] structure(int cell) {
        var features = new double[PATHS.length * OPTIONS + OPTIONS - 1 + 6];
        var chains = new Chains();
        int at = 0;
        for (var path : PATHS) {
            if (isOpen(path, DIGITS[cell])) {
                var counts =
                        counts(Arrays.stream(path).map(e -> DIGITS[cell][e]).toArray());
                System.arraycopy(counts, 0, features, at, counts.length);
                features[at + counts.length] = 1;
                chains.add(counts);
            }
            at += OPTIONS;
        }
        for (double count : counts(LIVE[cell])) {
            features[at++] = count;
        }
        chains.write(features, at);
        return features;
    }

    /** Extremes over the open paths. */
    private static final class Chains {
        private static final int CONV_1X1 = 1;
        private static final int CONV_3X3 = 2;
        private static final int POOL = 3;

        private int open;
        private double longest3x3;
        private double longestConv;
        private double shortestConv = EDGES;
        private double longestPool;
        private double shortestPool = EDGES;

        void add(double[] counts) {
            double convolutions = counts[CONV_1X1] + counts[CONV_3X3];
            open++;
            longest3x3 = Math.max(longest3x3, counts[CONV_3X3]);
            longestConv = Math.max(longestConv, convolutions);
            shortestConv = Math.min(shortestConv, convolutions);
            longestPool = Math.max(longestPool, counts[POOL]);
            shortestPool = Math.min(shortestPool, counts[POOL]);
        }

        void write(double[] features, int at) {
            double[] all = {open, longest3x3, longestConv, shortestConv, longestPool, shortestPool};
            System.arraycopy(all, 0, features, at, all.length);
        }
    }
}
