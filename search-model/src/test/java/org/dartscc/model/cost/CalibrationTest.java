package org.dartscc.model.cost;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

import org.junit.jupiter.api.Test;

import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class CalibrationTest {
    private static final SearchSpace SPACE = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10).create();
    private static final List<Genotype> NETWORKS = CalibrationNetworks.of(SPACE, 16);

    private static Map<OperatorSignature, Double> operators() {
        var random = new Random(5);
        var micros = new HashMap<OperatorSignature, Double>();
        SPACE.signatures().forEach(s -> micros.put(s, 5 + 20 * random.nextDouble()));
        return micros;
    }

    private static Map<Genotype, Double> networks(ToDoubleFunction<Genotype> latency, int count) {
        var networks = new LinkedHashMap<Genotype, Double>();
        NETWORKS.subList(0, count).forEach(g -> networks.put(g, latency.applyAsDouble(g)));
        return networks;
    }

    private static double latency(double fixed, Map<Operator, Double> scales, Genotype genotype) {
        var scaled = operators();
        scaled.replaceAll((s, micros) -> scales.getOrDefault(s.operator(), 1.0) * micros);
        return new CostTable("device", 1, fixed, 0, scaled).latencyMicros(SPACE, genotype);
    }

    private static CostTable table(Map<Genotype, Double> networks) {
        return CostTable.of("device", 1, SPACE, operators(), networks);
    }

    @Test
    void exactSumsKeepTheirCostsAndGiveTheFixedPart() {
        var table = table(networks(g -> latency(40, Map.of(), g), 16));
        assertThat(table.fixedMicros()).isCloseTo(40, within(1e-6));
        operators().forEach((s, micros) -> assertThat(table.operatorMicros().get(s))
                .isCloseTo(micros, within(1e-6)));
        assertThat(table.marginShare()).isLessThan(1e-6);
    }

    @Test
    void kindsThatCostMoreInsideOfNetworksGetScalesOfTheirOwn() {
        var truth = Map.of(Operator.CONV3, 1.5, Operator.SEP3, .6);
        var table = table(networks(g -> latency(40, truth, g), 16));
        var random = new Random(8);
        for (int i = 0; i < 20; i++) {
            var genotype = SPACE.random(random);
            assertThat(table.latencyMicros(SPACE, genotype)).isCloseTo(latency(40, truth, genotype), within(4.0));
        }
    }

    @Test
    void aCommonScaleIsFoundFromFewNetworks() {
        var all = new HashMap<Operator, Double>();
        SPACE.signatures().forEach(s -> all.put(s.operator(), 1.3));
        var table = table(networks(g -> latency(60, all, g), 5));
        var random = new Random(8);
        for (int i = 0; i < 20; i++) {
            var genotype = SPACE.random(random);
            double truth = latency(60, all, genotype);
            assertThat(table.latencyMicros(SPACE, genotype)).isBetween(.97 * truth, 1.03 * truth);
        }
    }

    @Test
    void operatorsThatGetSlowerOnceTheNetworkOutgrowsACacheBendTheLatency() {
        var space = new SpaceSpec("nas-bench-201", new Shape(1, 28, 28), 10).create();
        var micros = new HashMap<OperatorSignature, Double>();
        space.signatures().forEach(s -> micros.put(s, s.operator() == Operator.NOR_CONV_3X3 ? 40.0 : 5.0));
        var truth = new CostTable("device", 1, 100, new Curve(900, .25), true, 0, micros);
        var networks = new LinkedHashMap<Genotype, Double>();
        CalibrationNetworks.of(space, 20).forEach(g -> networks.put(g, truth.latencyMicros(space, g)));
        var table = CostTable.of("device", 1, space, micros, networks);
        assertThat(table.curve().bend()).isPositive();
        var random = new Random(8);
        for (int i = 0; i < 50; i++) {
            var genotype = space.random(random);
            double expected = truth.latencyMicros(space, genotype);
            double predicted = table.latencyMicros(space, genotype);
            assertThat(predicted).isBetween(.95 * expected, 1.05 * expected);
            assertThat(table.sumOf(predicted)).isCloseTo(table.sumMicros(space, genotype), within(1e-9));
        }
    }

    @Test
    void aFewNetworksBeyondAKneeAreNoReasonToBend() {
        var curve = new Curve(170, .3);
        var table = table(networks(g -> curve.latencyOf(latency(40, Map.of(), g)), 16));
        assertThat(table.curve()).isEqualTo(Curve.STRAIGHT);
    }

    @Test
    void equalPoolsOfACellAreRunOnceByARuntimeThatMergesThem() {
        var space = new SpaceSpec("nas-bench-201", new Shape(1, 28, 28), 10).create();
        var micros = new HashMap<OperatorSignature, Double>();
        space.signatures().forEach(s -> micros.put(s, s.operator() == Operator.NOR_CONV_3X3 ? 40.0 : 10.0));
        var merging = new CostTable("device", 1, 100, Curve.STRAIGHT, true, 0, micros);
        var plain = new CostTable("device", 1, 100, 0, micros);
        var twice = Genotype.parse("nas-bench-201/avg_pool_3x3,avg_pool_3x3,none,none,skip_connect,skip_connect");
        // 15 cells: two edges are identities at 10 us each, two pool the cell's input.
        assertThat(plain.latencyMicros(space, twice)).isCloseTo(100 + 15 * 40, within(1e-9));
        assertThat(merging.latencyMicros(space, twice)).isCloseTo(100 + 15 * 30, within(1e-9));

        var networks = new LinkedHashMap<Genotype, Double>();
        CalibrationNetworks.of(space, 20).forEach(g -> networks.put(g, merging.latencyMicros(space, g)));
        var calibrated = CostTable.of("device", 1, space, micros, networks);
        assertThat(calibrated.marginShare()).isLessThan(1e-6);
        assertThat(calibrated.latencyMicros(space, twice)).isCloseTo(100 + 15 * 30, within(1e-6));

        var assignments = space.groups().get(0).assignments();
        var costs = merging.assignmentMicros(space)[0];
        var indices = new int[space.decisions().size()];
        for (int k = 0; k < costs.length; k += 97) {
            space.assign(indices, 0, k);
            assertThat(100 + costs[k])
                    .as(assignments.get(k).toString())
                    .isCloseTo(merging.latencyMicros(space, space.genotype(indices)), within(1e-9));
        }
    }

    @Test
    void aCurveOnlyRisesAndLeadsBackToTheSum() {
        var curve = new Curve(150, .3);
        for (double sum : new double[] {0, 100, 150, 151, 1e6}) {
            assertThat(curve.sumOf(curve.latencyOf(sum))).isCloseTo(sum, within(1e-9 * (1 + sum)));
            // A device three times as slow takes three times as long, whatever the network.
            assertThat(curve.scaled(3).latencyOf(3 * sum)).isCloseTo(3 * curve.latencyOf(sum), within(1e-6));
        }
        assertThat(curve.latencyOf(250)).isCloseTo(280, within(1e-9));
        assertThatThrownBy(() -> new Curve(150, -.1)).hasMessageContaining("must grow");
    }

    @Test
    void nothingIsNegative() {
        var table = table(networks(g -> Math.max(1, latency(-30, Map.of(Operator.SEP5, -1.0), g)), 16));
        assertThat(table.fixedMicros()).isNotNegative();
        assertThat(table.operatorMicros().values()).allMatch(micros -> micros >= 0);
    }

    @Test
    void oneOrTwoNetworksGiveTheMeanOfWhatIsLeft() {
        var networks = new LinkedHashMap<Genotype, Double>();
        networks.put(NETWORKS.get(0), latency(30, Map.of(), NETWORKS.get(0)));
        networks.put(NETWORKS.get(1), latency(50, Map.of(), NETWORKS.get(1)));
        var table = table(networks);
        assertThat(table.fixedMicros()).isCloseTo(40, within(1e-9));
        assertThat(table.operatorMicros()).isEqualTo(operators());
    }

    @Test
    void withoutNetworksThePlainSumIsTakenWithAMargin() {
        var table = table(Map.of());
        assertThat(table.operatorMicros()).isEqualTo(operators());
        assertThat(table.fixedMicros()).isZero();
        assertThat(table.marginShare()).isPositive();
    }

    @Test
    void theMarginIsTheErrorOnNetworksLeftOut() {
        var random = new Random(3);
        var table = table(networks(g -> latency(40, Map.of(), g) * (random.nextBoolean() ? 1.08 : 1 / 1.08), 16));
        assertThat(table.marginShare()).isBetween(.06, .16);
    }

    @Test
    void whileOperatorsAreMissingNothingIsCalibrated() {
        var partial = operators();
        partial.remove(SPACE.signatures().get(0));
        var table = CostTable.of("device", 1, SPACE, partial, networks(g -> 100, 16));
        assertThat(table.operatorMicros()).isEqualTo(partial);
        assertThat(table.covers(SPACE)).isFalse();
    }

    @Test
    void theNetworksOfACalibrationAreDifferentAndUseEveryKind() {
        for (var name : List.of("layerwise", "darts", "nas-bench-201", "fbnet")) {
            var space = new SpaceSpec(name, new Shape(1, 28, 28), 10).create();
            var networks = CalibrationNetworks.of(space, 20);
            assertThat(networks)
                    .hasSize(20)
                    .doesNotHaveDuplicates()
                    .allMatch(space::isValid)
                    .contains(space.cheapest(), space.costliest())
                    .isEqualTo(CalibrationNetworks.of(space, 20));
            var used = networks.stream().flatMap(g -> g.options().stream()).toList();
            assertThat(used)
                    .containsAll(space.signatures().stream()
                            .map(s -> s.operator().key())
                            .toList());
        }
    }
}
