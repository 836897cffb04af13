package org.dartscc.model.message;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.cost.Curve;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.network.Shape;
import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.selection.Diagnostics;
import org.dartscc.model.selection.Proposal;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The JSON of every message, field by field: what services of different versions rely on. */
class GoldenMessagesTest {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private static final int V = Topics.SCHEMA_VERSION;
    private static final ArtifactRef ARTIFACT = new ArtifactRef("ab".repeat(32), 1234);
    private static final SpaceSpec SPACE = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10);
    private static final DatasetSpec DATASET = new DatasetSpec("fashion-mnist-sample", 1);
    private static final DatasetInfo DATASET_INFO = new DatasetInfo(
            "fashion-mnist-sample",
            new Shape(1, 28, 28),
            List.of("shirt", "bag"),
            List.of(.28),
            List.of(.35),
            100,
            20,
            30,
            1);
    private static final OperatorSignature SIGNATURE = OperatorSignature.parse("conv3:16x14x14:32:s2");
    private static final Genotype GENOTYPE =
            Genotype.parse("layerwise/conv3,skip,sep3,sep5,mbconv3_k3,mbconv3_k5,skip,skip");
    private static final CostTable COSTS =
            new CostTable("d1", 7, 40.5, new Curve(500, .2), true, .03, Map.of(SIGNATURE, 12.5));
    private static final RuntimeFingerprint FINGERPRINT =
            new RuntimeFingerprint("ort-cpu", "onnxruntime 1.29.0", "CPU", "all", 1, 1, "float32", "EPYC avx512f", 1);
    private static final Instant NOW = Instant.parse("2026-11-24T05:00:00Z");

    static Stream<Object> messages() {
        return Stream.of(
                new TrainingTask.InspectDataset(V, "t1", "s1", 1, DATASET),
                new TrainingTask.TrainRound(
                        V,
                        "t2",
                        "s1",
                        1,
                        SPACE,
                        DATASET,
                        "fleet",
                        42,
                        3,
                        0,
                        1,
                        300,
                        100,
                        1800,
                        64,
                        ARTIFACT,
                        List.of(COSTS)),
                new TrainingTask.FitTradeoff(V, "t3", "s1", 1, SPACE, DATASET, 42, 80, ARTIFACT, List.of(COSTS)),
                new TrainingTask.FinaliseModel(V, "t4", "s1", 2, SPACE, DATASET, 42, "m1", GENOTYPE, 0, ARTIFACT),
                new TrainingOutcome.Progress(V, "t2", "s1", 1, "training", 40, 100, .7),
                new TrainingOutcome.DatasetInspected(V, "t1", "s1", 1, DATASET_INFO),
                new TrainingOutcome.RoundCompleted(V, "t2", "s1", 1, 3, 0, 100, .65, 12.5, ARTIFACT),
                new TrainingOutcome.TradeoffFitted(
                        V,
                        "t3",
                        "s1",
                        1,
                        new AccuracyEstimate(
                                -2,
                                List.of(List.of(.1, -.1)),
                                80,
                                .7,
                                List.of(new AccuracyEstimate.Known(List.of(1), -2.2))),
                        ARTIFACT,
                        List.of(new Proposal(GENOTYPE, .87, "d1", "lambda 0.1")),
                        new Diagnostics(.375, .8, .4, 1, List.of("all answers are one architecture"))),
                new TrainingOutcome.ModelFinalised(V, "t4", "s1", 2, "m1", ARTIFACT, ARTIFACT, DATASET_INFO, .88, .87),
                new TrainingOutcome.Failed(V, "t4", "s1", 2, "the checkpoint is damaged", true),
                new MeasurementRequest.MeasureOperators(V, "r1", "d1", SPACE, List.of(SIGNATURE), List.of(GENOTYPE)),
                new MeasurementRequest.MeasureModel(V, "r2", "d1", "m1", ARTIFACT, new Shape(1, 28, 28)),
                new CostUpdate.OperatorCost(V, "d1", SIGNATURE, 12.5, .2, 200, 7, FINGERPRINT, NOW),
                new CostUpdate.NetworkCost(V, "d1", SPACE, GENOTYPE, 120.5, 2, 200, 8, 1250.5, FINGERPRINT, NOW),
                new CostUpdate.Failed(V, "d1", "r1", SIGNATURE.toString(), "out of memory"),
                new ModelMeasurement.Timed(
                        V,
                        "r2",
                        "d1",
                        "m1",
                        ARTIFACT.sha256(),
                        110,
                        130,
                        4000,
                        500,
                        1.4,
                        1250.5,
                        null,
                        FINGERPRINT,
                        NOW),
                new ModelMeasurement.Failed(V, "r2", "d1", "m1", "the model crashed its process"),
                new ModelRequest(
                        V, "m1", "s1", "d1", 2, SPACE, GENOTYPE, ARTIFACT, ARTIFACT, DATASET_INFO, .88, .87, 118.5, 8),
                new ExportedModel.Exported(V, "m1", 2, ARTIFACT, 1e-6),
                new ExportedModel.Failed(V, "m1", 2, "parity 0.2 is over 1e-4"));
    }

    private static String goldenName(Object message) {
        var type = message.getClass();
        var outer = type.getEnclosingClass();
        return (outer == null ? "" : outer.getSimpleName() + ".") + type.getSimpleName() + ".json";
    }

    private static String golden(Object message) throws IOException {
        try (var in = GoldenMessagesTest.class.getResourceAsStream("/messages/" + goldenName(message))) {
            assertThat(in).as("golden file " + goldenName(message)).isNotNull();
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void isWrittenAsTheGoldenFileSays(Object message) throws IOException {
        assertThat(JSON.readTree(JSON.writeValueAsString(message))).isEqualTo(JSON.readTree(golden(message)));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void isReadFromTheGoldenFileThroughItsFamily(Object message) throws IOException {
        var family = message.getClass().getEnclosingClass() == null
                ? message.getClass()
                : message.getClass().getEnclosingClass();
        assertThat(JSON.readValue(golden(message), family)).isEqualTo(message);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void isRefusedInAnUnknownVersion(Object message) throws IOException {
        var changed = (ObjectNode) JSON.readTree(golden(message));
        changed.put("schemaVersion", 99);
        assertThatThrownBy(() -> JSON.treeToValue(changed, message.getClass()))
                .hasMessageContaining("schemaVersion 99");
    }

    @Test
    void refusesCostsThatAreNoTimes() {
        for (double micros : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY, 1e10}) {
            assertThatThrownBy(() -> new CostUpdate.OperatorCost(V, "d1", SIGNATURE, micros, 0, 1, 1, FINGERPRINT, NOW))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /** Writes the golden files anew: run it once after a change that is meant, and review the difference. */
    public static void main(String[] folder) throws IOException {
        for (var message : messages().toList()) {
            java.nio.file.Files.writeString(
                    java.nio.file.Path.of(folder[0], goldenName(message)),
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsString(message) + "\n");
        }
    }
}
