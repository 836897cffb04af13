package org.dartscc.benchmarks.tabular;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

import org.dartscc.model.selection.BudgetScale;

/**
 * A device whose exact answers a hypernetwork imitates.
 *
 * @param features the condition of the device for place 0
 * @param cells of its first Pareto layers, which hold the best cell of every trade-off
 * @param logErrors ln(error in percent) of each of them
 * @param logLatencies ln(latency) of each of them, in the unit of the range
 * @param errors of each of them, scaled to [0, 1]
 * @param latencies likewise
 */
record Teacher(
        double[] features,
        BudgetScale range,
        int[] cells,
        double[] logErrors,
        double[] logLatencies,
        double[] errors,
        double[] latencies) {
    private static final int CELLS = 400;
    private static final double LEAST_LOG_LAMBDA = -2.5;
    private static final double MOST_LOG_LAMBDA = 1.5;
    private static final double SUM_SHARE = .01;
    private static final double TINY = 1e-4;
    /** Price of exceeding the budget by its own size, against ln(error). */
    private static final double RHO = 10;

    static Teacher of(Search search, DeviceCosts costs) {
        var tradeoff = Tradeoff.of(search, costs);
        var cells = search.layers(tradeoff.latencies(), CELLS);
        var logLatencies = Arrays.stream(cells)
                .mapToDouble(c -> Math.log(tradeoff.latencies()[c]))
                .toArray();
        return new Teacher(
                tradeoff.condition(0),
                tradeoff.budgetScale(),
                cells,
                Vectors.at(search.logErrors(), cells),
                logLatencies,
                Vectors.at(tradeoff.errors(), cells),
                Vectors.at(tradeoff.scaledLatencies(), cells));
    }

    /** ln(error) + rho max(0, ln(latency / budget)), the place being the budget's in the range. */
    PolicyTraining.Lesson budget(double place) {
        double budget = Math.log(range.micros(place));
        return lesson(place, i -> logErrors[i] + RHO * Math.max(0, logLatencies[i] - budget));
    }

    /**
     * ln max(error, lambda latency), both scaled to [0, 1], the place being log lambda's. Where a weighted sum only ever
     * finds the convex hull of a front, this finds all of it (Chebyshev's scalarisation, with a little of the sum).
     */
    PolicyTraining.Lesson lambda(double place) {
        double lambda = Math.pow(10, LEAST_LOG_LAMBDA + place * (MOST_LOG_LAMBDA - LEAST_LOG_LAMBDA));
        return lesson(place, i -> {
            double weighted = lambda * latencies[i];
            return Math.log(Math.max(errors[i], weighted) + SUM_SHARE * (errors[i] + weighted) + TINY);
        });
    }

    private PolicyTraining.Lesson lesson(double place, IntToDoubleFunction lossOf) {
        var condition = features.clone();
        condition[0] = place;
        var loss = new double[cells.length];
        Arrays.setAll(loss, lossOf);
        return new PolicyTraining.Lesson(condition, cells, loss);
    }
}
