package org.dartscc.benchmarks.footprint;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import org.dartscc.infra.EmbeddedKafka;
import org.dartscc.infra.LoopbackPorts;
import org.dartscc.model.message.MeasurementRequest.MeasureOperators;
import org.dartscc.model.message.Topics;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.SpaceSpec;

/** What an agent needs to be ready: a real broker, and an orchestrator's answer to who the agent is. */
final class Surroundings implements AutoCloseable {
    private static final String DEVICE = "device-1";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final EmbeddedKafka broker;
    private final HttpServer orchestrator;
    private final int agentPort;

    private Surroundings(EmbeddedKafka broker, HttpServer orchestrator, int agentPort) {
        this.broker = broker;
        this.orchestrator = orchestrator;
        this.agentPort = agentPort;
    }

    static Surroundings start() throws IOException {
        var broker = EmbeddedKafka.start();
        broker.createTopics(
                Topics.MEASUREMENT_REQUESTS,
                Topics.MEASUREMENT_REQUESTS + Topics.DEAD_LETTER_SUFFIX,
                Topics.OP_COSTS,
                Topics.MODEL_MEASUREMENTS);
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var identity = "{\"deviceId\":\"%s\",\"name\":\"this machine\",\"kafkaBootstrapServers\":\"%s\"}"
                .formatted(DEVICE, broker.bootstrapServers())
                .getBytes(StandardCharsets.UTF_8);
        server.createContext("/api/agent", exchange -> answer(exchange, identity));
        server.start();
        return new Surroundings(broker, server, LoopbackPorts.free(1).get(0));
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** The three settings of an agent, and a port that is free here. */
    Map<String, String> settings() {
        return Map.of(
                "DARTSCC_ORCHESTRATOR_URL",
                "http://127.0.0.1:" + orchestrator.getAddress().getPort(),
                "DARTSCC_DEVICE_TOKEN",
                "token",
                "DARTSCC_DEVICE_NAME",
                "this machine",
                "QUARKUS_HTTP_PORT",
                Integer.toString(agentPort));
    }

    URI healthUrl() {
        return URI.create("http://127.0.0.1:%d/q/health/ready".formatted(agentPort));
    }

    /** Asks the agent for a few operators and waits for their costs: after that it has done all that agents do. */
    void measureSomething(String requestId) throws IOException, InterruptedException {
        var spec = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10);
        var operators = spec.create().signatures().subList(0, 4);
        var request = new MeasureOperators(Topics.SCHEMA_VERSION, requestId, DEVICE, spec, operators, List.of());
        var client = Map.<String, Object>of(
                "bootstrap.servers", broker.bootstrapServers(), "group.id", requestId, "auto.offset.reset", "earliest");
        try (var producer = new KafkaProducer<>(client, new StringSerializer(), new StringSerializer());
                var consumer = new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
            producer.send(new ProducerRecord<>(
                            Topics.MEASUREMENT_REQUESTS, DEVICE, new ObjectMapper().writeValueAsString(request)))
                    .get();
            consumer.subscribe(List.of(Topics.OP_COSTS));
            int costs = 0;
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (costs < operators.size()) {
                if (System.nanoTime() > end) {
                    throw new IOException("the agent measured nothing in " + PATIENCE.toSeconds() + " s");
                }
                costs += consumer.poll(Duration.ofMillis(200)).count();
            }
        } catch (ExecutionException e) {
            throw new IOException("the request was not sent: " + e.getCause().getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        orchestrator.stop(0);
        broker.close();
    }
}
