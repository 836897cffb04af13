package org.dartscc.agent.probe;

import java.util.Arrays;
import java.util.Collection;

/** Order statistics, linearly interpolated between the two nearest values. */
final class Quantiles {
    private Quantiles() {}

    static double median(Collection<Double> values) {
        return quantile(values, .5);
    }

    static double quantile(Collection<Double> values, double share) {
        return quantile(values.stream().mapToDouble(Double::doubleValue).toArray(), share);
    }

    static double quantile(double[] values, double share) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values have no quantile");
        }
        var sorted = values.clone();
        Arrays.sort(sorted);
        double at = share * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    static double halfInterquartileRange(Collection<Double> values) {
        return (quantile(values, .75) - quantile(values, .25)) / 2;
    }
}
