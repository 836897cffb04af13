package org.dartscc.benchmarks.tabular;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

import org.dartscc.model.selection.ParetoFront;

/** Believed ranges of latency and error, to which a method scales its objectives as the protocol does. */
record Scale(double leastLatency, double mostLatency, double leastError) {
    /** @param logErrors believed ln(error in percent) by cell */
    static Scale of(int[] cells, double[] latency, double[] logErrors) {
        var latencies = Arrays.stream(cells).mapToDouble(c -> latency[c]).summaryStatistics();
        double least = Arrays.stream(cells).mapToDouble(c -> logErrors[c]).min().orElseThrow();
        return new Scale(latencies.getMin(), latencies.getMax(), Math.exp(least));
    }

    /** In [0, 1] for what is believed; a measurement may turn out to be even less than what is believed to be least. */
    double latency(double value) {
        return (value - leastLatency) / (mostLatency - leastLatency);
    }

    /** Likewise. */
    double error(double logError) {
        return (Math.exp(logError) - leastError) / (TabularData.CHANCE_ERROR - leastError);
    }

    /** At most so many of the elements, each next one chosen for the hypervolume it adds. */
    static <T> List<T> spread(Collection<T> all, ToDoubleFunction<T> first, ToDoubleFunction<T> second, int count) {
        var rest = new ArrayList<>(ParetoFront.of(List.copyOf(all), first, second));
        var chosen = new ArrayList<T>();
        while (chosen.size() < count && !rest.isEmpty()) {
            var stairs = Stairs.of(chosen, first, second);
            var best = rest.stream()
                    .max(Comparator.comparingDouble(e -> stairs.gain(first.applyAsDouble(e), second.applyAsDouble(e))))
                    .orElseThrow();
            chosen.add(best);
            rest.remove(best);
        }
        return chosen;
    }
}
