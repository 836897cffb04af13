package org.dartscc.agent.probe;

import java.util.EnumMap;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.model.space.Spaces;
import org.dartscc.model.turn.MachineTurn;
import org.dartscc.onnx.OnnxModels;

import static org.assertj.core.api.Assertions.assertThat;

/** With the real runtime on this machine, however busy it is: only orders that hold anywhere. */
class ProbeTest {
    private static final SpaceSpec LAYERWISE = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10);

    private static Probe probe(String profile) {
        return new Probe(Profile.of(profile), MachineTurn.free(), () -> false, Double.POSITIVE_INFINITY);
    }

    private static List<OperatorSignature> signatures(String... texts) {
        return Stream.of(texts).map(OperatorSignature::parse).toList();
    }

    private static double micros(Reading reading) {
        return ((Reading.Measured) reading).estimate().medianMicros();
    }

    @Test
    void operatorsThatDoMoreCostMore() {
        var operators = signatures("conv3:64x14x14:64:s1", "sep3:64x14x14:64:s1", "conv3:16x14x14:16:s1");
        try (var probe = probe("ort-cpu")) {
            var costs = probe.operators(operators);

            double conv = micros(costs.get(operators.get(0)));
            assertThat(conv).isFinite().isGreaterThan(1.5 * micros(costs.get(operators.get(1))));
            assertThat(micros(costs.get(operators.get(2)))).isPositive().isLessThan(conv / 3);
        }
    }

    /** One of each kind; that there is a carrier for every size in every space, OperatorCarrierTest shows. */
    @Test
    void everyOptionOfEverySpaceGetsACost() {
        var operators = new EnumMap<Operator, OperatorSignature>(Operator.class);
        for (var name : Spaces.names()) {
            for (var signature :
                    new SpaceSpec(name, new Shape(1, 16, 16), 10).create().signatures()) {
                operators.putIfAbsent(signature.operator(), signature);
            }
        }
        assertThat(operators.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Operator.values()).filter(o -> !o.isAbsent()).toList());
        var all = List.copyOf(operators.values());
        try (var probe = probe("ort-cpu")) {
            for (int from = 0; from < all.size(); from += Bench.BATCH) {
                var readings = probe.glance(all.subList(from, Math.min(all.size(), from + Bench.BATCH)));
                assertThat(readings.values()).allMatch(r -> Double.isFinite(micros(r)));
            }
        }
    }

    @Test
    void theProfileWithoutTheBlockedLayoutPaysMoreForDepthwiseThanForDenseConvolutions() {
        var operators = signatures("mbconv3_k5:32x7x7:32:s1", "conv3:32x7x7:32:s1");
        try (var nchw = probe("ort-cpu-nchw");
                var blocked = probe("ort-cpu")) {
            var costs = nchw.operators(operators);
            var defaults = blocked.operators(operators);

            double ratio = micros(costs.get(operators.get(0))) / micros(costs.get(operators.get(1)));
            assertThat(ratio)
                    .isGreaterThan(
                            1.5 * micros(defaults.get(operators.get(0))) / micros(defaults.get(operators.get(1))));
        }
    }

    @Test
    void anOperatorAloneIsAModelOfItsOwnWhichAnIdentityIsNot() {
        var operators = signatures("conv3:64x14x14:64:s1", "conv3:16x14x14:16:s1", "skip_connect:16x7x7:16:s1");
        try (var probe = probe("ort-cpu")) {
            var latencies = probe.alone(operators);

            assertThat(micros(latencies.get(operators.get(0)))).isGreaterThan(micros(latencies.get(operators.get(1))));
            assertThat(latencies.get(operators.get(2))).isInstanceOf(Reading.NotMeasured.class);
        }
    }

    @Test
    void wholeNetworksAreTimedAndTheCheapestIsTheFastest() {
        var space = LAYERWISE.create();
        try (var probe = probe("ort-cpu")) {
            var costs = probe.glance(space, List.of(space.cheapest(), space.costliest()));

            assertThat(micros(costs.get(space.cheapest())))
                    .isPositive()
                    .isLessThan(micros(costs.get(space.costliest())) / 2);
            assertThat(((Reading.Measured) costs.get(space.costliest()))
                            .estimate()
                            .p90Micros())
                    .isGreaterThanOrEqualTo(.95 * micros(costs.get(space.costliest())));
        }
    }

    @Test
    void whatCantBeMeasuredIsToldAndTheRestIsMeasured() {
        var operators = signatures(
                "conv3:4096x8x8:4096:s1", "none:16x8x8:16:s1", "skip_connect:16x7x7:32:s4", "sep3:16x7x7:16:s1");
        try (var probe = probe("ort-cpu")) {
            var readings = probe.glance(operators);

            assertThat(readings).hasSize(4);
            assertThat(readings.get(operators.get(0)))
                    .isInstanceOfSatisfying(Reading.NotMeasured.class, r -> assertThat(r.reason())
                            .contains("parameters"));
            assertThat(readings.get(operators.get(1))).isInstanceOf(Reading.NotMeasured.class);
            assertThat(readings.get(operators.get(3))).isInstanceOf(Reading.Measured.class);
        }
    }

    @Test
    void bytesThatAreNoModelAreRefusedAndLeaveNoSessionOpen() {
        try (var probe = probe("ort-cpu")) {
            assertThat(probe.model(new byte[] {1, 2, 3}, LAYERWISE.image()).reading())
                    .isInstanceOf(Reading.NotMeasured.class);
            var space = LAYERWISE.create();
            var foreignImage = new Shape(3, 28, 28);
            assertThat(probe.model(OnnxModels.untrained(space.network(space.cheapest()), 1), foreignImage)
                            .reading())
                    .isInstanceOf(Reading.NotMeasured.class);
            assertThat(probe.openSessions()).isOne();
        }
    }

    @Test
    void noSessionStaysOpenAfterAMeasurementButTheReference() {
        var operators = signatures("sep3:16x7x7:16:s1", "sep5:16x7x7:16:s1");
        var probe = probe("ort-cpu");
        assertThat(probe.openSessions()).isZero();
        for (int i = 0; i < 5; i++) {
            probe.glance(operators);
            assertThat(probe.openSessions()).isOne();
        }
        probe.close();
        assertThat(probe.openSessions()).isZero();
    }
}
