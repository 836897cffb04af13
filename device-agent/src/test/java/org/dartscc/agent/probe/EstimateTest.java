package org.dartscc.agent.probe;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class EstimateTest {
    private static final double BEST = 60;
    private static final Specimen.Cost SLOPE = micros -> (micros[1] - micros[0]) / 4;

    private static Reference reference() {
        var reference = new Reference(BEST);
        for (int i = 0; i < 50; i++) {
            reference.add(BEST);
        }
        return reference;
    }

    private static Sample sample(double few, double many, double reference) {
        return new Sample(new double[] {few, many}, new double[] {1.1 * few, 1.1 * many}, 100, reference, reference);
    }

    @Test
    void aDisturbanceThatTheReferenceDoesNotShowDoesNotRaiseTheCost() {
        var samples = new ArrayList<Sample>();
        for (int i = 0; i < 20; i++) {
            samples.add(sample(i % 3 == 0 ? 130 : 100, i % 2 == 0 ? 190 : 140, BEST));
        }

        var estimate = Estimate.of(samples, SLOPE, reference());

        assertThat(estimate.medianMicros()).isCloseTo(10, within(1e-9));
        assertThat(estimate.p90Micros()).isCloseTo(11, within(1e-9));
        assertThat(estimate.samples()).isEqualTo(20);
    }

    @Test
    void samplesBesideASlowReferenceDoNotCount() {
        var samples = new ArrayList<Sample>();
        for (int i = 0; i < 10; i++) {
            samples.add(i % 2 == 0 ? sample(100, 140, BEST) : sample(80, 200, 1.5 * BEST));
        }

        var estimate = Estimate.of(samples, SLOPE, reference());

        assertThat(estimate.quiet()).isTrue();
        assertThat(estimate.samples()).isEqualTo(5);
        assertThat(estimate.medianMicros()).isCloseTo(10, within(1e-9));
    }

    @Test
    void theConfidenceIntervalShrinksWithTheRootOfTheSamplesAndGrowsWithTheirSpread() {
        var few = new Estimate(10, 11, .2, 16, 100, 1, true);
        var many = new Estimate(10, 11, .2, 64, 100, 1, true);
        var wide = new Estimate(10, 11, .4, 16, 100, 1, true);
        assertThat(few.confidenceMicros()).isCloseTo(3.96 * .2 / 4, within(.001));
        assertThat(many.confidenceMicros()).isCloseTo(few.confidenceMicros() / 2, within(1e-12));
        assertThat(wide.confidenceMicros()).isCloseTo(few.confidenceMicros() * 2, within(1e-12));
    }

    @Test
    void withoutQuietSamplesTheLeastDisturbedAreTakenAndToldAsNotQuiet() {
        var samples = List.of(
                sample(140, 196, 1.4 * BEST),
                sample(140, 196, 1.4 * BEST),
                sample(140, 196, 1.4 * BEST),
                sample(140, 196, 1.4 * BEST),
                sample(300, 900, 3 * BEST));

        var estimate = Estimate.of(samples, SLOPE, reference());

        assertThat(estimate.quiet()).isFalse();
        assertThat(estimate.medianMicros()).isCloseTo(10, within(1e-9));
    }
}
