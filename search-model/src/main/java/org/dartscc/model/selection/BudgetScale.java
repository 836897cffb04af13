package org.dartscc.model.selection;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.SearchSpace;

/** A device's range of latencies, and the position of a budget in it: 0 = cheapest, 1 = costliest, log scale. */
public record BudgetScale(double minMicros, double maxMicros) {

    /** Range over all joint assignments of the groups. */
    public static BudgetScale of(SearchSpace space, CostTable costs) {
        double min = costs.fixedMicros();
        double max = costs.fixedMicros();
        for (var sums : costs.assignmentMicros(space)) {
            double least = sums[0];
            double most = sums[0];
            for (double sum : sums) {
                least = Math.min(least, sum);
                most = Math.max(most, sum);
            }
            min += least;
            max += most;
        }
        min = costs.latencyOf(min);
        max = costs.latencyOf(max);
        // A log scale needs a positive start and a width.
        double floor = Math.max(min, 1e-3 * Math.max(max, 1e-3));
        return new BudgetScale(floor, Math.max(max, floor * (1 + 1e-6)));
    }

    /** Position of a latency, limited to [0, 1]. */
    public double position(double micros) {
        double x = Math.log(micros / minMicros) / Math.log(maxMicros / minMicros);
        return Math.max(0, Math.min(1, x));
    }

    /** The latency at a position. */
    public double micros(double position) {
        return minMicros * Math.pow(maxMicros / minMicros, position);
    }
}
