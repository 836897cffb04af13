package org.dartscc.benchmarks.fidelity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import org.dartscc.model.cost.CalibrationNetworks;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.cost.Curve;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The benchmark's arithmetic, on latencies that are made up: nothing is timed. */
class FidelityTest {
    private static final RuntimeFingerprint FINGERPRINT =
            new RuntimeFingerprint("ort-cpu", "none", "CPU", "all", 1, 1, "float32", "made up", 0);

    /** Networks whose latency is 50 us and 1.2 times the sum of their operators, known up to some noise. */
    private static Measurements additive(String name, double noise) {
        var space = new SpaceSpec(name, new Shape(1, 28, 28), 10).create();
        var random = new Random(4);
        Map<OperatorSignature, Double> operators = new HashMap<>();
        space.signatures().forEach(s -> operators.put(s, 5 + 40 * random.nextDouble()));
        Map<OperatorSignature, Double> alone = new HashMap<>();
        operators.forEach((s, micros) -> alone.put(s, 1.6 * micros + 10));
        Map<Genotype, Double> calibration = new HashMap<>();
        CalibrationNetworks.of(space, 16)
                .forEach(g -> calibration.put(g, latency(space, operators, g) * (1 + noise * random.nextGaussian())));
        return new Measurements(
                space, FINGERPRINT, operators, alone, calibration, networks(space, operators, noise, random), 12.5);
    }

    private static List<Observation> networks(
            SearchSpace space, Map<OperatorSignature, Double> operators, double noise, Random random) {
        var networks = new ArrayList<Observation>();
        for (int i = 0; i < 40; i++) {
            var genotype = space.random(random);
            double latency = latency(space, operators, genotype);
            var network = space.network(genotype);
            networks.add(new Observation(
                    genotype,
                    latency * (1 + noise * random.nextGaussian()),
                    latency * (1 + noise * random.nextGaussian()),
                    network.macs(),
                    network.parameterCount()));
        }
        return networks;
    }

    private static double latency(SearchSpace space, Map<OperatorSignature, Double> operators, Genotype genotype) {
        return 50
                + 1.2
                        * new CostTable("made up", 1, 0, Curve.STRAIGHT, true, 0, operators)
                                .latencyMicros(space, genotype);
    }

    private static Report report(Measurements measurements) {
        return Report.of(measurements, 16, 20, 1);
    }

    @Test
    void networksThatAreSumsOfTheirOperatorsArePredictedAndNaiveSumsAreBiased() {
        for (var space : List.of("layerwise", "darts", "nas-bench-201")) {
            var report = report(additive(space, 0));
            assertThat(report.ours().within10Percent()).as(space).isGreaterThan(.99);
            assertThat(report.ours().kendall()).as(space).isGreaterThan(.97);
            assertThat(report.productCalibration().within5Percent()).as(space).isEqualTo(1);
            assertThat(report.naiveSum().within10Percent()).as(space).isLessThan(.5);
            assertThat(report.macs().mape())
                    .as(space)
                    .isGreaterThan(report.ours().mape());
            assertThat(report.productMarginShare()).as(space).isLessThan(.02);
            assertThat(report.truthSelfRepeat().mape()).isZero();
            assertThat(report.truthSelfRepeat().kendall()).isEqualTo(1);
        }
    }

    @Test
    void noiseOfTheTruthShowsInItsRepeatability() {
        var report = report(additive("layerwise", .05));
        assertThat(report.truthSelfRepeat().mape()).isBetween(.03, .09);
        assertThat(report.ours().within5Percent()).isLessThan(.95);
        assertThat(report.productMarginShare()).isBetween(.03, .12);
        assertThat(report.oursWorstSplit().within10Percent())
                .isLessThanOrEqualTo(report.ours().within10Percent());
    }

    @Test
    void theReportHasTheNamesThatOthersReadAndEveryNetwork() {
        var json = new ObjectMapper().valueToTree(report(additive("layerwise", .01)));
        for (var name : List.of(
                "space",
                "profile",
                "networks",
                "calibrationNetworks",
                "ours",
                "productCalibration",
                "naiveSum",
                "macs",
                "parameters",
                "truthSelfRepeat",
                "tableSeconds")) {
            assertThat(json.has(name)).as(name).isTrue();
        }
        for (var name : List.of("within10Percent", "within5Percent", "mape", "kendall", "spearman")) {
            assertThat(json.get("ours").get(name).isDouble()).as(name).isTrue();
            assertThat(json.get("productCalibration").get(name).isDouble())
                    .as(name)
                    .isTrue();
        }
        assertThat(json.get("calibrationMicros")).hasSize(16);
        assertThat(json.get("points")).hasSize(40);
        assertThat(json.get("points").get(0).get("predictedMicros").asDouble()).isPositive();
    }

    @Test
    void thePictureShowsEveryNetwork() {
        var svg = Scatter.of(report(additive("layerwise", .01)));
        assertThat(svg.split("<circle", -1)).hasSize(41);
        assertThat(svg).doesNotContain("NaN");
    }

    @Test
    void rankCorrelationsFollowTheirDefinitions() {
        double[] a = {1, 2, 3, 4};
        assertThat(Ranks.kendall(a, a)).isEqualTo(1);
        assertThat(Ranks.kendall(a, new double[] {4, 3, 2, 1})).isEqualTo(-1);
        assertThat(Ranks.kendall(a, new double[] {1, 2, 4, 3})).isCloseTo(4.0 / 6, within(1e-12));
        assertThat(Ranks.spearman(a, new double[] {1, 2, 4, 3})).isCloseTo(.8, within(1e-12));
        assertThat(Ranks.kendall(a, new double[] {1, 1, 1, 1})).isZero();
    }
}
