package org.dartscc.cli.demo;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** Latency budgets that show a front from end to end. */
final class Budgets {
    /** Above the cheapest point: a budget at its very latency would leave nothing for a measurement to differ. */
    private static final double ABOVE_CHEAPEST = 1.25;

    /** Above the costliest point, so that the most accurate network is among the answers for sure. */
    private static final double ABOVE_COSTLIEST = 1.2;

    /** Closer budgets would often get the same answer. */
    private static final double SMALLEST_RATIO = 1.15;

    private static final MathContext TWO_DIGITS = new MathContext(2, RoundingMode.UP);

    private Budgets() {}

    /**
     * Budgets evenly spread by ratio, rounded up to two digits.
     *
     * @param frontMicros latencies of the front's points, in any order
     * @return distinct budgets in microseconds, smallest first
     */
    static List<Double> spread(List<Double> frontMicros, int count) {
        if (frontMicros.isEmpty() || count < 2) {
            throw new IllegalArgumentException("at least one point and two budgets are needed");
        }
        double cheapest =
                frontMicros.stream().mapToDouble(Double::doubleValue).min().getAsDouble();
        double costliest =
                frontMicros.stream().mapToDouble(Double::doubleValue).max().getAsDouble();
        double lowest = cheapest * ABOVE_CHEAPEST;
        double highest = Math.max(costliest * ABOVE_COSTLIEST, lowest * Math.pow(SMALLEST_RATIO, count - 1));
        var budgets = new ArrayList<Double>();
        for (int i = 0; i < count; i++) {
            budgets.add(rounded(lowest * Math.pow(highest / lowest, i / (count - 1.0))));
        }
        return List.copyOf(budgets);
    }

    private static double rounded(double micros) {
        return new BigDecimal(micros, MathContext.DECIMAL32).round(TWO_DIGITS).doubleValue();
    }
}
