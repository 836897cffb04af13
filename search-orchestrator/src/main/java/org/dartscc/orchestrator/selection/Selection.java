package org.dartscc.orchestrator.selection;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.selection.Budget;
import org.dartscc.model.selection.Candidate;
import org.dartscc.model.selection.DeviceFront;
import org.dartscc.model.selection.ExactSelector;
import org.dartscc.model.selection.FrontPoint;
import org.dartscc.model.selection.Hypernetwork;
import org.dartscc.model.selection.Proposal;
import org.dartscc.model.selection.ProposalSelector;
import org.dartscc.model.selection.Selector;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.orchestrator.api.Problems;

/** What a search can answer for one device, with one fit of the trade-off and one version of the device's costs. */
public final class Selection {
    /** Kept for every budget: enough for all attempts of a model. */
    private static final int RANDOM_DRAWS = 4000;
    /** How close to the best architecture's latency a random one should come from below. */
    private static final double RANDOM_WINDOW = .9;
    /** What was told as the smallest must be kept when it is asked for, whatever a product's last digit is. */
    private static final double ABOVE_ROUNDING = 1 + 1e-9;

    private final SearchSpace space;
    private final CostTable table;
    private final int fitNumber;
    private final Optional<Hypernetwork> hypernetwork;
    private final Optional<Double> watts;
    private final int networksAwaited;
    private final Selector selector;
    private volatile List<FrontPoint> front;

    Selection(
            SearchSpace space,
            AccuracyEstimate estimate,
            Optional<Hypernetwork> hypernetwork,
            List<Proposal> proposals,
            int fitNumber,
            CostTable table,
            Optional<Double> watts,
            int networksAwaited) {
        this.space = space;
        this.table = table;
        this.fitNumber = fitNumber;
        this.hypernetwork = hypernetwork;
        this.watts = watts;
        this.networksAwaited = networksAwaited;
        this.selector = proposals.isEmpty()
                ? new ExactSelector(space, estimate, table, ExactSelector.ENOUGH)
                : new ProposalSelector(space, estimate, proposals, table);
    }

    boolean isOf(int fit, long costVersion) {
        return fitNumber == fit && table.version() == costVersion;
    }

    public long costVersion() {
        return table.version();
    }

    /** How much predictions err, and so the share by which a budget is kept where that can be. */
    double marginShare() {
        return table.marginShare();
    }

    /** What there is to know of predictions that are still rough. */
    Optional<String> calibrationNote() {
        return networksAwaited == 0
                ? Optional.empty()
                : Optional.of("the device is being calibrated: latencies are rough until %d more networks are timed"
                        .formatted(networksAwaited));
    }

    /** Points by rising latency. */
    List<FrontPoint> front() {
        if (front == null) {
            front = DeviceFront.of(space, selector, table, hypernetwork);
        }
        return front;
    }

    /**
     * The best architecture within a budget. One that keeps the budget with the margin of the prediction's error is
     * preferred, so that the measured latency keeps it too.
     */
    Optional<Candidate> best(Budget budget) {
        var limits = limits(budget);
        return first(withMargin(limits)).or(() -> first(limits));
    }

    /** A budget as the selector takes it, energy told as latency. */
    private Budget limits(Budget budget) {
        return budget.energyMicrojoules() == null ? budget : budget.withEnergyAsLatency(requiredWatts());
    }

    private double requiredWatts() {
        return watts.orElseThrow(() -> Problems.conflict(
                "budget.energyMicrojoules",
                "The energy of an inference on the device is not known. It is learnt from the models that the device"
                        + " times: make a model first. Where its energyNote says that the host has no counters, as on an"
                        + " imported device, it never will be: limit the latency instead"));
    }

    private Optional<Candidate> first(Budget budget) {
        return selector.best(budget, 1).stream().findFirst();
    }

    private Budget withMargin(Budget budget) {
        return budget.latencyMicros() == null
                ? budget
                : budget.withLatencyMicros(budget.latencyMicros() / (1 + table.marginShare()));
    }

    /**
     * A candidate in the place of others that broke the budget.
     *
     * @param marginShare by which its prediction is below the budget at least, as a share of the prediction
     */
    public record Next(Candidate candidate, double marginShare) {}

    /**
     * What a device measured of a candidate.
     *
     * @param energyMicrojoules of one inference; null where nobody measured it
     */
    public record Measured(double p50Micros, Double energyMicrojoules) {}

    /**
     * The best architecture that was not tried yet and keeps the budget even if it turns out as much slower than
     * predicted, or takes as much more energy, as the worst of those that were tried, and by the usual error more where
     * that can be kept. None where energy is limited and no longer known, since the device has another runtime by now.
     */
    public Optional<Next> next(Budget budget, Map<Genotype, Measured> tried) {
        if (budget.energyMicrojoules() != null && watts.isEmpty()) {
            return Optional.empty();
        }
        double worse = 1;
        for (var one : tried.entrySet()) {
            double predicted = selector.latencyMicros(space.indices(one.getKey()));
            if (predicted <= 0) {
                continue;
            }
            if (budget.latencyMicros() != null) {
                worse = Math.max(worse, one.getValue().p50Micros / predicted);
            }
            if (budget.energyMicrojoules() != null && one.getValue().energyMicrojoules != null) {
                worse = Math.max(worse, one.getValue().energyMicrojoules / (requiredWatts() * predicted));
            }
        }
        var limits = limits(budget);
        double slower = worse;
        return untried(limits, slower * (1 + table.marginShare()) - 1, tried.keySet())
                .or(() -> untried(limits, slower - 1, tried.keySet()));
    }

    private Optional<Next> untried(Budget budget, double margin, Collection<Genotype> tried) {
        return selector
                .best(budget.withLatencyMicros(budget.latencyMicros() / (1 + margin)), ExactSelector.ENOUGH)
                .stream()
                .filter(c -> !tried.contains(c.genotype()))
                .findFirst()
                .map(candidate -> new Next(candidate, margin));
    }

    /**
     * A random architecture that costs as much as the best one: its predicted latency within 90 to 100 % of that, the
     * nearest below where none was drawn.
     */
    Candidate random(Candidate best, Budget budget, long seed) {
        var random = new Random(seed);
        var limits = limits(budget);
        Candidate nearest = null;
        for (int i = 0; i < RANDOM_DRAWS; i++) {
            var drawn = space.indices(space.random(random));
            double micros = selector.latencyMicros(drawn);
            if (micros > best.latencyMicros() || nearest != null && micros <= nearest.latencyMicros()) {
                continue;
            }
            var candidate = selector.candidate(drawn);
            if (limits.admits(candidate)) {
                if (micros >= RANDOM_WINDOW * best.latencyMicros()) {
                    return candidate;
                }
                nearest = candidate;
            }
        }
        return nearest == null ? best : nearest;
    }

    /** For each limit that was asked for, the smallest that can be kept; together with the others where that can be. */
    Budget smallestFeasible(Budget budget) {
        var smallest = selector.smallestFeasible(limits(budget));
        return budget.energyMicrojoules() == null
                ? smallest
                : new Budget(
                        budget.latencyMicros() == null ? null : smallest.latencyMicros(),
                        smallest.parameters(),
                        smallest.macs(),
                        smallest.fileBytes(),
                        smallest.peakActivationBytes(),
                        requiredWatts() * smallest.latencyMicros() * ABOVE_ROUNDING);
    }
}
