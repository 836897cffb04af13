package org.dartscc.benchmarks.tabular;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.dartscc.model.selection.BudgetScale;
import org.dartscc.model.selection.Hypernetwork;

/**
 * A device as the conditioned methods see it, and the losses that they are trained on.
 *
 * @param errors of every cell scaled to [0, 1], 1 for unconnected ones
 * @param logErrors ln(error in percent) of every cell
 * @param latencies of every cell, in any unit
 * @param logLatencies their logarithms
 * @param scaledLatencies in [0, 1]
 * @param budgetScale the device's range of latencies
 * @param options cost of each option of each edge, in any unit
 */
record Tradeoff(
        double[] errors,
        double[] logErrors,
        double[] latencies,
        double[] logLatencies,
        double[] scaledLatencies,
        BudgetScale budgetScale,
        double[][] options) {
    /** Rays of the published protocol: conditions that a front is read out at. */
    static final int RAYS = 24;

    private static final double LEAST_LOG_LAMBDA = -2.5;
    private static final double MOST_LOG_LAMBDA = .5;
    /** Price of exceeding the budget by its own size, against ln(error). */
    private static final double RHO = 10;

    private static final double LEAST_OPTION_SHARE = .1;

    static Tradeoff of(Search search, DeviceCosts costs) {
        var cells = search.data().cells();
        var latencies = costs.latencies();
        var scale = Scale.of(cells, latencies, search.logErrors());
        var errors = new double[Cells.COUNT];
        var logErrors = new double[Cells.COUNT];
        Arrays.fill(errors, 1);
        Arrays.fill(logErrors, Math.log(TabularData.CHANCE_ERROR));
        for (int cell : cells) {
            errors[cell] = scale.error(search.logErrors()[cell]);
            logErrors[cell] = search.logErrors()[cell];
        }
        return new Tradeoff(
                errors,
                logErrors,
                latencies,
                Arrays.stream(latencies).map(Math::log).toArray(),
                Arrays.stream(latencies).map(scale::latency).toArray(),
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

    /** ln(error) + rho max(0, ln(latency / budget)). */
    double[] budgetLoss(double position) {
        double budget = Math.log(budgetScale.micros(position));
        var loss = new double[logErrors.length];
        for (int cell = 0; cell < loss.length; cell++) {
            loss[cell] = logErrors[cell] + RHO * Math.max(0, logLatencies[cell] - budget);
        }
        return loss;
    }

    /** The input of the product's hypernetwork, and how wide the device's range of latencies is. */
    double[] encoded(double place) {
        var encoded = Hypernetwork.encode(Cells.SPACE, place, options);
        var condition = new double[encoded.length + 1];
        for (int i = 0; i < encoded.length; i++) {
            condition[i] = encoded[i];
        }
        condition[encoded.length] = Math.log(budgetScale.maxMicros() / budgetScale.minMicros());
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
    static List<Double> rays() {
        return IntStream.range(0, RAYS).mapToObj(i -> i / (RAYS - 1.0)).toList();
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
