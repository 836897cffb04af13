package org.dartscc.benchmarks.tabular;

import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

import org.dartscc.model.selection.ParetoFront;

/** A front of two minimised objectives as the stairs below which hypervolume with reference (1, 1) is still to gain. */
final class Stairs {
    private final double[] x;
    private final double[] y;

    private Stairs(double[] x, double[] y) {
        this.x = x;
        this.y = y;
    }

    static <T> Stairs of(Collection<T> all, ToDoubleFunction<T> first, ToDoubleFunction<T> second) {
        var front = ParetoFront.of(List.copyOf(all), first, second);
        return new Stairs(
                front.stream().mapToDouble(first).toArray(),
                front.stream().mapToDouble(second).toArray());
    }

    /** Hypervolume that a point would add. */
    double gain(double pointX, double pointY) {
        double gain = 0;
        double from = pointX;
        double ceiling = 1;
        for (int i = 0; i <= x.length && from < 1; i++) {
            double to = i < x.length ? Math.min(1, x[i]) : 1;
            if (to > from) {
                gain += (to - from) * Math.max(0, ceiling - pointY);
                from = to;
            }
            ceiling = i < x.length ? Math.min(ceiling, y[i]) : ceiling;
        }
        return gain;
    }
}
