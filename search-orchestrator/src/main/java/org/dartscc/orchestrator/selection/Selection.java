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

/** What a search can answer for one device, with one fit of the trade-off and one version of the device's costs. */
public final class Selection {
    /** Kept for every budget: enough for all attempts of a model. */
    private static final int RANDOM_DRAWS = 4000;
    /** How close to the best architecture's latency a random one should come from below. */
    private static final double RANDOM_WINDOW = .9;

    private final SearchSpace space;
    private final CostTable table;
    private final int fitNumber;
    private final Optional<Hypernetwork> hypernetwork;
    private final Selector selector;
    private volatile List<FrontPoint> front;

    Selection(
            SearchSpace space,
            AccuracyEstimate estimate,
            Optional<Hypernetwork> hypernetwork,
            List<Proposal> proposals,
            int fitNumber,
            CostTable table) {
        this.space = space;
        this.table = table;
        this.fitNumber = fitNumber;
        this.hypernetwork = hypernetwork;
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
        return first(withMargin(budget)).or(() -> first(budget));
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
     * The best architecture that was not tried yet and keeps the budget even if it turns out as much slower than
     * predicted as the worst of those that were tried, and by the usual error more where that can be kept.
     *
     * @param measuredMicros of those that were tried
     */
    public Optional<Next> next(Budget budget, Map<Genotype, Double> measuredMicros) {
        double residual = 0;
        for (var tried : measuredMicros.entrySet()) {
            double predicted = selector.latencyMicros(space.indices(tried.getKey()));
            residual = Math.max(residual, tried.getValue() / predicted - 1);
        }
        double slower = 1 + residual;
        return untried(budget, slower * (1 + table.marginShare()) - 1, measuredMicros.keySet())
                .or(() -> untried(budget, slower - 1, measuredMicros.keySet()));
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
        Candidate nearest = null;
        for (int i = 0; i < RANDOM_DRAWS; i++) {
            var drawn = space.indices(space.random(random));
            double micros = selector.latencyMicros(drawn);
            if (micros > best.latencyMicros() || nearest != null && micros <= nearest.latencyMicros()) {
                continue;
            }
            var candidate = selector.candidate(drawn);
            if (budget.admits(candidate)) {
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
        return selector.smallestFeasible(budget);
    }
}
