package org.dartscc.agent.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

import org.dartscc.agent.Json;
import org.dartscc.agent.device.StubOrchestrator;
import org.dartscc.agent.probe.Bench;
import org.dartscc.infra.EmbeddedKafka;
import org.dartscc.infra.LoopbackPorts;
import org.dartscc.model.message.MeasurementRequest.MeasureOperators;
import org.dartscc.model.message.Topics;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;

import static org.assertj.core.api.Assertions.assertThat;

/** The broker goes away while the agent measures, for longer than a record lives, and comes back: times are scaled. */
@QuarkusTest
@QuarkusTestResource(value = OutageTest.Broker.class, restrictToAnnotatedClass = true)
class OutageTest {
    private static final SpaceSpec LAYERWISE = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10);
    private static final Duration OUTAGE = Duration.ofSeconds(12);
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @Test
    void noFinishedMeasurementIsLostWhileTheBrokerIsAway() throws Exception {
        // One batch is measured and sent, the rest is measured while the broker is away.
        var operators = Stream.of(LAYERWISE, new SpaceSpec("layerwise", new Shape(3, 32, 32), 10))
                .flatMap(space -> space.create().signatures().stream())
                .distinct()
                .limit(Bench.BATCH + 4)
                .toList();
        request(operators);
        assertThat(costs(1)).isNotEmpty();

        Broker.stopBroker();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (remembered() < operators.size() && System.nanoTime() < end) {
            Thread.sleep(200);
        }
        assertThat(remembered()).isEqualTo(operators.size());
        Thread.sleep(OUTAGE.toMillis());
        Broker.startBroker();

        assertThat(costs(operators.size()))
                .containsExactlyInAnyOrderElementsOf(
                        operators.stream().map(s -> "device-1/" + s).toList());
    }

    private static void request(List<OperatorSignature> operators) throws Exception {
        var request =
                new MeasureOperators(Topics.SCHEMA_VERSION, "request-1", "device-1", LAYERWISE, operators, List.of());
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", Broker.address()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(
                            Topics.MEASUREMENT_REQUESTS, "device-1", Json.MAPPER.writeValueAsString(request)))
                    .get();
        }
    }

    /** Keys of the costs that have arrived, once there are that many. */
    private static Set<String> costs(int atLeast) {
        var keys = new HashSet<String>();
        var settings = Map.<String, Object>of(
                "bootstrap.servers",
                Broker.address(),
                "group.id",
                UUID.randomUUID().toString(),
                "auto.offset.reset",
                "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(Topics.OP_COSTS));
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (keys.size() < atLeast && System.nanoTime() < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> keys.add(record.key()));
            }
        }
        return keys;
    }

    /** Costs on the agent's disk. */
    private static int remembered() throws IOException {
        try (var files = Files.list(Broker.state)) {
            return Json.MAPPER
                    .readTree(files.findFirst().orElseThrow().toFile())
                    .path("operators")
                    .size();
        }
    }

    /** A broker that can be stopped and started again where it was. */
    public static final class Broker implements QuarkusTestResourceLifecycleManager {
        static Path state;
        private static Path folder;
        private static int port;
        private static EmbeddedKafka kafka;
        private StubOrchestrator orchestrator;

        static String address() {
            return "127.0.0.1:" + port;
        }

        static void startBroker() throws IOException {
            kafka = EmbeddedKafka.start(folder, port);
        }

        static void stopBroker() throws IOException {
            kafka.close();
            kafka = null;
        }

        @Override
        public Map<String, String> start() {
            try {
                state = Files.createTempDirectory("dartscc-state-");
                folder = Files.createTempDirectory("dartscc-broker-");
                port = LoopbackPorts.free(1).get(0);
                startBroker();
                kafka.createTopics(
                        Topics.MEASUREMENT_REQUESTS,
                        Topics.MEASUREMENT_REQUESTS + Topics.DEAD_LETTER_SUFFIX,
                        Topics.OP_COSTS,
                        Topics.MODEL_MEASUREMENTS);
                orchestrator = new StubOrchestrator();
                return Map.ofEntries(
                        Map.entry("kafka.bootstrap.servers", address()),
                        Map.entry("dartscc.orchestrator.url", orchestrator.url()),
                        Map.entry("dartscc.device.token", StubOrchestrator.TOKEN),
                        Map.entry("dartscc.device.id", "device-1"),
                        Map.entry("dartscc.agent.drift-interval", "0"),
                        Map.entry("dartscc.agent.state-folder", state.toString()),
                        // A record lives for 3 s instead of 25: the outage is four of its lives.
                        Map.entry("mp.messaging.outgoing.op-costs.delivery.timeout.ms", "3000"),
                        Map.entry("mp.messaging.outgoing.op-costs.request.timeout.ms", "1000"),
                        Map.entry("mp.messaging.outgoing.op-costs.max.block.ms", "2000"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void stop() {
            orchestrator.close();
            try {
                if (kafka != null) {
                    stopBroker();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
