package org.dartscc.model.selection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Pareto fronts of two objectives that are both minimised, and their hypervolume. */
public final class ParetoFront {
    private ParetoFront() {}

    /** The elements that no other dominates, by rising first objective; of equals, the first given. */
    public static <T> List<T> of(List<T> all, ToDoubleFunction<T> first, ToDoubleFunction<T> second) {
        var sorted = new ArrayList<>(all);
        sorted.sort(Comparator.comparingDouble(first).thenComparingDouble(second));
        var front = new ArrayList<T>();
        double best = Double.POSITIVE_INFINITY;
        for (var element : sorted) {
            if (second.applyAsDouble(element) < best) {
                best = second.applyAsDouble(element);
                front.add(element);
            }
        }
        return front;
    }

    /**
     * Area that is dominated by the elements and dominates the reference point; elements beyond the reference add
     * nothing.
     */
    public static <T> double hypervolume(
            List<T> all,
            ToDoubleFunction<T> first,
            ToDoubleFunction<T> second,
            double firstReference,
            double secondReference) {
        double volume = 0;
        double upper = secondReference;
        for (var point : of(all, first, second)) {
            double x = first.applyAsDouble(point);
            double y = Math.min(upper, second.applyAsDouble(point));
            if (x < firstReference && y < upper) {
                volume += (firstReference - x) * (upper - y);
                upper = y;
            }
        }
        return volume;
    }
}
