package org.dartscc.benchmarks.tabular;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;

import org.dartscc.model.selection.ParetoFront;

/**
 * The truth about one device, and the published protocol (MODNAS) to judge by: error and latency are scaled to [0, 1]
 * by their extremes over all cells, the hypervolume's reference is (1, 1), and it is given relative to that of the true
 * front.
 */
final class Device {
    private static final int BUDGETS = 10;
    private static final double LOWEST_QUANTILE = .05;

    private final String name;
    private final int[] cells;
    private final double[] latency;
    private final double[] error;
    private final Range latencies;
    private final Range errors;
    private final double trueHypervolume;

    private record Range(double min, double max) {
        static Range of(int[] cells, double[] values) {
            var statistics = Arrays.stream(cells).mapToDouble(c -> values[c]).summaryStatistics();
            return new Range(statistics.getMin(), statistics.getMax());
        }

        double scaled(double value) {
            return (value - min) / (max - min);
        }
    }

    /**
     * @param cells that take part
     * @param latency by cell, in milliseconds
     * @param error that is reported, by cell, in percent
     */
    Device(String name, int[] cells, double[] latency, double[] error) {
        this.name = name;
        this.cells = cells;
        this.latency = latency;
        this.error = error;
        this.latencies = Range.of(cells, latency);
        this.errors = Range.of(cells, error);
        this.trueHypervolume = hypervolume(front());
    }

    String name() {
        return name;
    }

    double latency(int cell) {
        return latency[cell];
    }

    /** The true Pareto front, cheapest first. */
    List<Integer> front() {
        return ParetoFront.of(Arrays.stream(cells).boxed().toList(), c -> latency[c], c -> error[c]);
    }

    double relativeHypervolume(Collection<Integer> selected) {
        return hypervolume(selected) / trueHypervolume;
    }

    private double hypervolume(Collection<Integer> selected) {
        return ParetoFront.hypervolume(
                List.copyOf(selected), c -> latencies.scaled(latency[c]), c -> errors.scaled(error[c]), 1, 1);
    }

    /** Budgets to ask for, in milliseconds: quantiles 5 % to 95 % of the latencies of all cells. */
    double[] budgets() {
        var sorted = Arrays.stream(cells).mapToDouble(c -> latency[c]).sorted().toArray();
        var budgets = new double[BUDGETS];
        for (int b = 0; b < BUDGETS; b++) {
            double quantile = LOWEST_QUANTILE + (1 - 2 * LOWEST_QUANTILE) * b / (BUDGETS - 1);
            budgets[b] = sorted[(int) Math.round(quantile * (sorted.length - 1))];
        }
        return budgets;
    }

    /** Points of accuracy that the most accurate cell within the budget is ahead of this one. */
    double gap(double budget, int cell) {
        double best = Arrays.stream(cells)
                .filter(c -> latency[c] <= budget)
                .mapToDouble(c -> error[c])
                .min()
                .orElseThrow();
        return error[cell] - best;
    }

    /** Reported accuracy in percent. */
    double accuracy(int cell) {
        return 100 - error[cell];
    }
}
