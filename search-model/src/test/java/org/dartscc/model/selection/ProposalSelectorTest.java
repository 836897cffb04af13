package org.dartscc.model.selection;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProposalSelectorTest {
    private static final SearchSpace SPACE = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10).create();
    private static final AccuracyEstimate ESTIMATE = new AccuracyEstimate(
            -1,
            SPACE.decisions().stream()
                    .map(d -> Collections.nCopies(d.options().size(), 0.0))
                    .toList(),
            10,
            0);

    private static CostTable costs(String device) {
        var micros = new HashMap<OperatorSignature, Double>();
        SPACE.signatures().forEach(s -> micros.put(s, 10.0));
        return new CostTable(device, 1, 20, 0, micros);
    }

    /** So many slots hold the operator, the others skip: 20 + 10 microseconds each. */
    private static Proposal proposal(String operator, int slots, double accuracy, String device) {
        var options = new java.util.ArrayList<>(Collections.nCopies(8, "skip"));
        Collections.fill(options.subList(0, slots), operator);
        return new Proposal(new Genotype("layerwise", options), accuracy, device, "test");
    }

    private static final List<Proposal> PROPOSALS = List.of(
            proposal("conv3", 1, .7, null),
            proposal("conv3", 4, .8, null),
            proposal("sep3", 5, .6, null),
            proposal("conv3", 7, .9, "a"),
            proposal("conv3", 8, .95, "b"));

    @Test
    void theMostAccurateProposalWithinTheBudgetIsBestAndTheDominatedOneIsNotOnTheFront() {
        var selector = new ProposalSelector(SPACE, ESTIMATE, PROPOSALS, costs("a"));
        assertThat(selector.best(Budget.ofLatencyMicros(75), 5))
                .extracting(Candidate::estimatedAccuracy)
                .containsExactly(.8, .7, .6);
        assertThat(selector.front()).extracting(Candidate::latencyMicros).containsExactly(30.0, 60.0, 90.0);
        assertThat(selector.best(Budget.ofLatencyMicros(29), 5)).isEmpty();
    }

    @Test
    void whatWasProposedForAnotherDeviceIsOnlyAnAnswerWhereThereIsNoOther() {
        var ofAnother = List.of(proposal("conv3", 8, .95, "b"));
        assertThat(new ProposalSelector(SPACE, ESTIMATE, PROPOSALS, costs("a")).best(new Budget(null, null, null), 1))
                .extracting(Candidate::estimatedAccuracy)
                .containsExactly(.9);
        assertThat(new ProposalSelector(SPACE, ESTIMATE, ofAnother, costs("late")).front())
                .hasSize(1);
    }

    @Test
    void theSmallestFeasibleBudgetIsKeptByOneProposalInAllItsLimits() {
        var selector = new ProposalSelector(SPACE, ESTIMATE, PROPOSALS, costs("a"));
        var smallest = selector.smallestFeasible(new Budget(5.0, 100L, null));
        assertThat(smallest.macs()).isNull();
        assertThat(selector.best(smallest, 1)).hasSize(1);
        assertThat(smallest.latencyMicros()).isEqualTo(30);
    }

    @Test
    void whatWasNotProposedIsACandidateByTheEstimateAndWhatWasByItsEvaluation() {
        var selector = new ProposalSelector(SPACE, ESTIMATE, PROPOSALS, costs("a"));
        var exact = new ExactSelector(SPACE, ESTIMATE, costs("a"), 2);
        var other = SPACE.indices(SPACE.costliest());
        assertThat(selector.candidate(other)).isEqualTo(exact.candidate(other));
        var known = SPACE.indices(PROPOSALS.get(1).genotype());
        assertThat(selector.candidate(known).estimatedAccuracy()).isEqualTo(.8);
        assertThat(selector.candidate(known).macs())
                .isEqualTo(SPACE.network(PROPOSALS.get(1).genotype()).macs());
        assertThatThrownBy(() -> new ProposalSelector(SPACE, ESTIMATE, List.of(), costs("a")))
                .hasMessageContaining("no proposals");
    }
}
