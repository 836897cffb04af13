package org.dartscc.benchmarks.tabular;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class ProtocolTest {
    private static final int CHEAP = Cells.parse("000100");
    private static final int GOOD = Cells.parse("000300");
    private static final int DOMINATED = Cells.parse("000400");
    private static final int BEST = Cells.parse("300330");

    /** Latencies 1, 2, 3 and 5 ms and errors 50, 20, 30 and 10 %: scaled, (0, 1), (.25, .25), (.5, .5) and (1, 0). */
    private static Device device() {
        var latency = new double[Cells.COUNT];
        var error = new double[Cells.COUNT];
        int[] cells = {CHEAP, GOOD, DOMINATED, BEST};
        double[] latencies = {1, 2, 3, 5};
        double[] errors = {50, 20, 30, 10};
        for (int i = 0; i < cells.length; i++) {
            latency[cells[i]] = latencies[i];
            error[cells[i]] = errors[i];
        }
        return new Device("toy", cells, latency, error);
    }

    @Test
    void aFrontIsJudgedRelativeToTheTrueFront() {
        var device = device();
        assertThat(device.front()).containsExactly(CHEAP, GOOD, BEST);
        assertThat(device.relativeHypervolume(device.front())).isEqualTo(1);
        // (1 - .25) (1 - .25) is all that the front dominates; (1 - .5) (1 - .5) is what the dominated cell does.
        assertThat(device.relativeHypervolume(List.of(DOMINATED))).isCloseTo(.25 / .5625, within(1e-12));
        assertThat(device.relativeHypervolume(List.of(CHEAP))).isZero();
    }

    @Test
    void theGapIsToTheBestCellWithinTheBudget() {
        assertThat(device().gap(3.5, DOMINATED)).isEqualTo(10);
        assertThat(device().gap(5, DOMINATED)).isEqualTo(20);
        assertThat(device().gap(2.5, GOOD)).isZero();
    }

    @Test
    void anAnswerAboveTheBudgetIsCountedAsAViolation() {
        var device = device();
        var tally = new Tally("toy", Map.of("toy", device));
        var answers = new java.util.ArrayList<Optional<Integer>>();
        for (double budget : device.budgets()) {
            answers.add(budget < 2 ? Optional.empty() : Optional.of(BEST));
        }
        tally.add(Map.of("toy", new Outcome(List.of(BEST), 0, answers)));
        var report = tally.report();
        long empty = answers.stream().filter(Optional::isEmpty).count();
        long tooSlow = java.util.Arrays.stream(device.budgets())
                .filter(b -> b >= 2 && b < 5)
                .count();
        assertThat(report.unansweredBudgets()).isEqualTo((int) empty);
        assertThat(report.budgetViolations()).isEqualTo((int) tooSlow).isPositive();
        assertThat(report.gapToBestFeasible().max()).isZero();
    }

    @Test
    void unconnectedCellsAndThoseNoBetterThanChanceTakeNoPart() {
        var error = new double[Cells.COUNT];
        var latency = new double[Cells.COUNT];
        java.util.Arrays.fill(error, 50);
        java.util.Arrays.fill(latency, 1);
        error[GOOD] = 90;
        var data = TabularData.of(error, error, Map.of("toy", latency));
        assertThat(data.cells()).hasSize(Cells.COUNT - 341 - 1);
        assertThat(data.takesPart(Cells.parse("000000"))).isFalse();
        assertThat(data.takesPart(GOOD)).isFalse();
    }

    @Test
    void deadEdgesAreToldFromLiveOnes() {
        assertThat(Cells.live(Cells.parse("433100"))).containsExactly(0, 0, 0, 1, 0, 0);
        assertThat(Cells.live(Cells.parse("303030"))).containsExactly(3, 0, 0, 0, 3, 0);
        assertThat(Cells.text(Cells.parse("421342"))).isEqualTo("421342");
    }

    @Test
    void noMoreThanTheAllowedEvaluationsAreGiven() {
        var error = new double[Cells.COUNT];
        var data = new TabularData(new int[] {CHEAP, GOOD}, error, error, new HashMap<>());
        var trials = new Trials(data, device(), 1);
        trials.evaluate(CHEAP);
        trials.evaluate(CHEAP);
        assertThat(trials.isSpent()).isTrue();
        assertThatThrownBy(() -> trials.evaluate(GOOD)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aMalformedLineIsNamed(@TempDir Path folder) throws Exception {
        var file = folder.resolve("table.csv");
        Files.writeString(file, "arch,ms\n000100,1.5\n00010,2\n");
        assertThatThrownBy(() -> CsvTable.read(file).values("ms"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 3")
                .hasMessageContaining("00010");
        assertThatThrownBy(() -> CsvTable.read(file).values("joules"))
                .hasMessageContaining("no column joules")
                .hasMessageContaining("arch, ms");
    }

    @Test
    void theOrderInWhichDevicesAreListedChangesNothing() {
        var error = new double[Cells.COUNT];
        var latency = new double[Cells.COUNT];
        error[CHEAP] = 20;
        latency[GOOD] = 1;
        var data = new TabularData(
                new int[] {CHEAP, GOOD}, error, error, Map.of("a", latency, "b", latency, "c", latency, "d", latency));
        var report = new Study(data, List.of("b", "a"), List.of("d", "c"), 1, 1, line -> {}).report("x", "y");
        assertThat(report.trainDevices()).containsExactly("a", "b");
        assertThat(report.testDevices()).containsExactly("c", "d");
    }
}
