package org.dartscc.trainer.supernet;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.NetworkBuilder;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.model.space.Spaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Gradients of every operator and of whole networks against central differences, in float64. */
class GradientCheckTest {
    private static final int BATCH = 3;
    private static final double STEP = 1e-6;

    /** Of deep networks only so many tensors are checked: each check runs the network twice. */
    private static final int MOST_TENSORS = 40;

    @TestFactory
    Stream<DynamicTest> theGradientOfEveryOperatorIsThatOfDifferences() {
        return Stream.of(Operator.values()).filter(o -> !o.isAbsent()).flatMap(o -> Stream.of(1, 2)
                .map(stride -> DynamicTest.dynamicTest(
                        o.key() + " at stride " + stride, () -> check(network(o, 4, 4 * stride, stride), true))));
    }

    @TestFactory
    Stream<DynamicTest> theGradientOfTheRemainingLayersIsThatOfDifferences() {
        var zero = new NetworkBuilder(new Shape(2, 4, 4));
        var zeros = zero.add("zero", new Layer.Zero(new Shape(2, 4, 4)), zero.image());
        var sum = zero.add("sum", new Layer.Add(), List.of(zero.image(), zeros, zero.image()));
        var oddPool = new NetworkBuilder(new Shape(2, 7, 7));
        var pooled = oddPool.add("odd", new Layer.AveragePool(3, 2, 1), oddPool.image());
        return Stream.of(
                DynamicTest.dynamicTest("zero and add of three", () -> check(headed(zero, sum), true)),
                DynamicTest.dynamicTest("average pool of odd size", () -> check(headed(oddPool, pooled), true)),
                DynamicTest.dynamicTest(
                        "batch norm with running statistics", () -> check(network(Operator.SEP3, 4, 4, 1), false)));
    }

    @Test
    void theGradientOfAMixtureIsThatOfDifferencesByItsWeightsToo() {
        var network = new NetworkBuilder(new Shape(4, 6, 6));
        var outputs = Stream.of(Operator.CONV3, Operator.SKIP_CONNECT, Operator.MAX_POOL_3X3)
                .map(o -> o.emit(network, "op", network.image(), 4, 1))
                .toList();
        // Option 1 is absent: it has a weight, but no input.
        var mixture = network.add("mixture", new Layer.Mixture(0, List.of(0, 2, 3)), outputs);
        check(headed(network, mixture), true, BATCH, 4, 1e-4);
    }

    @TestFactory
    Stream<DynamicTest> theGradientOfEverySpacesNetworksIsThatOfDifferences() {
        // Not fbnet: at this size its 22 layers end in 1x1 maps, whose batch statistics drown the differences in
        // rounding. Its operators are checked one by one above.
        return Spaces.names().stream()
                .filter(name -> !name.equals("fbnet"))
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    var space = new SpaceSpec(name, new Shape(1, 16, 16), 3).create();
                    // Deep down maps are 1x1: statistics of a batch of three would make differences meaningless there.
                    check(space.network(space.random(new Random(3))).live(), true, 12, 1, 1e-2);
                }));
    }

    private static Network network(Operator operator, int in, int out, int stride) {
        var network = new NetworkBuilder(new Shape(in, 6, 6));
        return headed(network, operator.emit(network, "op", network.image(), out, stride));
    }

    private static Network headed(NetworkBuilder network, String last) {
        var pooled = network.add("pool", new Layer.GlobalAveragePool(), last);
        return network.build(network.add("classifier", new Layer.Linear(3), pooled));
    }

    private static void check(Network network, boolean batchStatistics) {
        check(network, batchStatistics, BATCH, 3, 1e-4);
    }

    /**
     * @param entries of each tensor to be checked
     * @param precision relative; kinks of many layers lie within a difference
     */
    private static void check(Network network, boolean batchStatistics, int batch, int entries, double precision) {
        var engine = NativeEngine.load(1);
        var random = new Random(11);
        try (var manager = engine.newManager()) {
            var values = doubles(manager, network, random);
            var shape = network.input().output();
            var images = random(manager, random, batch, shape.channels(), shape.height(), shape.width());
            images.setRequiresGradient(true);
            var weights = random(manager, random, batch, 3);
            var mixture = manager.create(new double[] {.4, .1, .3, .2});
            mixture.setRequiresGradient(true);
            var statistics = batchStatistics ? Statistics.BATCH : Statistics.RUNNING;
            try (var collector = Engine.getInstance().newGradientCollector()) {
                collector.backward(loss(network, values, statistics, images, weights, mixture));
            }
            var inputs = new LinkedHashMap<String, NDArray>(Map.of("image", images));
            if (network.nodes().stream().anyMatch(n -> n.layer() instanceof Layer.Mixture)) {
                inputs.put("mixture", mixture);
            }
            network.parameters().stream()
                    .filter(p -> p.role().trainable())
                    .forEach(p -> inputs.put(p.name(), values.get(p.name())));
            var names = new ArrayList<>(inputs.keySet());
            java.util.Collections.shuffle(names, random);
            for (var name : names.subList(0, Math.min(MOST_TENSORS, names.size()))) {
                var array = inputs.get(name);
                var gradient = JniUtils.getGradient((PtNDArray) array);
                for (long entry : entries(random, array.size(), entries)) {
                    double actual = gradient == null ? 0 : gradient.flatten().getDouble(entry);
                    double expected = nearestDifference(
                            actual, array, entry, () -> loss(network, values, statistics, images, weights, mixture));
                    assertThat(actual)
                            .as("d loss / d %s[%d]", name, entry)
                            .isCloseTo(expected, within(1e-6 + precision * Math.abs(expected)));
                }
            }
        }
    }

    private static Map<String, NDArray> doubles(NDManager manager, Network network, Random random) {
        var initial = Values.initial(manager, network.parameters(), 5);
        var doubles = new LinkedHashMap<String, NDArray>();
        network.parameters().forEach(p -> {
            // Away from 0 and 1, where a wrong scale or shift would not show.
            var noise = random(manager, random, shape(p.shape()));
            var array = initial.get(p.name())
                    .toType(DataType.FLOAT64, true)
                    .add(noise.abs().mul(.1));
            array.setRequiresGradient(p.role().trainable());
            doubles.put(p.name(), array);
        });
        return doubles;
    }

    private static long[] shape(List<Long> shape) {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    private static NDArray random(NDManager manager, Random random, long... shape) {
        var djl = new ai.djl.ndarray.types.Shape(shape);
        return manager.create(random.doubles(djl.size(), -1, 1).toArray(), djl);
    }

    private static NDArray loss(
            Network network,
            Map<String, NDArray> values,
            Statistics statistics,
            NDArray images,
            NDArray weights,
            NDArray mixture) {
        var logits = new Forward(network, values, statistics, Map.of(0, mixture)).logits(images);
        return logits.mul(logits).mul(weights).sum();
    }

    private static List<Long> entries(Random random, long size, int count) {
        var entries = new ArrayList<Long>();
        for (int i = 0; i < count; i++) {
            entries.add((long) random.nextInt((int) size));
        }
        return entries;
    }

    /**
     * A kink of a ReLU disturbs the differences over wide steps, rounding those over narrow ones; a wrong gradient is
     * far from all.
     */
    private static double nearestDifference(
            double gradient, NDArray array, long entry, java.util.function.Supplier<NDArray> loss) {
        return Stream.of(STEP / 8, STEP, 16 * STEP)
                .map(step -> difference(array, entry, step, loss))
                .min(java.util.Comparator.comparingDouble(d -> Math.abs(d - gradient)))
                .orElseThrow();
    }

    private static double difference(
            NDArray array, long entry, double step, java.util.function.Supplier<NDArray> loss) {
        try (var mode = new WithoutGradients()) {
            return (moved(array, entry, step, loss) - moved(array, entry, -step, loss)) / (2 * step);
        }
    }

    private static double moved(NDArray array, long entry, double by, java.util.function.Supplier<NDArray> loss) {
        var step = new double[(int) array.size()];
        step[(int) entry] = by;
        var offset = array.getManager().create(step, array.getShape());
        array.addi(offset);
        double value = loss.get().getDouble();
        array.subi(offset);
        return value;
    }
}
