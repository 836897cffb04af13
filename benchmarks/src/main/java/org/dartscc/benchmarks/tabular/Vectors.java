package org.dartscc.benchmarks.tabular;

import java.util.Arrays;

/** Sums over arrays. */
final class Vectors {
    private Vectors() {}

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double[] times(double[][] matrix, double[] vector) {
        return Arrays.stream(matrix).mapToDouble(row -> dot(row, vector)).toArray();
    }

    static double median(double[] values) {
        var sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    static int argmax(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    static double[] at(double[] values, int[] indices) {
        return Arrays.stream(indices).mapToDouble(i -> values[i]).toArray();
    }

    /** sum += factor values. */
    static void addTo(double[] sum, double[] values, double factor) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * values[i];
        }
    }

    /** sum += factor a b^T. */
    static void addOuter(double[][] sum, double[] a, double[] b, double factor) {
        for (int i = 0; i < a.length; i++) {
            addTo(sum[i], b, factor * a[i]);
        }
    }
}
