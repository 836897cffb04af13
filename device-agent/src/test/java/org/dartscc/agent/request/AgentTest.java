package org.dartscc.agent.request;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

import org.dartscc.agent.Json;
import org.dartscc.agent.device.StubOrchestrator;
import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.message.CostUpdate.NetworkCost;
import org.dartscc.model.message.CostUpdate.OperatorCost;
import org.dartscc.model.message.MeasurementRequest;
import org.dartscc.model.message.MeasurementRequest.MeasureModel;
import org.dartscc.model.message.MeasurementRequest.MeasureOperators;
import org.dartscc.model.message.ModelMeasurement;
import org.dartscc.model.message.Topics;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.onnx.OnnxModels;

import static org.assertj.core.api.Assertions.assertThat;

/** The whole agent between a real broker and the orchestrator's calls. */
@QuarkusTest
@QuarkusTestResource(LocalBroker.class)
class AgentTest {
    private static final SpaceSpec LAYERWISE = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String broker;

    private void send(String key, String value) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", broker), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(Topics.MEASUREMENT_REQUESTS, key, value))
                    .get();
        }
    }

    private void send(MeasurementRequest request) throws Exception {
        send(request.deviceId(), Json.MAPPER.writeValueAsString(request));
    }

    /** The first records of a topic, from its beginning. */
    private List<ConsumerRecord<String, String>> receive(String topic, int count) {
        var records = new ArrayList<ConsumerRecord<String, String>>();
        var settings = Map.<String, Object>of(
                "bootstrap.servers", broker, "group.id", UUID.randomUUID().toString(), "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (records.size() < count && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    private static double micros(CostUpdate update) {
        return update instanceof OperatorCost cost ? cost.medianMicros() : ((NetworkCost) update).medianMicros();
    }

    private static String token(ConsumerRecord<String, String> record) {
        return new String(
                record.headers().lastHeader(Topics.DEVICE_TOKEN_HEADER).value(), StandardCharsets.UTF_8);
    }

    @Test
    void requestsAreAnsweredWithTheDevicesTokenAndOthersAreLeftAlone() throws Exception {
        var space = LAYERWISE.create();
        var operators = space.signatures().subList(0, 4);
        var networks = List.of(space.cheapest(), space.costliest());
        send("device-2", "{\"kind\":\"measure-operators\",\"deviceId\":\"device-2\",\"poison\":");
        send(new MeasureOperators(Topics.SCHEMA_VERSION, "foreign", "device-2", LAYERWISE, operators, networks));
        send("device-1", "this is not JSON");
        send(
                "device-1",
                Json.MAPPER.writeValueAsString(new MeasureOperators(
                        Topics.SCHEMA_VERSION, "claimed", "device-2", LAYERWISE, operators, networks)));
        send(new MeasureOperators(Topics.SCHEMA_VERSION, "ours", "device-1", LAYERWISE, operators, networks));

        var costs = receive(Topics.OP_COSTS, 6);

        assertThat(costs).hasSize(6).allSatisfy(record -> {
            var update = Json.MAPPER.readValue(record.value(), CostUpdate.class);
            assertThat(record.key()).isEqualTo(update.key()).startsWith("device-1/");
            assertThat(token(record)).isEqualTo(StubOrchestrator.TOKEN);
            assertThat(micros(update)).isPositive();
        });
        var dead = receive(Topics.MEASUREMENT_REQUESTS + Topics.DEAD_LETTER_SUFFIX, 2);
        assertThat(dead.stream().map(ConsumerRecord::value)).hasSize(2).anyMatch("this is not JSON"::equals);
    }

    @Test
    void aModelIsFetchedTimedAndReported() throws Exception {
        var space = LAYERWISE.create();
        var model = OnnxModels.untrained(space.network(space.cheapest()), 1);
        send(new MeasureModel(
                Topics.SCHEMA_VERSION,
                "timing",
                "device-1",
                "model-7",
                LocalBroker.orchestrator.offer("model-7", model),
                LAYERWISE.image()));

        var record = receive(Topics.MODEL_MEASUREMENTS, 1).get(0);

        assertThat(record.key()).isEqualTo("model-7");
        assertThat(token(record)).isEqualTo(StubOrchestrator.TOKEN);
        assertThat(Json.MAPPER.readValue(record.value(), ModelMeasurement.class))
                .isInstanceOfSatisfying(ModelMeasurement.Timed.class, timed -> assertThat(timed.p50Micros())
                        .isPositive());
    }
}
