package org.dartscc.benchmarks.tabular;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.dartscc.model.selection.ParetoFront;

/**
 * What a method answers for one device.
 *
 * @param selected cells of its front
 * @param evaluations true evaluations spent on this device
 * @param answers cell for each of the device's budgets, empty where the method has none that it believes to fit
 */
record Outcome(List<Integer> selected, int evaluations, List<Optional<Integer>> answers) {
    /** Rays of the published protocol: no front has more cells, but those of random search and NSGA-II. */
    static final int CELLS = 24;

    /** A prediction is given only where it fits with a margin of so many standard deviations of the latency. */
    private static final double MARGIN = 3;

    /**
     * Cells that were not evaluated. Of more than a front may have, those of the best front by belief are kept; a budget
     * is answered with the best by belief that fits with a margin.
     */
    static Outcome unverified(List<Integer> proposed, Search search, Search.KnownDevice device) {
        var latencies = device.latencies();
        var selected = proposed.size() <= CELLS ? proposed : spread(proposed, search, latencies);
        double margin = 1 + MARGIN * device.model().relativeNoise();
        var answers = Arrays.stream(device.truth().budgets())
                .mapToObj(budget -> selected.stream()
                        .filter(c -> latencies[c] * margin <= budget)
                        .min(Comparator.comparingDouble(c -> search.logErrors()[c])))
                .toList();
        return new Outcome(selected, 0, answers);
    }

    private static List<Integer> spread(List<Integer> cells, Search search, double[] latencies) {
        var scale = Scale.of(search.data().cells(), latencies, search.logErrors());
        return Scale.spread(cells, c -> scale.latency(latencies[c]), c -> scale.error(search.logErrors()[c]), CELLS);
    }

    /** Answers of evaluated cells only, whose latency is known. */
    static Outcome verified(
            List<Integer> selected, int evaluations, Collection<Trials.Evaluation> known, Device device) {
        var answers = Arrays.stream(device.budgets())
                .mapToObj(budget -> best(known, budget))
                .toList();
        return new Outcome(selected, evaluations, answers);
    }

    /** All that a method without a model knows: what it evaluated. */
    static Outcome evaluated(Trials trials, Device device) {
        var known = trials.evaluated();
        var front = ParetoFront.of(known, Trials.Evaluation::latency, Trials.Evaluation::error);
        return verified(front.stream().map(Trials.Evaluation::cell).toList(), known.size(), known, device);
    }

    /** The cell of least error within a budget, among evaluated ones. */
    static Optional<Integer> best(Collection<Trials.Evaluation> known, double budget) {
        return known.stream()
                .filter(e -> e.latency() <= budget)
                .min(Comparator.comparingDouble(Trials.Evaluation::error))
                .map(Trials.Evaluation::cell);
    }
}
