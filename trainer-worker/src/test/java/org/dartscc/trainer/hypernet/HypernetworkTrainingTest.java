package org.dartscc.trainer.hypernet;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.network.Shape;
import org.dartscc.model.selection.BudgetScale;
import org.dartscc.model.selection.Hypernetwork;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.trainer.Small;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.supernet.NativeEngine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class HypernetworkTrainingTest {
    private static final SearchSpace SPACE = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10).create();
    private static final CostTable DEVICE = Small.device(SPACE, "a", 1);

    private static SafeTensors weights;
    private static Hypernetwork hypernetwork;

    @BeforeAll
    static void train() {
        weights = train(SPACE, 600);
        hypernetwork = Hypernetwork.of(SPACE, weights);
    }

    private static SafeTensors train(SearchSpace space, int steps) {
        try (var manager = NativeEngine.load(1).newManager()) {
            var devices = List.of(Small.device(space, "a", 1), Small.device(space, "b", 2));
            return new HypernetworkTraining(manager, space, Small.estimate(space), devices, new Random(1))
                    .train(steps, Pace.undisturbed());
        }
    }

    private static double expectedMicros(double position, CostTable costs) {
        return costs.fixedMicros()
                + expected(hypernetwork.policy(position, costs.optionMicros(SPACE)), costs.optionMicros(SPACE));
    }

    /** In the layerwise space a group is a decision and its assignments are the options. */
    private static double expected(double[][] policy, double[][] table) {
        double sum = 0;
        for (int d = 0; d < policy.length; d++) {
            for (int o = 0; o < policy[d].length; o++) {
                sum += policy[d][o] * table[d][o];
            }
        }
        return sum;
    }

    @Test
    void theExpectedLatencyFollowsTheBudgetOnDevicesSeenAndUnseen() {
        for (var device : List.of(DEVICE, Small.device(SPACE, "unseen", 99))) {
            var scale = BudgetScale.of(SPACE, device);
            double before = 0;
            for (double position : new double[] {.2, .5, .8}) {
                double micros = expectedMicros(position, device);
                assertThat(micros)
                        .as(device.deviceId())
                        .isBetween(.6 * scale.micros(position), 1.1 * scale.micros(position));
                assertThat(micros).isGreaterThan(before);
                before = micros;
            }
        }
    }

    @Test
    void aKindWhoseCostIsDoubledIsUsedLessWithoutTraining() {
        var used = java.util.stream.Stream.of(Operator.values())
                .filter(o -> SPACE.decisions().get(0).options().contains(o))
                .filter(o -> !o.isAbsent() && use(o, DEVICE) > .3)
                .toList();
        assertThat(used).hasSizeGreaterThan(1);
        for (var kind : used) {
            Map<OperatorSignature, Double> micros = new HashMap<>(DEVICE.operatorMicros());
            micros.replaceAll((signature, cost) -> signature.operator() == kind ? 2 * cost : cost);
            var doubled = new CostTable("a", 2, DEVICE.fixedMicros(), .03, micros);
            assertThat(use(kind, doubled)).as(kind.key()).isLessThan(.8 * use(kind, DEVICE));
        }
    }

    /** Expected number of decisions that take the kind, mean over budgets of the original device. */
    private static double use(Operator kind, CostTable costs) {
        var scale = BudgetScale.of(SPACE, costs);
        var original = BudgetScale.of(SPACE, DEVICE);
        double sum = 0;
        for (double position = .1; position < 1; position += .1) {
            var policy = hypernetwork.policy(scale.position(original.micros(position)), costs.optionMicros(SPACE));
            for (int d = 0; d < policy.length; d++) {
                sum += policy[d][SPACE.decisions().get(d).options().indexOf(kind)] / 9;
            }
        }
        return sum;
    }

    @Test
    void theTrainedPerceptronAndTheForwardPassThatShipsAgree() {
        try (var manager = NativeEngine.load(1).newManager()) {
            var perceptron =
                    Perceptron.initial(manager, Hypernetwork.inputs(SPACE), Hypernetwork.outputs(SPACE), new Random(4));
            var plain = Hypernetwork.of(SPACE, new SafeTensors(perceptron.tensors(), Map.of()));
            var input = Hypernetwork.encode(SPACE, .3, DEVICE.optionMicros(SPACE));
            var logits = perceptron.logits(manager.create(input).expandDims(0)).toFloatArray();
            int i = 0;
            for (var row : plain.logits(.3, DEVICE.optionMicros(SPACE))) {
                for (double logit : row) {
                    assertThat((double) logits[i++]).isCloseTo(logit, within(1e-4));
                }
            }
        }
    }

    @Test
    void trainingIsBitwiseReproducibleAndTakesSpacesWithJointDecisions() {
        assertThat(train(SPACE, 30).toBytes()).isEqualTo(train(SPACE, 30).toBytes());
        for (var name : List.of("darts", "nas-bench-201")) {
            var space = new SpaceSpec(name, new Shape(1, 28, 28), 10).create();
            assertThat(Hypernetwork.of(space, train(space, 3))).isNotNull();
        }
    }
}
