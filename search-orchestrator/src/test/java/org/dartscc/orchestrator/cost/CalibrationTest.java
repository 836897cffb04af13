package org.dartscc.orchestrator.cost;

import java.util.List;
import java.util.stream.DoubleStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class CalibrationTest {

    private static List<Calibration.Sample> samples(double fixed, double scale, double... sums) {
        return DoubleStream.of(sums)
                .mapToObj(x -> new Calibration.Sample(x, fixed + scale * x))
                .toList();
    }

    @Test
    void exactNetworksGiveTheirLineUpToTheShrinkage() {
        var fit = Calibration.fit(samples(40, 1, 50, 100, 200, 400));
        assertThat(fit.fixedMicros()).isCloseTo(40, within(1e-6));
        assertThat(fit.scale()).isCloseTo(1, within(1e-9));
        assertThat(fit.marginShare()).isLessThan(1e-9);
    }

    @Test
    void theScaleIsShrunkTowardsOne() {
        var fit = Calibration.fit(samples(10, 1.3, 50, 100, 200, 400));
        assertThat(fit.scale()).isBetween(1.2, 1.3);
    }

    @Test
    void whatEveryNetworkPaysIsNeverNegative() {
        var fit = Calibration.fit(samples(-30, 1.2, 100, 200, 300, 400));
        assertThat(fit.fixedMicros()).isZero();
        assertThat(fit.scale()).isPositive();
    }

    @Test
    void twoNetworksGiveTheirMeanResidual() {
        var fit = Calibration.fit(List.of(new Calibration.Sample(100, 130), new Calibration.Sample(200, 250)));
        assertThat(fit.fixedMicros()).isEqualTo(40);
        assertThat(fit.scale()).isEqualTo(1);
    }

    @Test
    void withoutNetworksThePlainSumIsTakenWithAMargin() {
        assertThat(Calibration.fit(List.of())).isEqualTo(Calibration.NONE);
        assertThat(Calibration.NONE.marginShare()).isPositive();
    }

    @Test
    void theMarginIsTheErrorOnNetworksLeftOut() {
        var noisy = List.of(
                new Calibration.Sample(100, 110),
                new Calibration.Sample(200, 190),
                new Calibration.Sample(300, 330),
                new Calibration.Sample(400, 380));
        assertThat(Calibration.fit(noisy).marginShare()).isBetween(.05, .2);
    }
}
