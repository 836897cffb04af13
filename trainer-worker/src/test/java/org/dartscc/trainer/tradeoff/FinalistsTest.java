package org.dartscc.trainer.tradeoff;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.selection.BudgetScale;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.Small;

import static org.assertj.core.api.Assertions.assertThat;

class FinalistsTest {
    private static final SearchSpace SPACE = Small.space("layerwise").create();
    private static final List<CostTable> DEVICES = List.of(Small.device(SPACE, "a", 1), Small.device(SPACE, "b", 2));

    @Test
    void theyAreSpreadOverTheBudgetsOfEachDevice() {
        var finalists = Finalists.of(SPACE, Small.estimate(SPACE), DEVICES, 8);

        assertThat(finalists).hasSize(8).doesNotHaveDuplicates();
        for (int d = 0; d < DEVICES.size(); d++) {
            var device = DEVICES.get(d);
            var scale = BudgetScale.of(SPACE, device);
            for (int i = 0; i < 4; i++) {
                double micros = device.latencyMicros(SPACE, finalists.get(4 * d + i));
                assertThat(scale.position(micros))
                        .as("%s %d", device.deviceId(), i)
                        .isLessThanOrEqualTo((i + .5) / 4);
            }
            assertThat(scale.position(device.latencyMicros(SPACE, finalists.get(4 * d + 3))))
                    .isGreaterThan(.5);
        }
    }

    @Test
    void whatEveryStepTrainsAnywayIsNotAmongThem() {
        assertThat(Finalists.of(SPACE, Small.estimate(SPACE), DEVICES, 8))
                .doesNotContain(SPACE.cheapest(), SPACE.costliest());
    }

    @Test
    void aFleetThatIsLargerThanTheirNumberHasOneForEachDevice() {
        var many = IntStream.range(0, 10)
                .mapToObj(i -> Small.device(SPACE, "d" + i, i))
                .toList();

        assertThat(Finalists.of(SPACE, Small.estimate(SPACE), many, 8)).hasSize(10);
    }
}
