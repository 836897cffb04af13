package org.dartscc.agent.model;

import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.dartscc.agent.child.ChildSettings;
import org.dartscc.agent.child.ChildTimer;
import org.dartscc.agent.device.Orchestrator;
import org.dartscc.agent.device.StubOrchestrator;
import org.dartscc.agent.probe.Profile;
import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.message.MeasurementRequest.MeasureModel;
import org.dartscc.model.message.ModelMeasurement;
import org.dartscc.model.message.ModelMeasurement.Failed;
import org.dartscc.model.message.ModelMeasurement.Timed;
import org.dartscc.model.message.Topics;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.onnx.OnnxModels;

import static org.assertj.core.api.Assertions.assertThat;

class ModelCheckTest {
    private static final Shape IMAGE = new Shape(1, 28, 28);
    private static final RuntimeFingerprint FINGERPRINT =
            new RuntimeFingerprint("ort-cpu", "onnxruntime 1", "CPU", "all", 1, 1, "float32", "a cpu", 1);

    @TempDir
    java.nio.file.Path locks;

    private StubOrchestrator orchestrator;

    @BeforeEach
    void start() throws Exception {
        orchestrator = new StubOrchestrator();
    }

    @AfterEach
    void stop() {
        orchestrator.close();
    }

    private static byte[] model() {
        var space = new SpaceSpec("layerwise", IMAGE, 10).create();
        return OnnxModels.untrained(space.network(space.costliest()), 3);
    }

    private static ArtifactRef ref(byte[] bytes) throws Exception {
        return new ArtifactRef(
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)), bytes.length);
    }

    private ModelMeasurement check(String modelId, ArtifactRef ref, Shape image, Duration limit) throws Exception {
        return new ModelCheck(
                        new Orchestrator(orchestrator.url(), StubOrchestrator.TOKEN),
                        new ChildTimer(new ChildSettings(Profile.of("ort-cpu"), locks, null), limit),
                        FINGERPRINT,
                        () -> Double.POSITIVE_INFINITY,
                        Clock.systemUTC())
                .answer(new MeasureModel(Topics.SCHEMA_VERSION, "request-1", "device-1", modelId, ref, image));
    }

    private ModelMeasurement check(byte[] served, ArtifactRef ref) throws Exception {
        orchestrator.models.put("model-1", served);
        return check("model-1", ref, IMAGE, Duration.ofSeconds(60));
    }

    private static String reason(ModelMeasurement measurement) {
        return ((Failed) measurement).reason();
    }

    @Test
    void aModelIsTimedInAProcessOfItsOwn() throws Exception {
        var model = model();

        var timed = (Timed) check(model, ref(model));

        assertThat(timed.p50Micros()).isBetween(5.0, 50_000.0);
        assertThat(timed.p90Micros()).isGreaterThanOrEqualTo(.95 * timed.p50Micros());
        assertThat(timed.loadMicros()).isGreaterThan(timed.p50Micros());
        assertThat(timed.runs()).isGreaterThan(20);
        assertThat(timed.energyMicrojoules() == null)
                .as("either an energy or a reason: " + timed.energyNote())
                .isEqualTo(timed.energyNote() != null);
        assertThat(timed.sha256()).isEqualTo(ref(model).sha256());
        assertThat(timed.fingerprint().profile()).isEqualTo("ort-cpu");
    }

    @Test
    void whatIsNotTheAnnouncedModelNeverReachesTheRuntime() throws Exception {
        var model = model();
        var changed = model.clone();
        changed[changed.length / 2] ^= 1;

        assertThat(reason(check(changed, ref(model)))).contains("digest differs");
        assertThat(reason(check("../secrets", ref(model), IMAGE, Duration.ofSeconds(60))))
                .contains("id of a model");
        assertThat(reason(check("model-2", ref(model), IMAGE, Duration.ofSeconds(60))))
                .contains("404");
        assertThat(reason(check(model, new ArtifactRef("0".repeat(64), 1L << 40))))
                .contains("takes up to");
    }

    @Test
    void garbageAndMutatedModelsAreRefusedAndTheAgentGoesOn() throws Exception {
        var random = new Random(3);
        var garbage = new byte[10_000];
        random.nextBytes(garbage);
        assertThat(reason(check(garbage, ref(garbage)))).startsWith("the model is refused");

        for (int i = 0; i < 4; i++) {
            var mutated = model();
            for (int flips = 0; flips < 20; flips++) {
                mutated[random.nextInt(2_000)] ^= (byte) (1 << random.nextInt(8));
            }
            assertThat(check(mutated, ref(mutated))).isInstanceOfAny(Failed.class, Timed.class);
        }
    }

    @Test
    void aModelForOtherImagesAndAChildThatTakesTooLongAreToldAsFailed() throws Exception {
        var model = model();
        orchestrator.models.put("model-1", model);

        assertThat(reason(check("model-1", ref(model), new Shape(3, 28, 28), Duration.ofSeconds(60))))
                .contains("ONNX Runtime");
        assertThat(reason(check("model-1", ref(model), IMAGE, Duration.ofMillis(50))))
                .contains("no result within");
    }
}
