package org.dartscc.infra;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.AppInfoParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class EmbeddedKafkaTest {

    @Test
    void brokerIsOfTheVersionOfTheClients() throws Exception {
        var server = new Properties();
        try (var in = kafka.server.KafkaConfig.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            assertThat(in).as("version file of the clients").isNotNull();
            server.load(in);
        }
        assertThat(server.getProperty("version")).isEqualTo(AppInfoParser.getVersion());
        assertThat(jarOf(kafka.server.KafkaConfig.class)).endsWith("-" + AppInfoParser.getVersion() + ".jar");
    }

    private static String jarOf(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation().getPath();
    }

    @Test
    void recordsAreStillThereAfterARestartOnTheSameFolder(@TempDir Path folder) throws Exception {
        try (var kafka = EmbeddedKafka.start(folder)) {
            kafka.createTopics("kept");
            send(kafka, "kept", "first");
        }
        try (var kafka = EmbeddedKafka.start(folder)) {
            kafka.createTopics("kept");
            send(kafka, "kept", "second");
            assertThat(read(kafka, "kept", 2)).containsExactly("first", "second");
        }
    }

    @Test
    void topicIsNotMadeByBeingUsedAndAFolderBelongsToOneBroker(@TempDir Path folder) throws Exception {
        try (var kafka = EmbeddedKafka.start(folder)) {
            assertThatThrownBy(() -> send(kafka, "misspelt", "lost")).isInstanceOf(ExecutionException.class);
            assertThatThrownBy(() -> EmbeddedKafka.start(folder))
                    .isInstanceOf(FolderInUseException.class)
                    .hasMessageContaining(folder.toString());
        }
    }

    @Test
    void takenPortIsToldAndLeavesNothingBehind(@TempDir Path folder) throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var before = nonDaemonThreads();
            assertThatThrownBy(() -> EmbeddedKafka.start(folder, taken.getLocalPort()))
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("taken");
            assertThat(nonDaemonThreads()).isEqualTo(before);
        }
        EmbeddedKafka.start(folder).close();
    }

    private static long nonDaemonThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon())
                .count();
    }

    private static void send(EmbeddedKafka kafka, String topic, String value) throws Exception {
        var settings = Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers(), "max.block.ms", 3000);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    private static List<String> read(EmbeddedKafka kafka, String topic, int count) {
        var settings = Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers());
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            var partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var values = new java.util.ArrayList<String>();
            for (int polls = 0; polls < 20 && values.size() < count; polls++) {
                consumer.poll(Duration.ofSeconds(1)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
