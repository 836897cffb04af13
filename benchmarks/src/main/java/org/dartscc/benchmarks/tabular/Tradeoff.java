package org.dartscc.benchmarks.tabular;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.dartscc.model.selection.BudgetScale;

/**
 * A device as the conditioned methods see it, and the losses that they are trained on.
 *
 * @param errors of every cell scaled to [0, 1], 1 for unconnected ones
 * @param latencies of every cell, in any unit
 * @param scaledLatencies in [0, 1]
 * @param budgetScale the device's range of latencies
 * @param options cost of each option of each edge, in any unit
 */
record Tradeoff(
        double[] errors, double[] latencies, double[] scaledLatencies, BudgetScale budgetScale, double[][] options) {
    /** Conditions that a front is read out at; {@link Outcome} keeps as many cells as the protocol allows. */
    static final int RAYS = 96;

    private static final double LEAST_LOG_LAMBDA = -2.5;
    private static final double MOST_LOG_LAMBDA = .5;
    private static final double LEAST_OPTION_SHARE = .1;

    static Tradeoff of(Search search, DeviceCosts costs) {
        var cells = search.data().cells();
        var latencies = costs.latencies();
        var scale = Scale.of(cells, latencies, search.logErrors());
        var errors = new double[Cells.COUNT];
        Arrays.fill(errors, 1);
        for (int cell : cells) {
            errors[cell] = Math.min(1, scale.error(search.logErrors()[cell]));
        }
        return new Tradeoff(
                errors,
                latencies,
                Arrays.stream(latencies).map(l -> Math.max(0, scale.latency(l))).toArray(),
                new BudgetScale(scale.leastLatency(), scale.mostLatency()),
                floored(costs.options()));
    }

    /** What is nearly free costs about nothing: its exact share is noise, and a logarithm of it would be more so. */
    private static double[][] floored(double[][] options) {
        double mean = Arrays.stream(options)
                .flatMapToDouble(Arrays::stream)
                .map(c -> Math.max(0, c))
                .average()
                .orElseThrow();
        return Arrays.stream(options)
                .map(row -> Arrays.stream(row)
                        .map(c -> Math.max(c, LEAST_OPTION_SHARE * mean))
                        .toArray())
                .toArray(double[][]::new);
    }

    /** log10 of lambda at a place in [0, 1]. */
    static double logLambda(double place) {
        return LEAST_LOG_LAMBDA + place * (MOST_LOG_LAMBDA - LEAST_LOG_LAMBDA);
    }

    /** Error + lambda latency, both scaled. */
    double[] lambdaLoss(double place) {
        return weighted(1, Math.pow(10, logLambda(place)));
    }

    /** r error + (1 - r) latency, both scaled: what MODNAS weighs objectives by. */
    double[] preferenceLoss(double preference) {
        return weighted(preference, 1 - preference);
    }

    private double[] weighted(double errorWeight, double latencyWeight) {
        var loss = new double[errors.length];
        for (int cell = 0; cell < loss.length; cell++) {
            loss[cell] = errorWeight * errors[cell] + latencyWeight * scaledLatencies[cell];
        }
        return loss;
    }

    /**
     * A condition: the place, then how costly each operator is relative to the device's range, to the others and to
     * the cheapest cell, how its cost differs by edge, and how wide the range is.
     */
    double[] condition(double place) {
        double least = budgetScale.minMicros();
        double range = budgetScale.maxMicros() - least;
        var condition = new double[1 + 3 * LatencyFeatures.KINDS + Cells.EDGES * LatencyFeatures.KINDS + 1];
        condition[0] = place;
        var costs = new double[Cells.OPTIONS];
        for (int o = 1; o < Cells.OPTIONS; o++) {
            int option = o;
            costs[o] = Arrays.stream(options)
                    .mapToDouble(row -> row[option])
                    .average()
                    .orElseThrow();
        }
        double mean = Arrays.stream(costs).sum() / LatencyFeatures.KINDS;
        int at = 1;
        for (int o = 1; o < Cells.OPTIONS; o++) {
            condition[at++] = 10 * costs[o] / range - 1;
            condition[at++] = Math.log(costs[o] / mean);
            condition[at++] = .5 * Math.log(costs[o] / least);
        }
        for (var edge : options) {
            for (int o = 1; o < Cells.OPTIONS; o++) {
                condition[at++] = 20 * (edge[o] - costs[o]) / range;
            }
        }
        condition[at] = Math.log(budgetScale.maxMicros() / least) - 2;
        return condition;
    }

    /** MODNAS' condition: the preference, then ln of the latencies of reference cells relative to their mean. */
    static double[] embedded(double preference, double[] referenceLatencies) {
        double mean = Arrays.stream(referenceLatencies).average().orElseThrow();
        var condition = new double[1 + referenceLatencies.length];
        condition[0] = preference;
        for (int i = 0; i < referenceLatencies.length; i++) {
            condition[i + 1] = Math.log(Math.max(referenceLatencies[i], 1e-3 * mean) / mean);
        }
        return condition;
    }

    /** Places of the rays in [0, 1]. */
    static List<Double> rays(int count) {
        return IntStream.range(0, count).mapToObj(i -> i / (count - 1.0)).toList();
    }

    /** Values of hat functions on evenly spaced knots: linear interpolation. */
    static double[] hats(double place, int knots) {
        var hats = new double[knots];
        for (int k = 0; k < knots; k++) {
            hats[k] = Math.max(0, 1 - Math.abs(place * (knots - 1) - k));
        }
        return hats;
    }
}
