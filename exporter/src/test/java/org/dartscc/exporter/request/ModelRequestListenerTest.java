package org.dartscc.exporter.request;

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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.dartscc.exporter.model.Finalised;
import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.message.ExportedModel;
import org.dartscc.model.message.ModelRequest;
import org.dartscc.model.message.Topics;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.onnx.ModelGuard;

import static org.assertj.core.api.Assertions.assertThat;

@QuarkusTest
@QuarkusTestResource(Broker.class)
class ModelRequestListenerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final SpaceSpec SPACE = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10);
    private static final Finalised FINALISED =
            Finalised.of(SPACE, SPACE.create().cheapest(), 1);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @Inject
    ArtifactStore store;

    @TestHTTPResource("/q/health/ready")
    URI readiness;

    @TestHTTPResource("/q/metrics")
    URI metrics;

    private final ObjectMapper json = new ObjectMapper().registerModule(new JavaTimeModule());
    private KafkaProducer<String, String> producer;

    @BeforeEach
    void connect() {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new StringSerializer());
    }

    @AfterEach
    void disconnect() {
        producer.close();
    }

    @Test
    void everyRequestIsAnsweredOnceAndWhatCantBeReadGoesToTheDeadLetterTopic() throws Exception {
        assertThat(get(readiness).statusCode()).isEqualTo(200);
        var good = FINALISED.request(store, "good");
        var unverifiable = request(good, "bad", "nas-bench-201");
        send("good", json.writeValueAsString(good));
        send("poison", "not JSON at all");
        send("old", json.writeValueAsString(good).replace("\"schemaVersion\":2", "\"schemaVersion\":1"));
        send("partial", "{\"schemaVersion\":2,\"modelId\":\"partial\"}");
        send("empty", null);
        send("bad", json.writeValueAsString(unverifiable));
        send("again", json.writeValueAsString(request(good, "again", "layerwise")));

        var answers = read(Topics.EXPORTED_MODELS, 3);
        assertThat(answers).extracting(ConsumerRecord::key).containsExactly("good", "bad", "again");
        var exported = (ExportedModel.Exported) answer(answers.get(0));
        assertThat(exported.parityMaxAbsDiff()).isLessThan(1e-4);
        ModelGuard.check(store.get(exported.onnx()));
        assertThat(((ExportedModel.Failed) answer(answers.get(1))).reason()).contains("nas-bench-201");
        assertThat(answer(answers.get(2))).isInstanceOf(ExportedModel.Exported.class);

        var dead = read(Topics.MODEL_REQUESTS + Topics.DEAD_LETTER_SUFFIX, 4);
        assertThat(dead).extracting(ConsumerRecord::key).containsExactly("poison", "old", "partial", "empty");
        assertThat(dead.get(0).value()).isEqualTo("not JSON at all");
        assertThat(dead).extracting(ModelRequestListenerTest::cause).allMatch(c -> c.contains("a model request"));
        assertThat(cause(dead.get(1))).contains("schemaVersion 1 is not known here; this service speaks 2");

        assertThat(get(metrics).body())
                .contains("dartscc_exports_seconds_count{outcome=\"exported\"} 2")
                .contains("dartscc_exports_seconds_count{outcome=\"failed\"} 1")
                .contains("dartscc_exports_unreadable_total 4");
    }

    /** The same artifacts for another model, and a space that the genotype may not be of. */
    private static ModelRequest request(ModelRequest r, String modelId, String space) {
        return new ModelRequest(
                r.schemaVersion(),
                modelId,
                r.searchId(),
                r.deviceId(),
                r.attempt(),
                new SpaceSpec(space, r.space().image(), r.space().classes()),
                r.genotype(),
                r.weights(),
                r.reference(),
                r.dataset(),
                r.validationAccuracy(),
                r.testAccuracy(),
                r.predictedLatencyMicros(),
                r.costVersion());
    }

    private void send(String key, String value) throws Exception {
        producer.send(new ProducerRecord<>(Topics.MODEL_REQUESTS, key, value)).get(30, TimeUnit.SECONDS);
    }

    private ExportedModel answer(ConsumerRecord<String, String> record) throws Exception {
        return json.readValue(record.value(), ExportedModel.class);
    }

    private static String cause(ConsumerRecord<String, String> dead) {
        return new String(dead.headers().lastHeader("dead-letter-reason").value(), StandardCharsets.UTF_8);
    }

    /** The first records of a topic. */
    private List<ConsumerRecord<String, String>> read(String topic, int count) {
        var records = new ArrayList<ConsumerRecord<String, String>>();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers, "group.id", "test-" + topic, "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (records.size() < count && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
