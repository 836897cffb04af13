package org.dartscc.model.selection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.SearchSpace;

/**
 * Exact selection under a budget. Latency and the surrogate of the error are both additive over the groups of a space,
 * so that the best architecture under a budget is a multiple-choice knapsack. It is solved by dynamic programming over
 * the groups, on the real costs instead of a quantised table: a partial architecture is kept as long as fewer than
 * {@code keep} others are at least as good in every cost and in the error, which keeps the {@code keep} best of every
 * budget. The result serves all budgets of one device and cost version from memory.
 *
 * <p>Architectures whose network is not connected are left out at the end; the {@code keep} best hold among the others
 * as long as fewer than {@code keep} unconnected ones dominate them.
 */
public final class ExactSelector {
    private static final int LATENCY = 0;
    private static final int PARAMETERS = 1;
    private static final int MACS = 2;

    private final SearchSpace space;
    private final AccuracyEstimate estimate;
    private final int keep;
    private final List<double[][]> tables;
    private final double[] fixed;
    private final double[][][] groupCosts;
    private final double[][] groupErrors;
    private final List<Candidate> byLatency;

    /**
     * @param keep how many architectures to keep for every budget, at least 1
     * @throws IllegalStateException when the cost table does not cover the space
     * @throws IllegalArgumentException when the estimate is not of this space
     */
    public ExactSelector(SearchSpace space, AccuracyEstimate estimate, CostTable costs, int keep) {
        estimate.requireFits(space);
        this.space = space;
        this.estimate = estimate;
        this.keep = keep;
        var rest = space.network(space.costliest());
        var parameters = space.optionParameters();
        var macs = space.optionMacs();
        this.fixed = new double[] {
            costs.fixedMicros(),
            rest.parameterCount() - at(parameters, space.indices(space.costliest())),
            rest.macs() - at(macs, space.indices(space.costliest()))
        };
        this.tables = List.of(costs.optionMicros(space), parameters, macs);
        this.groupCosts = tables.stream()
                .map(t ->
                        space.groups().stream().map(g -> GroupTables.sums(g, t)).toArray(double[][]::new))
                .toArray(double[][][]::new);
        this.groupErrors = space.groups().stream()
                .map(g -> GroupTables.sums(g, estimate.table()))
                .toArray(double[][]::new);
        this.byLatency = solve(new int[] {LATENCY}, new double[] {Double.POSITIVE_INFINITY});
    }

    /**
     * The best architectures within a budget, best estimated accuracy first, the cheaper first among equals; empty
     * when none fits.
     */
    public List<Candidate> best(Budget budget, int count) {
        var candidates = budget.parameters() == null && budget.macs() == null ? byLatency : within(budget);
        return candidates.stream()
                .filter(budget::admits)
                .sorted(Comparator.comparingDouble(Candidate::estimatedAccuracy)
                        .reversed()
                        .thenComparingDouble(Candidate::latencyMicros))
                .limit(Math.min(count, keep))
                .toList();
    }

    private List<Candidate> within(Budget budget) {
        return solve(
                new int[] {LATENCY, PARAMETERS, MACS},
                new double[] {limit(budget.latencyMicros()), limit(budget.parameters()), limit(budget.macs())});
    }

    private static double limit(Number limit) {
        return limit == null ? Double.POSITIVE_INFINITY : limit.doubleValue();
    }

    /** The architecture with the lowest predicted latency. */
    public Candidate cheapest() {
        return byLatency.get(0);
    }

    /** The Pareto front of predicted latency and estimated accuracy, cheapest first. */
    public List<Candidate> front() {
        var front = new ArrayList<Candidate>();
        double best = Double.NEGATIVE_INFINITY;
        for (var candidate : byLatency) {
            if (candidate.estimatedAccuracy() > best) {
                best = candidate.estimatedAccuracy();
                front.add(candidate);
            }
        }
        return front;
    }

    /** Any architecture of the space as a candidate. */
    public Candidate candidate(int[] indices) {
        return new Candidate(
                space.genotype(indices),
                total(LATENCY, indices),
                estimate.accuracy(indices),
                Math.round(total(PARAMETERS, indices)),
                Math.round(total(MACS, indices)));
    }

    private double total(int cost, int[] indices) {
        return fixed[cost] + at(tables.get(cost), indices);
    }

    private static double at(double[][] table, int[] indices) {
        double sum = 0;
        for (int d = 0; d < indices.length; d++) {
            sum += table[d][indices[d]];
        }
        return sum;
    }

    /** All architectures that no {@code keep} others dominate, by rising latency; within the limits of the costs. */
    private List<Candidate> solve(int[] dimensions, double[] limits) {
        var remaining = leastRemaining();
        var partials = List.of(new Partial(null, -1, fixed.clone(), 0));
        for (int g = 0; g < space.groups().size(); g++) {
            var extended = new ArrayList<Partial>();
            for (var partial : partials) {
                for (int k = 0; k < groupErrors[g].length; k++) {
                    var next = partial.with(g, k);
                    if (fits(next, g, dimensions, limits, remaining)) {
                        extended.add(next);
                    }
                }
            }
            extended.sort(
                    Comparator.<Partial>comparingDouble(p -> p.costs[LATENCY]).thenComparingDouble(p -> p.error));
            partials = dimensions.length == 1 ? thinByLatency(extended) : thin(extended, dimensions);
        }
        var all = partials.stream()
                .map(Partial::indices)
                .filter(indices -> space.isConnected(indices))
                .map(this::candidate)
                .sorted(Comparator.comparingDouble(Candidate::latencyMicros))
                .toList();
        // Without limits something must remain, whatever the estimate says of unconnected networks.
        return all.isEmpty() && Arrays.stream(limits).allMatch(Double::isInfinite)
                ? List.of(candidate(space.indices(space.cheapest())))
                : all;
    }

    /** By [cost][group]: the least that the groups after this one add. */
    private double[][] leastRemaining() {
        var least = new double[groupCosts.length][space.groups().size()];
        for (int c = 0; c < least.length; c++) {
            for (int g = least[c].length - 2; g >= 0; g--) {
                least[c][g] = least[c][g + 1]
                        + Arrays.stream(groupCosts[c][g + 1]).min().orElseThrow();
            }
        }
        return least;
    }

    private static boolean fits(Partial partial, int group, int[] dimensions, double[] limits, double[][] remaining) {
        for (int i = 0; i < dimensions.length; i++) {
            int c = dimensions[i];
            if (partial.costs[c] + remaining[c][group] > limits[i] * (1 + 1e-12)) {
                return false;
            }
        }
        return true;
    }

    /** In order of latency, keeps a partial when fewer than {@code keep} before it have no larger error. */
    private List<Partial> thinByLatency(List<Partial> sorted) {
        var kept = new ArrayList<Partial>();
        var bestErrors = new PriorityQueue<Double>(Comparator.reverseOrder());
        for (var partial : sorted) {
            if (bestErrors.size() < keep || partial.error < bestErrors.peek()) {
                kept.add(partial);
                bestErrors.add(partial.error);
                if (bestErrors.size() > keep) {
                    bestErrors.poll();
                }
            }
        }
        return kept;
    }

    private List<Partial> thin(List<Partial> sorted, int[] dimensions) {
        var kept = new ArrayList<Partial>();
        for (var partial : sorted) {
            if (kept.stream()
                            .filter(k -> k.dominates(partial, dimensions))
                            .limit(keep)
                            .count()
                    < keep) {
                kept.add(partial);
            }
        }
        return kept;
    }

    /** Assignments of the first groups, as a chain back to the start. */
    private final class Partial {
        private final Partial before;
        private final int assignment;
        private final double[] costs;
        private final double error;

        Partial(Partial before, int assignment, double[] costs, double error) {
            this.before = before;
            this.assignment = assignment;
            this.costs = costs;
            this.error = error;
        }

        Partial with(int group, int k) {
            var sums = costs.clone();
            for (int c = 0; c < sums.length; c++) {
                sums[c] += groupCosts[c][group][k];
            }
            return new Partial(this, k, sums, error + groupErrors[group][k]);
        }

        boolean dominates(Partial other, int[] dimensions) {
            if (error > other.error) {
                return false;
            }
            for (int c : dimensions) {
                if (costs[c] > other.costs[c]) {
                    return false;
                }
            }
            return true;
        }

        int[] indices() {
            var indices = new int[space.decisions().size()];
            var at = this;
            for (int g = space.groups().size() - 1; g >= 0; g--) {
                space.assign(indices, g, at.assignment);
                at = at.before;
            }
            return indices;
        }
    }
}
