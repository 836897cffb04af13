package org.dartscc.agent.drift;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.dartscc.agent.plan.KnownCosts;
import org.dartscc.agent.plan.ScriptedBench;
import org.dartscc.agent.plan.Survey;
import org.dartscc.agent.probe.Estimate;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.message.CostUpdate.NetworkCost;
import org.dartscc.model.message.CostUpdate.OperatorCost;
import org.dartscc.model.message.MeasurementRequest.MeasureOperators;
import org.dartscc.model.message.Topics;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.SpaceSpec;

import static org.assertj.core.api.Assertions.assertThat;

class DriftCheckTest {
    private static final SpaceSpec LAYERWISE = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10);
    private static final RuntimeFingerprint FINGERPRINT =
            new RuntimeFingerprint("ort-cpu", "onnxruntime 1", "CPU", "all", 1, 1, "float32", "a cpu", 1);

    private final ScriptedBench bench = new ScriptedBench();
    private final List<CostUpdate> sent = new ArrayList<>();
    private final KnownCosts known = KnownCosts.in(null, "device-1", FINGERPRINT, Clock.systemUTC());
    private final Survey survey = new Survey(bench, known, "device-1", FINGERPRINT, Clock.systemUTC(), sent::addAll);
    private final DriftCheck check = new DriftCheck(bench, known, survey);

    @BeforeEach
    void measureTheTable() {
        var space = LAYERWISE.create();
        survey.answer(new MeasureOperators(
                Topics.SCHEMA_VERSION,
                "request-1",
                "device-1",
                LAYERWISE,
                space.signatures(),
                List.of(space.cheapest())));
        bench.measured.clear();
        bench.networksMeasured = 0;
    }

    private long highestVersion() {
        return sent.stream()
                .mapToLong(u -> u instanceof OperatorCost c ? c.version() : ((NetworkCost) u).version())
                .max()
                .orElseThrow();
    }

    @Test
    void nothingIsToldWhileCostsStayAsTheyAre() {
        sent.clear();

        assertThat(check.run()).isEmpty();
        assertThat(sent).isEmpty();
        assertThat(bench.measured).isEmpty();
    }

    @Test
    void allOperatorsOfAKindThatMovedAreToldAnewUnderHigherVersionsAndSoAreTheNetworks() {
        long before = highestVersion();
        sent.clear();
        bench.operatorMicros = signature -> signature.operator() == Operator.CONV3 ? 20 : 10;

        assertThat(check.run()).containsExactly(Operator.CONV3);

        long kinds = LAYERWISE.create().signatures().stream()
                .filter(s -> s.operator() == Operator.CONV3)
                .count();
        assertThat(sent.stream().filter(OperatorCost.class::isInstance))
                .hasSize((int) kinds)
                .allSatisfy(u -> {
                    var cost = (OperatorCost) u;
                    assertThat(cost.signature().operator()).isEqualTo(Operator.CONV3);
                    assertThat(cost.medianMicros()).isEqualTo(20);
                    assertThat(cost.version()).isGreaterThan(before);
                });
        assertThat(bench.networksMeasured).isOne();
        assertThat(check.run()).isEmpty();
    }

    @Test
    void aBusyMachineIsNoChangeOfTheDevice() {
        sent.clear();
        bench.operatorMicros = signature -> 15;
        bench.quiet = false;

        assertThat(check.run()).isEmpty();
        assertThat(sent).isEmpty();
    }

    @Test
    void aMachineThatStaysSlowIsASlowerMachineAndIsMeasuredAnew() {
        bench.operatorMicros = signature -> 15;
        bench.quiet = false;
        for (int i = 1; i < DriftCheck.CHECKS_TO_BELIEVE; i++) {
            assertThat(check.run()).isEmpty();
        }
        // One quiet look in between, and it was only busy.
        bench.quiet = true;
        bench.operatorMicros = signature -> 10;
        assertThat(check.run()).isEmpty();
        bench.operatorMicros = signature -> 15;
        bench.quiet = false;
        for (int i = 1; i < DriftCheck.CHECKS_TO_BELIEVE; i++) {
            assertThat(check.run()).isEmpty();
        }
        assertThat(bench.referenceMicros).isEqualTo(40);
        sent.clear();

        assertThat(check.run()).contains(Operator.CONV3, Operator.SEP3);

        assertThat(bench.referenceMicros).isInfinite();
        assertThat(sent.stream().filter(OperatorCost.class::isInstance))
                .hasSize(LAYERWISE.create().signatures().size())
                .allSatisfy(u -> assertThat(((OperatorCost) u).medianMicros()).isEqualTo(15));
        assertThat(bench.networksMeasured).isOne();
    }

    @Test
    void aCostHasMovedOnlyWhenItsChangeIsLargeAndCertain() {
        assertThat(DriftRule.judge(10, estimate(10.9, .05, true))).isEqualTo(DriftRule.UNCHANGED);
        assertThat(DriftRule.judge(10, estimate(11.5, .05, true))).isEqualTo(DriftRule.MOVED);
        assertThat(DriftRule.judge(10, estimate(8.5, .05, true))).isEqualTo(DriftRule.MOVED);
        assertThat(DriftRule.judge(10, estimate(11.5, 2, true))).isEqualTo(DriftRule.UNCHANGED);
        assertThat(DriftRule.judge(.5, estimate(.7, .01, true))).isEqualTo(DriftRule.UNCHANGED);
        assertThat(DriftRule.judge(10, estimate(11.5, .05, false))).isEqualTo(DriftRule.BUSY);
    }

    private static Estimate estimate(double micros, double spread, boolean quiet) {
        return new Estimate(micros, micros, spread, 8, 800, 1, quiet);
    }
}
