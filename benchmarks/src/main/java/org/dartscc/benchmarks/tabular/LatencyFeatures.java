package org.dartscc.benchmarks.tabular;

/**
 * What the latency of a cell is linear in: one, the counts of each option but none over all edges, the same over live
 * edges, and each option of each edge.
 */
final class LatencyFeatures {
    static final int KINDS = Cells.OPTIONS - 1;
    static final int WIDTH = 1 + 2 * KINDS + Cells.EDGES * KINDS;
    /** No latency is believed to be below this share of the device's median. */
    static final double LEAST = .05;

    private static final double[][] FEATURES = features();

    private LatencyFeatures() {}

    static double[] of(int cell) {
        return FEATURES[cell];
    }

    /** Latency of a cell for a device's coefficients, relative to its median. */
    static double latency(double[] coefficients, int cell) {
        return Math.max(LEAST, Vectors.dot(FEATURES[cell], coefficients));
    }

    private static double[][] features() {
        var all = new double[Cells.COUNT][WIDTH];
        for (int cell = 0; cell < all.length; cell++) {
            var row = all[cell];
            row[0] = 1;
            System.arraycopy(Cells.counts(Cells.digits(cell)), 0, row, 1, KINDS);
            System.arraycopy(Cells.counts(Cells.live(cell)), 0, row, 1 + KINDS, KINDS);
            for (int e = 0; e < Cells.EDGES; e++) {
                int option = Cells.digits(cell)[e];
                if (option > 0) {
                    row[ofEdge(e, option)] = 1;
                }
            }
        }
        return all;
    }

    /** Index of the feature that an edge has an option, which is not none. */
    static int ofEdge(int edge, int option) {
        return 1 + 2 * KINDS + edge * KINDS + option - 1;
    }
}
