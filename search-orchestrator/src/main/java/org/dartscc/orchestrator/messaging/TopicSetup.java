package org.dartscc.orchestrator.messaging;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.StartupEvent;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import org.dartscc.model.message.Topics;

/** Makes the topics of all services that do not exist yet, before the first channel starts. */
@ApplicationScoped
class TopicSetup {
    private static final int BEFORE_CHANNELS = 1;
    private static final int TIMEOUT_SECONDS = 60;
    private static final List<String> ONE_PARTITION = List.of(
            Topics.TRAINING_RESULTS,
            Topics.MEASUREMENT_REQUESTS,
            Topics.MODEL_MEASUREMENTS,
            Topics.MODEL_REQUESTS,
            Topics.EXPORTED_MODELS);

    private final String bootstrapServers;
    private final short replication;

    TopicSetup(
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers,
            @ConfigProperty(name = "dartscc.kafka.replication-factor") short replication) {
        this.bootstrapServers = bootstrapServers;
        this.replication = replication;
    }

    void onStart(@Observes @Priority(BEFORE_CHANNELS) StartupEvent event) throws InterruptedException {
        Map<String, Object> settings = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                TIMEOUT_SECONDS * 1000);
        try (var admin = Admin.create(settings)) {
            for (var created : admin.createTopics(topics()).values().entrySet()) {
                try {
                    created.getValue().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                } catch (ExecutionException | TimeoutException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new IllegalStateException(
                                "The topic %s can't be made on the Kafka broker at %s: %s"
                                        .formatted(created.getKey(), bootstrapServers, e.getMessage()),
                                e);
                    }
                }
            }
        }
    }

    private List<NewTopic> topics() {
        var topics = new ArrayList<NewTopic>();
        topics.add(topic(Topics.TRAINING_TASKS, Topics.TRAINING_TASK_PARTITIONS));
        ONE_PARTITION.forEach(name -> topics.add(topic(name, 1)));
        topics.add(topic(Topics.OP_COSTS, 1)
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT)));
        for (var source : List.copyOf(topics)) {
            topics.add(topic(source.name() + Topics.DEAD_LETTER_SUFFIX, 1));
        }
        return topics;
    }

    private NewTopic topic(String name, int partitions) {
        return new NewTopic(name, partitions, replication);
    }
}
