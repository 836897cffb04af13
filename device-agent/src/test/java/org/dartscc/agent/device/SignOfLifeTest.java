package org.dartscc.agent.device;

import java.time.Duration;
import java.util.Map;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SignOfLifeTest {
    private static final Duration EVERY = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void anAgentWithoutWorkTellsThatItIsThereAgainAndAgainAlsoAfterTheOrchestratorWasUnwell() throws Exception {
        try (var orchestrator = new StubOrchestrator()) {
            var sign = new SignOfLife(settings(orchestrator.url()));
            try {
                sign.start(EVERY);
                await(orchestrator, 3);
                orchestrator.unwell = 2;
                while (orchestrator.unwell > 0) {
                    Thread.sleep(5);
                }
                await(orchestrator, orchestrator.identities.get() + 3);
            } finally {
                sign.stop(new ShutdownEvent());
            }
        }
    }

    private static void await(StubOrchestrator orchestrator, int signs) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (orchestrator.identities.get() < signs && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(orchestrator.identities.get()).isGreaterThanOrEqualTo(signs);
    }

    private static AgentSettings settings(String url) {
        return new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 100, new DurationConverter())
                .withMapping(AgentSettings.class)
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "dartscc.orchestrator.url",
                                url,
                                "dartscc.device.token",
                                StubOrchestrator.TOKEN,
                                "dartscc.device.id",
                                "device-1"),
                        "test",
                        100))
                .build()
                .getConfigMapping(AgentSettings.class);
    }
}
