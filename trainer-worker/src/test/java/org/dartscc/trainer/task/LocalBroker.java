package org.dartscc.trainer.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

import org.dartscc.infra.EmbeddedKafka;
import org.dartscc.model.message.Topics;

/** A real broker with the topics of the trainer, and folders of its own. */
public class LocalBroker implements QuarkusTestResourceLifecycleManager {
    private EmbeddedKafka kafka;
    private Path folder;

    @Override
    public Map<String, String> start() {
        try {
            kafka = EmbeddedKafka.start();
            kafka.createTopics(
                    Topics.TRAINING_TASKS, Topics.TRAINING_TASKS + Topics.DEAD_LETTER_SUFFIX, Topics.TRAINING_RESULTS);
            folder = Files.createTempDirectory("dartscc-trainer-test-");
            return Map.of(
                    "kafka.bootstrap.servers", kafka.bootstrapServers(),
                    "dartscc.trainer.threads", "1",
                    "dartscc.artifacts.folder", folder.resolve("artifacts").toString(),
                    "dartscc.datasets.folder", folder.resolve("datasets").toString(),
                    "dartscc.machine-lock.folder", folder.resolve("locks").toString());
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
            if (folder != null) {
                try (var files = Files.walk(folder)) {
                    files.sorted(java.util.Comparator.reverseOrder())
                            .forEach(file -> file.toFile().delete());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
