package org.dartscc.benchmarks.tabular;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntToDoubleFunction;

/**
 * Spends a device's true evaluations where they are expected to help most, sharpening the beliefs about accuracy and
 * latency with each. For a front that is the expected gain of hypervolume, for one budget the expected improvement of
 * the error times the probability to fit (constrained expected improvement).
 */
final class Verification {
    /** A normal distribution as four equally likely values, in standard deviations. */
    private static final double[] QUARTERS = {-1.15, -.32, .32, 1.15};

    private static final int CANDIDATES_PER_BUDGET = 250;
    /** How much ln(error) a cell is set back for each power of e that it is less likely to fit. */
    private static final double PROBABILITY_WEIGHT = .1;

    private final int[] candidates;
    private final JointGaussian error;
    private final JointGaussian latency;
    private final Trials trials;
    private final Map<Integer, Trials.Evaluation> known = new LinkedHashMap<>();
    private final Map<Integer, Integer> indexOf = new HashMap<>();

    private Verification(Search search, Search.KnownDevice device, int[] candidates, int evaluations) {
        this.candidates = candidates;
        this.error = search.accuracy().belief(candidates);
        this.latency = device.model().belief(candidates);
        this.trials = new Trials(search.data(), device.truth(), evaluations);
        for (int i = 0; i < candidates.length; i++) {
            indexOf.put(candidates[i], i);
        }
        for (int i = 0; i < device.reference().length; i++) {
            int cell = device.reference()[i];
            known.put(cell, new Trials.Evaluation(cell, search.data().chooseError()[cell], device.measured()[i]));
        }
    }

    /** A front of at most 24 cells: the verified, the measured reference cells and, between them, the predicted. */
    static Outcome front(Search search, Search.KnownDevice device, int[] candidates, int evaluations) {
        var verification = new Verification(search, device, candidates, evaluations);
        var scale = Scale.of(search.data().cells(), device.latencies(), search.logErrors());
        while (verification.hasMore()) {
            verification.evaluateMostGaining(scale);
        }
        return Outcome.verified(verification.answer(scale), evaluations, verification.known.values(), device.truth());
    }

    /** Answers each budget on its own, with so many evaluations for each. */
    static Outcome budgets(Search search, Search.KnownDevice device, int evaluationsPerBudget) {
        Set<Integer> evaluated = new HashSet<>();
        var answers = new ArrayList<Optional<Integer>>();
        for (double budget : device.truth().budgets()) {
            answers.add(answer(search, device, budget, evaluationsPerBudget, evaluated));
        }
        var selected = answers.stream().flatMap(Optional::stream).distinct().toList();
        return new Outcome(selected, evaluated.size(), answers);
    }

    private static Optional<Integer> answer(
            Search search, Search.KnownDevice device, double budget, int evaluations, Set<Integer> evaluated) {
        var verification = new Verification(search, device, promising(search, device, budget), evaluations);
        while (verification.hasMore()) {
            verification.evaluateMostPromising(budget);
        }
        verification.trials.evaluated().forEach(e -> evaluated.add(e.cell()));
        return Outcome.best(verification.known.values(), budget);
    }

    /** Cells of little error that may fit, by belief. */
    private static int[] promising(Search search, Search.KnownDevice device, double budget) {
        var latencies = device.latencies();
        double noise = device.model().relativeNoise();
        var logErrors = search.logErrors();
        return Arrays.stream(search.data().cells())
                .boxed()
                .sorted(Comparator.comparingDouble(c -> logErrors[c]
                        - Math.log(1e-6 + Normal.below((budget / latencies[c] - 1) / noise)) * PROBABILITY_WEIGHT))
                .limit(CANDIDATES_PER_BUDGET)
                .mapToInt(c -> c)
                .toArray();
    }

    private boolean hasMore() {
        return !trials.isSpent() && Arrays.stream(candidates).anyMatch(c -> !known.containsKey(c));
    }

    private void evaluateMostGaining(Scale scale) {
        var stairs = Stairs.of(known.values(), e -> scale.latency(e.latency()), e -> scale.error(Math.log(e.error())));
        evaluateBest(i -> {
            double gain = 0;
            for (double slower : QUARTERS) {
                double x = scale.latency(latency.mean(i) + slower * latency.deviation(i));
                for (double worse : QUARTERS) {
                    gain += stairs.gain(x, scale.error(error.mean(i) + worse * error.deviation(i)));
                }
            }
            return gain;
        });
    }

    private void evaluateMostPromising(double budget) {
        double best = Outcome.best(known.values(), budget)
                .map(c -> Math.log(known.get(c).error()))
                .orElse(Math.log(TabularData.CHANCE_ERROR));
        evaluateBest(i -> Normal.below((budget - latency.mean(i)) / latency.deviation(i))
                * Normal.expectedImprovement(best, error.mean(i), error.deviation(i)));
    }

    private void evaluateBest(IntToDoubleFunction worth) {
        int best = -1;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < candidates.length; i++) {
            if (!known.containsKey(candidates[i])) {
                double value = worth.applyAsDouble(i);
                if (value > most) {
                    most = value;
                    best = i;
                }
            }
        }
        var evaluation = trials.evaluate(candidates[best]);
        known.put(evaluation.cell(), evaluation);
        error.observe(best, Math.log(evaluation.error()));
        latency.observe(best, evaluation.latency());
    }

    private List<Integer> answer(Scale scale) {
        var cells = new ArrayList<>(known.keySet());
        Arrays.stream(candidates).filter(c -> !known.containsKey(c)).forEach(cells::add);
        return Scale.spread(
                cells, c -> scale.latency(believedLatency(c)), c -> scale.error(believedError(c)), Outcome.CELLS);
    }

    private double believedLatency(int cell) {
        return known.containsKey(cell) ? known.get(cell).latency() : latency.mean(indexOf.get(cell));
    }

    private double believedError(int cell) {
        return known.containsKey(cell) ? Math.log(known.get(cell).error()) : error.mean(indexOf.get(cell));
    }
}
