package org.dartscc.agent.request;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

import org.dartscc.agent.device.StubOrchestrator;
import org.dartscc.infra.EmbeddedKafka;
import org.dartscc.model.message.Topics;

/** A real broker with the agent's topics, and the orchestrator's two calls. */
public final class LocalBroker implements QuarkusTestResourceLifecycleManager {
    static StubOrchestrator orchestrator;

    private EmbeddedKafka broker;

    /** The agent's topics. */
    public static void createTopics(EmbeddedKafka broker) {
        broker.createTopics(
                Topics.MEASUREMENT_REQUESTS,
                Topics.MEASUREMENT_REQUESTS + Topics.DEAD_LETTER_SUFFIX,
                Topics.OP_COSTS,
                Topics.MODEL_MEASUREMENTS);
    }

    @Override
    public Map<String, String> start() {
        try {
            broker = EmbeddedKafka.start();
            createTopics(broker);
            orchestrator = new StubOrchestrator();
            return Map.of(
                    "kafka.bootstrap.servers",
                    broker.bootstrapServers(),
                    "dartscc.orchestrator.url",
                    orchestrator.url(),
                    "dartscc.device.token",
                    StubOrchestrator.TOKEN,
                    "dartscc.device.id",
                    "device-1",
                    "dartscc.agent.drift-interval",
                    "0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        orchestrator.close();
        try {
            broker.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
