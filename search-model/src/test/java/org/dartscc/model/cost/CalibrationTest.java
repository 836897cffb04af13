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
    void operatorsThatGetSlowerAsTheNetworkGrowsBendTheLatency() {
        var truth = Map.of(Operator.CONV3, 1.5, Operator.SEP3, .6);
        ToDoubleFunction<Genotype> bent = g -> latency(40, truth, g) * (1 + .002 * latency(40, truth, g));
        var table = table(networks(bent, 16));
        assertThat(table.curvature()).isPositive();
        var random = new Random(8);
        for (int i = 0; i < 20; i++) {
            var genotype = SPACE.random(random);
            double expected = bent.applyAsDouble(genotype);
            double predicted = table.latencyMicros(SPACE, genotype);
            assertThat(predicted).isBetween(.95 * expected, 1.05 * expected);
            assertThat(table.sumOf(predicted)).isCloseTo(table.sumMicros(SPACE, genotype), within(1e-9));
        }
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
