package org.dartscc.trainer.task;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.message.DatasetSpec;
import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingOutcome;
import org.dartscc.model.message.TrainingTask;
import org.dartscc.model.selection.Hypernetwork;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.trainer.Small;

import static org.assertj.core.api.Assertions.assertThat;

@QuarkusTest
@QuarkusTestResource(LocalBroker.class)
class TaskListenerTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final SpaceSpec SPACE = Small.space("layerwise");
    private static final List<CostTable> DEVICES = List.of(Small.device(SPACE.create(), "a", 1));

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @Inject
    ArtifactStore store;

    @TestHTTPResource("/q/health")
    URI health;

    private final ObjectMapper json = new ObjectMapper().registerModule(new JavaTimeModule());
    private final List<TrainingOutcome> seen = new ArrayList<>();
    private KafkaProducer<String, String> producer;
    private KafkaConsumer<String, String> consumer;

    @BeforeEach
    void connect() {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new StringSerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "group.id", "test", "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
        consumer.subscribe(List.of(Topics.TRAINING_RESULTS));
    }

    @AfterEach
    void disconnect() {
        producer.close();
        consumer.close();
    }

    @Test
    void aSearchRunsFromTheDataSetToAFinalisedModelAndWrongTasksAreAnsweredClearly() throws Exception {
        send("not JSON at all");
        var dataset = ask(new TrainingTask.InspectDataset(Topics.SCHEMA_VERSION, "inspect", "s", 0, Small.SPEC));
        var info = ((TrainingOutcome.DatasetInspected) dataset).dataset();
        assertThat(info.trainImages()).isEqualTo(14_000);
        assertThat(info.testImages()).isEqualTo(10_000);

        var unknown = ask(new TrainingTask.InspectDataset(
                Topics.SCHEMA_VERSION, "unknown", "s", 0, new DatasetSpec("no-such", 0)));
        assertFailed(unknown, "there is no data set \"no-such\"");

        var first = (TrainingOutcome.RoundCompleted) ask(round("round-0", "fleet", 0, null));
        var second = (TrainingOutcome.RoundCompleted) ask(round("round-1", "fleet", 4, first.checkpoint()));
        assertThat(second.steps()).isEqualTo(4);
        assertThat(second.meanLoss()).isBetween(.1, 10.0);

        assertFailed(ask(round("other-method", "magic", 0, null)), "known are darts");
        store.file(first.checkpoint()).toFile().setWritable(true);
        java.nio.file.Files.writeString(store.file(first.checkpoint()), "torn");
        assertFailed(ask(round("torn", "fleet", 4, first.checkpoint())), "damaged");
        assertFailed(ask(round("absent", "fleet", 4, new ArtifactRef("a".repeat(64), 5))), "artifact");

        var fitted = (TrainingOutcome.TradeoffFitted) ask(new TrainingTask.FitTradeoff(
                Topics.SCHEMA_VERSION, "fit", "s", 0, SPACE, Small.SPEC, 1, 6, second.checkpoint(), DEVICES));
        fitted.estimate().requireFits(SPACE.create());
        Hypernetwork.of(SPACE.create(), SafeTensors.parse(store.get(fitted.hypernetwork())));

        var finalised = (TrainingOutcome.ModelFinalised) ask(new TrainingTask.FinaliseModel(
                Topics.SCHEMA_VERSION,
                "finalise",
                "s",
                0,
                SPACE,
                Small.SPEC,
                1,
                "m",
                SPACE.create().cheapest(),
                0,
                second.checkpoint()));
        assertThat(finalised.modelId()).isEqualTo("m");
        assertThat(finalised.testAccuracy()).isBetween(.05, 1.0);
        assertThat(SafeTensors.parse(store.get(finalised.weights())).tensors()).containsKey("classifier.weight");

        assertThat(seen)
                .anyMatch(
                        o -> o instanceof TrainingOutcome.Progress p && p.what().equals("training"));
        assertThat(deadLetter()).isEqualTo("not JSON at all");
        assertThat(get(health))
                .contains("tensor engine loaded")
                .contains("training goes on")
                .doesNotContain("DOWN");
    }

    private static TrainingTask round(String id, String method, int firstStep, ArtifactRef checkpoint) {
        return new TrainingTask.TrainRound(
                Topics.SCHEMA_VERSION,
                id,
                "s",
                0,
                SPACE,
                Small.SPEC,
                method,
                1,
                firstStep / 4,
                0,
                1,
                firstStep,
                4,
                8,
                16,
                checkpoint,
                DEVICES);
    }

    private static void assertFailed(TrainingOutcome outcome, String reason) {
        assertThat(outcome).isInstanceOfSatisfying(TrainingOutcome.Failed.class, f -> assertThat(f.reason())
                .contains(reason));
    }

    private void send(String record) throws Exception {
        producer.send(new ProducerRecord<>(Topics.TRAINING_TASKS, record)).get(30, TimeUnit.SECONDS);
    }

    /** Sends a task and waits for its outcome; what comes before it must be progress. */
    private TrainingOutcome ask(TrainingTask task) throws Exception {
        send(json.writeValueAsString(task));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            for (var record : consumer.poll(Duration.ofMillis(100))) {
                assertThat(record.key()).isEqualTo("s");
                seen.add(json.readValue(record.value(), TrainingOutcome.class));
            }
            for (var outcome : seen) {
                if (outcome.taskId().equals(task.taskId()) && !(outcome instanceof TrainingOutcome.Progress)) {
                    return outcome;
                }
            }
        }
        throw new AssertionError("no outcome of " + task.taskId() + " in time; came: " + seen);
    }

    private String deadLetter() {
        var topic = Topics.TRAINING_TASKS + Topics.DEAD_LETTER_SUFFIX;
        try (var dead = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", bootstrapServers, "group.id", "dead", "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
            dead.subscribe(List.of(topic));
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < end) {
                for (var record : dead.poll(Duration.ofMillis(200))) {
                    var cause =
                            record.headers().lastHeader("dead-letter-reason").value();
                    assertThat(new String(cause, StandardCharsets.UTF_8)).contains("not a training task");
                    return record.value();
                }
            }
        }
        return null;
    }

    private static String get(URI uri) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
