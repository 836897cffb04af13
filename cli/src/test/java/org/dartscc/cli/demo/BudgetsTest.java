package org.dartscc.cli.demo;

import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class BudgetsTest {

    @Test
    void budgetsReachFromAboveTheCheapestToAboveTheCostliestPoint() {
        assertThat(Budgets.spread(List.of(300.0, 80.0, 1000.0), 4)).containsExactly(100.0, 230.0, 530.0, 1200.0);
    }

    @Test
    void budgetsAreDistinctRoundedAndFeasibleForAnyFront() {
        var random = new Random(7);
        for (int trial = 0; trial < 1000; trial++) {
            double scale = Math.pow(10, random.nextInt(6) - 1);
            var front = DoubleStream.generate(() -> scale * (.1 + random.nextDouble()))
                    .limit(1 + random.nextInt(12))
                    .boxed()
                    .toList();
            int count = 2 + random.nextInt(5);

            var budgets = Budgets.spread(front, count);

            double cheapest = front.stream().min(Double::compare).orElseThrow();
            double costliest = front.stream().max(Double::compare).orElseThrow();
            assertThat(budgets).hasSize(count).isSorted().doesNotHaveDuplicates();
            assertThat(budgets.get(0)).isGreaterThanOrEqualTo(1.25 * cheapest * .999);
            assertThat(budgets.get(count - 1)).isGreaterThanOrEqualTo(1.2 * costliest * .999);
        }
    }

    @Test
    void frontWithoutPointsIsRefused() {
        assertThatThrownBy(() -> Budgets.spread(List.of(), 3)).isInstanceOf(IllegalArgumentException.class);
    }
}
