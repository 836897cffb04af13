package org.dartscc.agent.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.dartscc.agent.Json;
import org.dartscc.agent.device.StubOrchestrator;
import org.dartscc.agent.probe.Bench;
import org.dartscc.agent.request.LocalBroker;
import org.dartscc.infra.EmbeddedKafka;
import org.dartscc.infra.LoopbackPorts;
import org.dartscc.infra.OwnedFolder;
import org.dartscc.model.message.MeasurementRequest;
import org.dartscc.model.message.MeasurementRequest.MeasureModel;
import org.dartscc.model.message.MeasurementRequest.MeasureOperators;
import org.dartscc.model.message.Topics;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.onnx.OnnxModels;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The broker goes away while the agent measures and comes back after longer than a record lives. Times are scaled: a
 * record lives for 3 s instead of 25, and the outage lasts until the agent has said twice that it waits. Not scaled, and
 * for so long: {@code -Doutage-minutes=60}.
 */
@QuarkusTest
@QuarkusTestResource(value = OutageTest.Broker.class, restrictToAnnotatedClass = true)
class OutageTest {
    private static final SpaceSpec LAYERWISE = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10);
    private static final Duration PATIENCE = Duration.ofSeconds(100);
    private static final int SECOND_BATCH = 2;
    private static final int OUTAGE_MINUTES = Integer.getInteger("outage-minutes", 0);

    private final Queue<String> said = new ConcurrentLinkedQueue<>();
    private final Logger logger = Logger.getLogger("org.dartscc.agent");
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord record) {
            said.add(
                    record instanceof ExtLogRecord formatted
                            ? formatted.getFormattedMessage()
                            : String.valueOf(record.getMessage()));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @Inject
    MeterRegistry meters;

    @TestHTTPResource("/q/health/live")
    URI live;

    @BeforeEach
    void listen() {
        logger.addHandler(listener);
    }

    @AfterEach
    void listenNoMore() throws IOException {
        logger.removeHandler(listener);
        if (Broker.kafka == null) {
            Broker.startBroker();
        }
    }

    @Test
    void whileTheBrokerIsAwayTheAgentSaysSoKeepsOneBatchAndLosesNothing() throws Exception {
        var operators = Stream.of(LAYERWISE, new SpaceSpec("layerwise", new Shape(3, 32, 32), 10))
                .flatMap(space -> space.create().signatures().stream())
                .distinct()
                .limit(Bench.BATCH + SECOND_BATCH)
                .toList();
        request(new MeasureOperators(Topics.SCHEMA_VERSION, "request-1", "device-1", LAYERWISE, operators, List.of()));
        await("the agent measures", () -> said("measure " + operators.size()) > 0);

        outage();

        assertThat(waiting()).isBetween(1.0, (double) Bench.BATCH);
        assertThat(remembered()).isEqualTo(Bench.BATCH);
        assertThat(status(live)).as("restarting an agent brings no broker back").isEqualTo(200);

        Broker.startBroker();
        assertThat(keys(Topics.OP_COSTS, operators.size()))
                .containsExactlyInAnyOrderElementsOf(
                        operators.stream().map(s -> "device-1/" + s).toList());
        assertThat(said("the broker is back")).isPositive();
        await("nothing waits", () -> waiting() == 0);
        assertThat(status(live)).isEqualTo(200);
    }

    @Test
    void aModelThatWasTimedWhileTheBrokerWasAwayIsToldWhenItIsBack() throws Exception {
        var space = LAYERWISE.create();
        var model = OnnxModels.untrained(space.network(space.cheapest()), 1);
        var onnx = Broker.orchestrator.offer("model-1", model);
        request(new MeasureModel(Topics.SCHEMA_VERSION, "request-2", "device-1", "model-1", onnx, LAYERWISE.image()));
        await("the agent times the model", () -> said("time model model-1") > 0);

        outage();
        assertThat(waiting()).isOne();

        Broker.startBroker();
        assertThat(keys(Topics.MODEL_MEASUREMENTS, 1)).containsExactly("model-1");
        await("nothing waits", () -> waiting() == 0);
    }

    /** Stops the broker, until the agent has waited for longer than a record lives. */
    private void outage() throws Exception {
        Broker.stopBroker();
        await("the agent says twice that it waits", () -> said("the broker has taken nothing") >= 2);
        TimeUnit.MINUTES.sleep(OUTAGE_MINUTES);
    }

    private double waiting() {
        return meters.get("dartscc_agent_waiting_measurements").gauge().value();
    }

    private long said(String words) {
        return said.stream().filter(line -> line.contains(words)).count();
    }

    private void await(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime())
                    .as(() -> what + "; it said " + said.stream().collect(Collectors.joining("\n")))
                    .isLessThan(end);
            Thread.sleep(50);
        }
    }

    private static int status(URI url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding())
                .statusCode();
    }

    private static void request(MeasurementRequest request) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", Broker.address()),
                new StringSerializer(),
                new StringSerializer())) {
            producer.send(new ProducerRecord<>(
                            Topics.MEASUREMENT_REQUESTS, "device-1", Json.MAPPER.writeValueAsString(request)))
                    .get();
        }
    }

    /** Keys of the records that have arrived, once there are that many. */
    private static Set<String> keys(String topic, int atLeast) {
        var keys = new HashSet<String>();
        var settings = Map.<String, Object>of(
                "bootstrap.servers",
                Broker.address(),
                "group.id",
                UUID.randomUUID().toString(),
                "auto.offset.reset",
                "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
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
        private static Path state;
        private static Path folder;
        private static int port;
        private static EmbeddedKafka kafka;
        private static StubOrchestrator orchestrator;

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
                LocalBroker.createTopics(kafka);
                orchestrator = new StubOrchestrator();
                var settings = new HashMap<>(Map.of(
                        "kafka.bootstrap.servers",
                        address(),
                        "dartscc.orchestrator.url",
                        orchestrator.url(),
                        "dartscc.device.token",
                        StubOrchestrator.TOKEN,
                        "dartscc.device.id",
                        "device-1",
                        "dartscc.agent.drift-interval",
                        "0",
                        "dartscc.agent.state-folder",
                        state.toString()));
                if (OUTAGE_MINUTES == 0) {
                    for (var channel : List.of(Topics.OP_COSTS, Topics.MODEL_MEASUREMENTS)) {
                        var prefix = "mp.messaging.outgoing." + channel + ".";
                        settings.put(prefix + "delivery.timeout.ms", "3000");
                        settings.put(prefix + "request.timeout.ms", "1000");
                        settings.put(prefix + "max.block.ms", "2000");
                    }
                }
                return settings;
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
                OwnedFolder.delete(state);
                OwnedFolder.delete(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
