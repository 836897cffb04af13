package org.dartscc.trainer.tradeoff;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.selection.BudgetScale;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.Small;

import static org.assertj.core.api.Assertions.assertThat;

class PromisingTest {
    private static final SearchSpace SPACE = Small.space("layerwise").create();
    private static final List<CostTable> DEVICES = List.of(Small.device(SPACE, "a", 1), Small.device(SPACE, "b", 2));

    private static List<Genotype> promising(List<CostTable> devices, int count) {
        var ends = Set.of(SPACE.cheapest(), SPACE.costliest());
        return List.copyOf(new Promising(SPACE, Small.estimate(SPACE), devices).notIn(ends, count));
    }

    @Test
    void theyAreSpreadOverTheBudgetsOfEachDevice() {
        var promising = promising(DEVICES, 8);

        assertThat(promising).hasSize(8).doesNotHaveDuplicates();
        for (int d = 0; d < DEVICES.size(); d++) {
            var device = DEVICES.get(d);
            var scale = BudgetScale.of(SPACE, device);
            for (int i = 0; i < 4; i++) {
                double micros = device.latencyMicros(SPACE, promising.get(4 * d + i));
                assertThat(scale.position(micros))
                        .as("%s %d", device.deviceId(), i)
                        .isLessThanOrEqualTo((i + .5) / 4);
            }
            assertThat(scale.position(device.latencyMicros(SPACE, promising.get(4 * d + 3))))
                    .isGreaterThan(.5);
        }
    }

    @Test
    void whatIsExcludedIsNotAmongThem() {
        assertThat(promising(DEVICES, 40)).doesNotContain(SPACE.cheapest(), SPACE.costliest());
    }

    @Test
    void noDeviceIsLeftOutWhateverTheirNumber() {
        for (int devices : new int[] {3, 5, 7, 8}) {
            var cheapFirst = IntStream.range(0, devices)
                    .mapToObj(i -> Small.device(SPACE, "d" + i, i))
                    .toList();
            var all = promising(cheapFirst, 8);
            assertThat(all).hasSize(8);
            // The share of the last device is what it has alone, where nobody before it took that.
            var last = cheapFirst.get(devices - 1);
            var ofLast = all.get(7);
            double position = BudgetScale.of(SPACE, last).position(last.latencyMicros(SPACE, ofLast));
            int own = 8 / devices;
            assertThat(position).as("%d devices", devices).isLessThanOrEqualTo((own - .5) / own + 1e-9);
            assertThat(position).as("%d devices", devices).isGreaterThan((own - .5) / own - .3);
        }
    }
}
