package org.dartscc.benchmarks.tabular;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Coefficients as latencies and operator costs, relative to the device's median latency. */
final class DeviceCosts {
    private static final double FREE = .02;
    private final double[] coefficients;

    DeviceCosts(double[] coefficients) {
        this.coefficients = coefficients;
    }

    double[] coefficients() {
        return coefficients;
    }

    /** Latency of every cell. */
    double[] latencies() {
        return IntStream.range(0, Cells.COUNT)
                .mapToDouble(cell -> LatencyFeatures.latency(coefficients, cell))
                .toArray();
    }

    /** Whether nothing costs less than nothing, noise apart. */
    boolean arePlausible() {
        return coefficients[0] > LatencyFeatures.LEAST
                && Arrays.stream(options()).flatMapToDouble(Arrays::stream).allMatch(c -> c > -FREE);
    }

    /** Cost of each option of each edge on live edges. */
    double[][] options() {
        var options = new double[Cells.EDGES][Cells.OPTIONS];
        for (int e = 0; e < Cells.EDGES; e++) {
            for (int o = 1; o < Cells.OPTIONS; o++) {
                options[e][o] = coefficients[o]
                        + coefficients[o + LatencyFeatures.KINDS]
                        + coefficients[LatencyFeatures.ofEdge(e, o)];
            }
        }
        return options;
    }
}
