package org.dartscc.model.selection;

import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.SearchSpace;

/**
 * Selection among what a search method proposes, by evaluated accuracy: for methods that know their own answers only. A
 * device is answered with the proposals made for it or for none in particular; with all of them when there are none
 * such, as for a device that joined after the fit.
 */
public final class ProposalSelector implements Selector {
    private final SearchSpace space;
    private final AccuracyEstimate estimate;
    private final CostTable costs;
    private final double[][] optionMicros;
    private final List<Candidate> byLatency;

    /**
     * @param estimate for architectures that were not proposed
     * @param proposals at least one
     * @throws IllegalArgumentException when estimate or proposals are not of this space, or there are none
     */
    public ProposalSelector(SearchSpace space, AccuracyEstimate estimate, List<Proposal> proposals, CostTable costs) {
        estimate.requireFits(space);
        if (proposals.isEmpty()) {
            throw new IllegalArgumentException("there are no proposals to select from");
        }
        this.space = space;
        this.estimate = estimate;
        this.costs = costs;
        this.optionMicros = costs.optionMicros(space);
        var own = proposals.stream()
                .filter(p -> p.deviceId() == null || p.deviceId().equals(costs.deviceId()))
                .toList();
        this.byLatency = (own.isEmpty() ? proposals : own)
                .stream()
                        .map(p -> candidate(space.indices(p.genotype()), p.validationAccuracy()))
                        .distinct()
                        .sorted(Comparator.comparingDouble(Candidate::latencyMicros))
                        .toList();
    }

    @Override
    public List<Candidate> best(Budget budget, int count) {
        return byLatency.stream()
                .filter(budget::admits)
                .sorted(Comparator.comparingDouble(Candidate::estimatedAccuracy)
                        .reversed()
                        .thenComparingDouble(Candidate::latencyMicros))
                .limit(count)
                .toList();
    }

    @Override
    public List<Candidate> front() {
        return ParetoFront.of(byLatency, Candidate::latencyMicros, c -> -c.estimatedAccuracy());
    }

    /** With the evaluated accuracy of a proposal, the estimated one of others. */
    @Override
    public Candidate candidate(int[] indices) {
        var candidate = candidate(indices, estimate.accuracy(indices));
        return byLatency.stream()
                .filter(c -> c.genotype().equals(candidate.genotype()))
                .findFirst()
                .orElse(candidate);
    }

    private Candidate candidate(int[] indices, double accuracy) {
        var genotype = space.genotype(indices);
        var network = space.network(genotype);
        var footprint = space.footprints().of(indices);
        return new Candidate(
                genotype,
                latencyMicros(indices),
                accuracy,
                network.parameterCount(),
                network.macs(),
                footprint.fileBytes(),
                footprint.peakActivationBytes());
    }

    @Override
    public double latencyMicros(int[] indices) {
        return costs.latencyOf(costs.sumMicros(space, optionMicros, indices));
    }

    /** Limits that one proposal keeps together: the one that exceeds the budget by the smallest factor. */
    @Override
    public Budget smallestFeasible(Budget budget) {
        var nearest = byLatency.stream()
                .min(Comparator.comparingDouble(c -> excess(budget, c)))
                .orElseThrow();
        return new Budget(
                budget.latencyMicros() == null ? null : nearest.latencyMicros(),
                budget.parameters() == null ? null : nearest.parameters(),
                budget.macs() == null ? null : nearest.macs(),
                budget.fileBytes() == null ? null : nearest.fileBytes(),
                budget.peakActivationBytes() == null ? null : nearest.peakActivationBytes());
    }

    private static double excess(Budget budget, Candidate c) {
        return DoubleStream.of(
                        factor(c.latencyMicros(), budget.latencyMicros()),
                        factor(c.parameters(), budget.parameters()),
                        factor(c.macs(), budget.macs()),
                        factor(c.fileBytes(), budget.fileBytes()),
                        factor(c.peakActivationBytes(), budget.peakActivationBytes()))
                .max()
                .orElseThrow();
    }

    private static double factor(double value, Number limit) {
        return limit == null ? 0 : value / limit.doubleValue();
    }
}
