package org.dartscc.model.selection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.SearchSpace;

/**
 * Exact selection under a budget. Latency (or the sum that it grows with), parameters, multiply-accumulates and the
 * surrogate of the error are additive over the groups of a space, so that the best architecture under a budget is a
 * multiple-choice knapsack. It is solved by dynamic programming over the groups, on the real costs instead of a
 * quantised table: a partial architecture is kept as long as fewer than {@code keep} others are at least as good in
 * every limited cost and in the error, which keeps the {@code keep} best of every budget. The result for latency alone
 * serves all budgets of one device and cost version from memory.
 *
 * <p>Evaluated subnets, of which the estimate knows more than a sum, compete with what the sums find. One that turned out
 * worse than its sum takes a place among the {@code keep} that it does not deserve.
 *
 * <p>The peak of activation memory is no sum. In a chain it is the largest of its options' peaks, so that a limit leaves
 * options out, exactly. In cells the kept architectures are looked at one by one: the answer keeps the limit, but a
 * better one that keeps it too may have been dropped. The size of the file is additive but for names of tensors and dead
 * edges; what is answered keeps the limit exactly.
 *
 * <p>Architectures whose network is not connected are left out at the end; the {@code keep} best hold among the others
 * as long as fewer than {@code keep} unconnected ones dominate them.
 */
public final class ExactSelector implements Selector {
    private static final int LATENCY = 0;
    private static final int PARAMETERS = 1;
    private static final int MACS = 2;
    private static final int FILE = 3;

    /** Names of tensors differ by so many bytes from their sum. */
    private static final double FILE_SLACK_BYTES = 256;
    /** Whole networks that are looked at for a limit that only they tell. */
    private static final int MOST_LOOKED_AT = 1000;

    /** How many are kept for every budget where answers come from: further candidates, and room for a few that misjudge. */
    public static final int ENOUGH = 12;

    private static final Budget NO_LIMIT = new Budget(null, null, null);

    private final SearchSpace space;
    private final AccuracyEstimate estimate;
    private final CostTable costs;
    private final int keep;
    private final List<double[][]> tables;
    private final double[] fixed;
    private final double[][][] groupCosts;
    private final double[][] groupErrors;
    private final List<Scored> byLatency;
    private final List<Scored> byAccuracy;

    /** An architecture without what takes a whole network to know; of its latency, the sum that it grows with. */
    private record Scored(int[] indices, double[] costs, double accuracy) {
        double sumMicros() {
            return costs[LATENCY];
        }
    }

    /**
     * @param keep how many architectures to keep for every budget, at least 1
     * @throws IllegalStateException when the cost table does not cover the space
     * @throws IllegalArgumentException when the estimate is not of this space
     */
    public ExactSelector(SearchSpace space, AccuracyEstimate estimate, CostTable costs, int keep) {
        estimate.requireFits(space);
        this.space = space;
        this.estimate = estimate;
        this.costs = costs;
        this.keep = keep;
        var most = space.indices(space.costliest());
        var rest = space.network(space.costliest());
        this.tables = List.of(
                costs.optionMicros(space),
                space.optionParameters(),
                space.optionMacs(),
                space.footprints().optionFileBytes());
        this.fixed = new double[] {
            costs.fixedMicros(),
            rest.parameterCount() - at(tables.get(PARAMETERS), most),
            rest.macs() - at(tables.get(MACS), most),
            space.footprints().of(most).fileBytes() - at(tables.get(FILE), most)
        };
        this.groupCosts = tables.stream()
                .map(t ->
                        space.groups().stream().map(g -> GroupTables.sums(g, t)).toArray(double[][]::new))
                .toArray(double[][][]::new);
        this.groupCosts[LATENCY] = costs.assignmentMicros(space);
        this.groupErrors = space.groups().stream()
                .map(g -> GroupTables.sums(g, estimate.table()))
                .toArray(double[][]::new);
        var found = solve(new Limits(LATENCY));
        // Without limits something must remain, whatever the estimate says of unconnected networks.
        this.byLatency = found.isEmpty() ? List.of(scored(space.indices(space.cheapest()))) : found;
        this.byAccuracy = byAccuracy(byLatency);
    }

    @Override
    public List<Candidate> best(Budget budget, int count) {
        return within(budget).limit(Math.min(count, keep)).toList();
    }

    private Stream<Candidate> within(Budget budget) {
        var limits = new Limits(budget);
        boolean known = budget.withoutPeak().isOfLatencyAlone() && !limits.leaveOutOptions();
        var ranked = known ? byAccuracy : byAccuracy(solve(limits));
        return ranked.stream()
                .filter(limits::admit)
                .limit(MOST_LOOKED_AT)
                .map(s -> candidate(s.indices))
                .filter(budget::admits);
    }

    /** The best first, and the cheaper first among equals. */
    private static List<Scored> byAccuracy(List<Scored> scored) {
        return scored.stream()
                .sorted(Comparator.comparingDouble(Scored::accuracy).reversed().thenComparingDouble(Scored::sumMicros))
                .toList();
    }

    /**
     * For each limit of a budget that nothing keeps, the smallest that an architecture keeps together with the other
     * limits; where nothing keeps those, the smallest at all.
     */
    @Override
    public Budget smallestFeasible(Budget budget) {
        return new Budget(
                budget.latencyMicros() == null ? null : least(budget, LATENCY),
                budget.parameters() == null ? null : Math.round(least(budget, PARAMETERS)),
                budget.macs() == null ? null : Math.round(least(budget, MACS)),
                budget.fileBytes() == null ? null : Math.round(least(budget, FILE)),
                budget.peakActivationBytes() == null ? null : leastPeak(budget));
    }

    private double least(Budget budget, int cost) {
        return least(cost, new Limits(budget).without(cost), without(budget, cost))
                .or(() -> least(cost, new Limits(cost), NO_LIMIT))
                .orElseGet(() -> value(candidate(space.indices(space.cheapest())), cost));
    }

    /** The least of a cost over whole architectures; nothing when none keeps the other limits. */
    private Optional<Double> least(int cost, Limits limits, Budget others) {
        return solve(limits).stream()
                .sorted(Comparator.comparingDouble(s -> s.costs[cost]))
                .limit(MOST_LOOKED_AT)
                .map(s -> candidate(s.indices))
                .filter(others::admits)
                // What is additive but for names needs a look at some more.
                .limit(keep)
                .map(c -> value(c, cost))
                .min(Comparator.naturalOrder());
    }

    private static Budget without(Budget budget, int cost) {
        return new Budget(
                cost == LATENCY ? null : budget.latencyMicros(),
                cost == PARAMETERS ? null : budget.parameters(),
                cost == MACS ? null : budget.macs(),
                cost == FILE ? null : budget.fileBytes(),
                budget.peakActivationBytes());
    }

    private static double value(Candidate candidate, int cost) {
        return switch (cost) {
            case LATENCY -> candidate.latencyMicros();
            case PARAMETERS -> candidate.parameters();
            case MACS -> candidate.macs();
            default -> candidate.fileBytes();
        };
    }

    private long leastPeak(Budget budget) {
        var others = budget.withoutPeak();
        if (!space.footprints().isChain()) {
            return Stream.concat(within(others), Stream.of(candidate(space.indices(space.cheapest()))))
                    .mapToLong(Candidate::peakActivationBytes)
                    .min()
                    .orElseThrow();
        }
        var peaks = Arrays.stream(space.footprints().optionPeakBytes())
                .flatMapToDouble(Arrays::stream)
                .sorted()
                .distinct()
                .toArray();
        int low = Arrays.binarySearch(peaks, leastPossiblePeak());
        int high = peaks.length - 1;
        if (!isFeasible(others, peaks[high])) {
            return (long) peaks[low];
        }
        while (low < high) {
            int middle = (low + high) / 2;
            if (isFeasible(others, peaks[middle])) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return (long) peaks[low];
    }

    private double leastPossiblePeak() {
        return Arrays.stream(space.footprints().optionPeakBytes())
                .mapToDouble(row -> Arrays.stream(row).min().orElseThrow())
                .max()
                .orElseThrow();
    }

    private boolean isFeasible(Budget others, double peak) {
        return within(new Budget(
                        others.latencyMicros(), others.parameters(), others.macs(), others.fileBytes(), (long) peak))
                .findAny()
                .isPresent();
    }

    /** The architecture with the lowest predicted latency. */
    public Candidate cheapest() {
        return candidate(byLatency.get(0).indices);
    }

    @Override
    public List<Candidate> front() {
        var front = new ArrayList<Candidate>();
        double best = Double.NEGATIVE_INFINITY;
        for (var scored : byLatency) {
            if (scored.accuracy > best) {
                best = scored.accuracy;
                front.add(candidate(scored.indices));
            }
        }
        return front;
    }

    @Override
    public Candidate candidate(int[] indices) {
        var footprint = space.footprints().of(indices);
        return new Candidate(
                space.genotype(indices),
                latencyMicros(indices),
                estimate.accuracy(indices),
                Math.round(total(PARAMETERS, indices)),
                Math.round(total(MACS, indices)),
                footprint.fileBytes(),
                footprint.peakActivationBytes());
    }

    @Override
    public double latencyMicros(int[] indices) {
        return costs.latencyOf(total(LATENCY, indices));
    }

    private Scored scored(int[] indices) {
        var costs = IntStream.range(0, tables.size())
                .mapToDouble(c -> total(c, indices))
                .toArray();
        return new Scored(indices, costs, estimate.accuracy(indices));
    }

    private double total(int cost, int[] indices) {
        return cost == LATENCY
                ? costs.sumMicros(space, tables.get(LATENCY), indices)
                : fixed[cost] + at(tables.get(cost), indices);
    }

    private static double at(double[][] table, int[] indices) {
        double sum = 0;
        for (int d = 0; d < indices.length; d++) {
            sum += table[d][indices[d]];
        }
        return sum;
    }

    /** Limits of the additive costs, and options that a limit of the peak leaves out. */
    private final class Limits {
        private final double[] upper = new double[tables.size()];
        /** Costs that decide what is kept: the limited ones, and one whose least is asked for. */
        private final List<Integer> dimensions = new ArrayList<>();

        private final double peak;

        Limits(Budget budget) {
            limit(LATENCY, budget.latencyMicros() == null ? null : costs.sumOf(budget.latencyMicros()));
            limit(PARAMETERS, budget.parameters());
            limit(MACS, budget.macs());
            limit(FILE, budget.fileBytes());
            upper[FILE] += FILE_SLACK_BYTES;
            peak = budget.peakActivationBytes() == null || !space.footprints().isChain()
                    ? Double.POSITIVE_INFINITY
                    : budget.peakActivationBytes();
            if (dimensions.isEmpty()) {
                dimensions.add(LATENCY);
            }
        }

        /** No limit; the least of a cost is asked for. */
        Limits(int cost) {
            Arrays.fill(upper, Double.POSITIVE_INFINITY);
            dimensions.add(cost);
            peak = Double.POSITIVE_INFINITY;
        }

        private void limit(int cost, Number limit) {
            upper[cost] = limit == null ? Double.POSITIVE_INFINITY : limit.doubleValue();
            if (limit != null) {
                dimensions.add(cost);
            }
        }

        Limits without(int cost) {
            upper[cost] = Double.POSITIVE_INFINITY;
            return this;
        }

        boolean leaveOutOptions() {
            return Double.isFinite(peak);
        }

        boolean admit(Scored scored) {
            for (int c = 0; c < upper.length; c++) {
                if (scored.costs[c] > upper[c] * (1 + 1e-12)) {
                    return false;
                }
            }
            return true;
        }

        boolean admit(int group, int k) {
            if (!leaveOutOptions()) {
                return true;
            }
            var peaks = space.footprints().optionPeakBytes();
            var g = space.groups().get(group);
            return IntStream.range(0, g.decisions().size())
                    .allMatch(i ->
                            peaks[g.decisions().get(i)][g.assignments().get(k).get(i)] <= peak);
        }
    }

    /**
     * All architectures that no {@code keep} others dominate by the sums, and the evaluated ones; by rising latency, within
     * the limits.
     */
    private List<Scored> solve(Limits limits) {
        var remaining = leastRemaining();
        var partials = List.of(new Partial(null, -1, fixed.clone(), 0));
        for (int g = 0; g < space.groups().size(); g++) {
            var assignments = assignments(g, limits);
            var extended = new ArrayList<Partial>();
            for (var partial : partials) {
                for (int k : assignments) {
                    var next = partial.with(g, k);
                    if (fits(next, g, limits, remaining)) {
                        extended.add(next);
                    }
                }
            }
            partials = thin(extended, limits.dimensions);
        }
        var seen = new HashSet<List<Integer>>();
        var evaluated = estimate.known().stream().map(AccuracyEstimate.Known::indices);
        return Stream.concat(partials.stream().map(Partial::indices), evaluated)
                .filter(space::isConnected)
                .filter(indices -> seen.add(Arrays.stream(indices).boxed().toList()))
                .map(this::scored)
                .filter(limits::admit)
                .sorted(Comparator.comparingDouble(Scored::sumMicros))
                .toList();
    }

    /** Assignments of a group that can be part of an answer. */
    private List<Integer> assignments(int group, Limits limits) {
        var start = new Partial(null, -1, new double[tables.size()], 0);
        var admitted = IntStream.range(0, groupErrors[group].length)
                .filter(k -> limits.admit(group, k))
                .mapToObj(k -> start.with(group, k))
                .toList();
        return thin(new ArrayList<>(admitted), limits.dimensions).stream()
                .map(p -> p.assignment)
                .sorted()
                .toList();
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

    private static boolean fits(Partial partial, int group, Limits limits, double[][] remaining) {
        for (int c : limits.dimensions) {
            if (partial.costs[c] + remaining[c][group] > limits.upper[c] * (1 + 1e-12)) {
                return false;
            }
        }
        return true;
    }

    /** Keeps a partial when fewer than {@code keep} others dominate it. */
    private List<Partial> thin(List<Partial> partials, List<Integer> dimensions) {
        int first = dimensions.get(0);
        partials.sort(Comparator.<Partial>comparingDouble(p -> p.costs[first])
                .thenComparingDouble(p -> p.error)
                .thenComparingDouble(p -> p.costs[LATENCY]));
        return dimensions.size() == 1 ? thinByError(partials) : thin(partials, (a, b) -> a.dominates(b, dimensions));
    }

    /** In order of the only cost, keeps a partial when fewer than {@code keep} before it have no larger error. */
    private List<Partial> thinByError(List<Partial> sorted) {
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

    private List<Partial> thin(List<Partial> sorted, BiPredicate<Partial, Partial> dominates) {
        var kept = new ArrayList<Partial>();
        for (var partial : sorted) {
            int above = 0;
            for (int i = 0; i < kept.size() && above < keep; i++) {
                above += dominates.test(kept.get(i), partial) ? 1 : 0;
            }
            if (above < keep) {
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

        boolean dominates(Partial other, List<Integer> dimensions) {
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
