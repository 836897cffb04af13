package org.dartscc.orchestrator;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.message.Topics;
import org.dartscc.orchestrator.messaging.MessageJson;

/**
 * Prints how many costs a second are stored, and how long an architecture takes, with broker, database, producer and
 * orchestrator on one machine. Not part of the tests: run it with {@code -Dtest=OrchestratorBenchmark}.
 */
@QuarkusTest
@QuarkusTestResource(Infra.class)
class OrchestratorBenchmark {
    private static final int DEVICES = 20;
    private static final int ROUNDS = 130;
    private static final int WARM_UP = 8000;
    private static final int CALLS = 3000;

    @TestHTTPResource("/")
    String url;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @Inject
    ArtifactStore artifacts;

    private Api api() {
        return new Api(url.substring(0, url.length() - 1), Infra.USER_TOKEN);
    }

    @Test
    void costsStoredPerSecond() {
        var api = api();
        var tokens = new ArrayList<String[]>();
        for (int d = 0; d < DEVICES; d++) {
            var device = api.post("/api/devices", "{\"name\": \"bench\"}").json();
            tokens.add(
                    new String[] {device.get("id").asText(), device.get("token").asText()});
        }
        var signatures = ScriptedFleet.SPACE.create().signatures();
        var random = new Random(1);
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 5, "compression.type", "lz4"),
                new StringSerializer(),
                new ByteArraySerializer())) {
            for (int warmUp = 1; warmUp >= 0; warmUp--) {
                long start = System.nanoTime();
                int sent = 0;
                long version = warmUp == 1 ? 0 : 1000;
                for (int r = 0; r < (warmUp == 1 ? ROUNDS / 4 : ROUNDS); r++) {
                    version++;
                    for (var device : tokens) {
                        for (var signature : signatures) {
                            var cost = new CostUpdate.OperatorCost(
                                    ScriptedFleet.V,
                                    device[0],
                                    signature,
                                    10 + random.nextDouble(),
                                    1,
                                    9,
                                    version,
                                    ScriptedFleet.FINGERPRINT,
                                    Instant.now());
                            var record = new ProducerRecord<>(
                                    Topics.OP_COSTS,
                                    cost.key(),
                                    MessageJson.write(cost).getBytes(StandardCharsets.UTF_8));
                            record.headers()
                                    .add(Topics.DEVICE_TOKEN_HEADER, device[1].getBytes(StandardCharsets.UTF_8));
                            var unused = producer.send(record);
                            sent++;
                        }
                    }
                }
                producer.flush();
                double published = (System.nanoTime() - start) / 1e9;
                long last = version;
                Api.await(
                        () -> api.get("/api/devices/" + tokens.get(DEVICES - 1)[0] + "/costs")
                                .json()
                                .get("operators"),
                        all -> all.size() == signatures.size()
                                && all.findValues("version").stream().allMatch(v -> v.asLong() == last));
                double stored = (System.nanoTime() - start) / 1e9;
                if (warmUp == 0) {
                    System.out.printf(
                            "BENCHMARK op-costs: %d published in %.1f s, all stored after %.1f s: %.0f op-costs/s%n",
                            sent, published, stored, sent / stored);
                }
            }
        }
    }

    @Test
    void millisecondsPerArchitecture() throws InterruptedException {
        var api = api();
        try (var fleet = new ScriptedFleet(bootstrapServers, artifacts)) {
            var device = api.post("/api/devices", "{\"name\": \"bench\"}").json();
            var id = device.get("id").asText();
            fleet.agent(id, device.get("token").asText());
            var search = api.post("/api/searches", """
                    {"dataset": "fashion-mnist-sample", "devices": ["%s"], "steps": 100}
                    """.formatted(id))
                    .json()
                    .get("id")
                    .asText();
            api.await("/api/searches/" + search, s -> s.get("state").asText().equals("READY"));
            var random = new Random(1);
            var millis = new double[CALLS];
            for (int i = -WARM_UP; i < CALLS; i++) {
                var body = """
                        {"device": "%s", "budget": {"latencyMicros": %s}}
                        """.formatted(id, 100 + 250 * random.nextDouble());
                long start = System.nanoTime();
                var answer = api.post("/api/searches/" + search + "/architectures", body);
                if (answer.status() != 201) {
                    throw new AssertionError(answer.toString());
                }
                if (i >= 0) {
                    millis[i] = (System.nanoTime() - start) / 1e6;
                }
            }
            Arrays.sort(millis);
            System.out.printf(
                    "BENCHMARK architectures: p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, max %.2f ms over %d calls%n",
                    millis[CALLS / 2], millis[CALLS * 9 / 10], millis[CALLS * 99 / 100], millis[CALLS - 1], CALLS);
        }
    }
}
