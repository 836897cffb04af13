package org.dartscc.exporter.request;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

import org.dartscc.infra.EmbeddedKafka;
import org.dartscc.model.message.Topics;

/** A real broker with the topics of the exporter, and an empty artifact folder. */
public class Broker implements QuarkusTestResourceLifecycleManager {
    private EmbeddedKafka kafka;
    private Path artifacts;

    @Override
    public Map<String, String> start() {
        try {
            kafka = EmbeddedKafka.start();
            kafka.createTopics(
                    Topics.MODEL_REQUESTS, Topics.MODEL_REQUESTS + Topics.DEAD_LETTER_SUFFIX, Topics.EXPORTED_MODELS);
            artifacts = Files.createTempDirectory("dartscc-exporter-test-");
            return Map.of(
                    "kafka.bootstrap.servers", kafka.bootstrapServers(),
                    "dartscc.artifacts.folder", artifacts.resolve("artifacts").toString(),
                    "dartscc.machine-lock.folder", artifacts.resolve("locks").toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        try {
            if (kafka != null) {
                kafka.close();
            }
            if (artifacts != null) {
                try (var files = Files.walk(artifacts)) {
                    files.sorted(java.util.Comparator.reverseOrder())
                            .forEach(file -> file.toFile().delete());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
