package org.dartscc.agent.probe;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleUnaryOperator;

import org.junit.jupiter.api.Test;

import org.dartscc.model.turn.MachineTurn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class RoundsTest {
    private static final double REFERENCE = 40;

    private static Rounds rounds(SimulatedMachine machine, double knownReference, Rhythm rhythm) {
        return new Rounds(
                MachineTurn.free(),
                machine,
                () -> false,
                machine.run(REFERENCE),
                new Reference(knownReference),
                rhythm);
    }

    private static List<Estimate> measure(DoubleUnaryOperator slowness, double operator) {
        var machine = new SimulatedMachine(slowness);
        var slope = Specimen.slope(machine.run(30 + operator), machine.run(30 + 5 * operator), 4);
        var rounds = rounds(machine, Double.POSITIVE_INFINITY, Rhythm.OPERATORS);
        return rounds.measure(List.of(slope, Specimen.network(machine.run(200))));
    }

    @Test
    void theSlopeIsTheCostOfOneOperatorWithoutTheCarriersShare() {
        var estimates = measure(time -> 1, 7);

        assertThat(estimates.get(0).medianMicros()).isCloseTo(7, within(1e-6));
        assertThat(estimates.get(1).medianMicros()).isCloseTo(200, within(1e-6));
        assertThat(estimates.get(1).p90Micros()).isCloseTo(200, within(1e-6));
    }

    @Test
    void aQuietMachineIsLookedAtNoLongerThanTheRoundsThatAllTakePartIn() {
        assertThat(measure(time -> 1, 7).get(0).samples()).isEqualTo(Rhythm.OPERATORS.minRounds());
    }

    @Test
    void blocksBesideASlowReferenceAreDropped() {
        // Somebody else works for 25 of every 100 milliseconds.
        var estimate = measure(time -> time % 100 < 25 ? 1.7 : 1, 7).get(0);

        assertThat(estimate.quiet()).isTrue();
        assertThat(estimate.medianMicros()).isCloseTo(7, within(.2));
    }

    @Test
    void aDriftOfTheWholeMachineIsCorrectedByTheReference() {
        // The clock rate sinks by a twentieth over the measurement.
        var estimate = measure(time -> 1 + Math.min(.05, time / 10_000), 7).get(0);

        assertThat(estimate.medianMicros()).isCloseTo(7, within(.25));
    }

    @Test
    void networksAreLookedAtOverSomeTwentySecondsSoThatASlowSpellIsNotAllThatIsSeenOfThem() {
        // A neighbour empties the caches for the first six seconds: that slows networks, not the reference operator.
        var machine = new SimulatedMachine(time -> 1);
        Run network =
                () -> machine.run(machine.nanos() < 6_000_000_000L ? 220 : 200).run();
        var rounds = rounds(machine, REFERENCE, Rhythm.NETWORKS);

        var estimate = rounds.measure(List.of(Specimen.network(network))).get(0);

        assertThat(estimate.medianMicros()).isCloseTo(200, within(1.0));
        assertThat(machine.nanos()).isBetween(18_000_000_000L, 45_000_000_000L);
    }

    @Test
    void aMachineThatIsSlowBesideWhatIsKnownOfItIsNotCalledQuiet() {
        var machine = new SimulatedMachine(time -> 1.4);
        var rounds = rounds(machine, REFERENCE, Rhythm.GLANCE);

        var estimate =
                rounds.measure(List.of(Specimen.network(machine.run(200)))).get(0);

        assertThat(estimate.quiet()).isFalse();
        assertThat(estimate.slowness()).isCloseTo(1.4, within(.01));
        assertThat(estimate.medianMicros()).isCloseTo(200, within(1.0));
    }

    @Test
    void itEndsEvenOnAMachineThatIsNeverQuiet() {
        var random = new java.util.Random(5);

        var estimate = measure(time -> 1 + 3 * random.nextDouble(), 7).get(0);

        assertThat(estimate.samples()).isPositive();
        assertThat(estimate.runs()).isLessThan(1_000_000);
    }

    @Test
    void itStopsBetweenTurnsWhenItIsTold() {
        var machine = new SimulatedMachine(time -> 1);
        var asked = new AtomicInteger();
        var rounds = new Rounds(
                MachineTurn.free(),
                machine,
                () -> asked.incrementAndGet() > 3,
                machine.run(REFERENCE),
                new Reference(Double.POSITIVE_INFINITY),
                Rhythm.NETWORKS);

        assertThatThrownBy(() -> rounds.measure(List.of(Specimen.network(machine.run(200)))))
                .isInstanceOf(CancellationException.class);
    }
}
