package org.dartscc.benchmarks.fidelity;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Rank correlations. */
final class Ranks {
    private Ranks() {}

    /** Kendall's tau-b. */
    static double kendall(double[] a, double[] b) {
        double agreement = 0;
        double untiedA = 0;
        double untiedB = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                double signA = Math.signum(a[i] - a[j]);
                double signB = Math.signum(b[i] - b[j]);
                agreement += signA * signB;
                untiedA += signA * signA;
                untiedB += signB * signB;
            }
        }
        return untiedA == 0 || untiedB == 0 ? 0 : agreement / Math.sqrt(untiedA * untiedB);
    }

    /** Pearson's correlation of the ranks, equal values sharing their mean rank. */
    static double spearman(double[] a, double[] b) {
        var x = ranks(a);
        var y = ranks(b);
        double mean = (a.length - 1) / 2.0;
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - mean) * (y[i] - mean);
            xx += (x[i] - mean) * (x[i] - mean);
            yy += (y[i] - mean) * (y[i] - mean);
        }
        return xx == 0 || yy == 0 ? 0 : xy / Math.sqrt(xx * yy);
    }

    private static double[] ranks(double[] values) {
        return IntStream.range(0, values.length)
                .mapToDouble(i -> Arrays.stream(values)
                        .map(v -> v < values[i] ? 1 : v == values[i] ? .5 : 0)
                        .sum())
                .map(rank -> rank - .5)
                .toArray();
    }
}
