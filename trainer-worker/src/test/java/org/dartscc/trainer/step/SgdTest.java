package org.dartscc.trainer.step;

import java.util.List;

import ai.djl.engine.Engine;
import org.junit.jupiter.api.Test;

import org.dartscc.model.network.Parameter;
import org.dartscc.trainer.supernet.NativeEngine;
import org.dartscc.trainer.supernet.Values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class SgdTest {
    private static final Parameter WEIGHT = new Parameter("w", List.of(2L, 2L), Parameter.Role.WEIGHT);
    private static final Parameter BIAS = new Parameter("b", List.of(2L), Parameter.Role.BIAS);

    @Test
    void updatesFollowNesterovWithDecayOnWeightsOnlyAndALimitedGlobalNorm() {
        try (var manager = NativeEngine.load(1).newManager()) {
            var values = Values.initial(manager, List.of(WEIGHT, BIAS), 3);
            var sgd = new Sgd(values, values.zeros(manager), .01, 1);
            double weight = values.get("w").toFloatArray()[1];
            double bias = 0;
            double weightMomentum = 0;
            double biasMomentum = 0;
            for (int step = 0; step < 5; step++) {
                // d loss / d w = 3 everywhere, d loss / d b = 4: the norm is sqrt(4 * 9 + 2 * 16).
                backward(values);
                assertThat(sgd.update(List.of(WEIGHT, BIAS), .1)).isTrue();
                double scale = 1 / Math.sqrt(68);
                weightMomentum = .9 * (weightMomentum + .1 * (3 * scale + .01 * weight));
                weight -= weightMomentum;
                weight -= .1 * (3 * scale + .01 * weight);
                biasMomentum = .9 * (biasMomentum + .1 * 4 * scale);
                bias -= biasMomentum + .1 * 4 * scale;
            }
            assertThat((double) values.get("w").toFloatArray()[1]).isCloseTo(weight, within(1e-5));
            assertThat((double) values.get("b").toFloatArray()[0]).isCloseTo(bias, within(1e-5));
        }
    }

    @Test
    void aGradientThatIsNotFiniteChangesNothing() {
        try (var manager = NativeEngine.load(1).newManager()) {
            var values = Values.initial(manager, List.of(WEIGHT, BIAS), 3);
            var sgd = new Sgd(values, values.zeros(manager), .01, 1);
            var before = values.get("w").toFloatArray();
            try (var collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(values.get("w").sum().mul(Float.NaN));
            }
            assertThat(sgd.update(List.of(WEIGHT, BIAS), .1)).isFalse();
            assertThat(values.get("w").toFloatArray()).isEqualTo(before);
            backward(values);
            assertThat(sgd.update(List.of(WEIGHT, BIAS), .1)).isTrue();
        }
    }

    private static void backward(Values values) {
        try (var collector = Engine.getInstance().newGradientCollector()) {
            collector.backward(
                    values.get("w").sum().mul(3).add(values.get("b").sum().mul(4)));
        }
    }
}
