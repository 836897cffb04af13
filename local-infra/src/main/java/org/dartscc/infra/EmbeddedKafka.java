package org.dartscc.infra;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A real single-node Kafka broker (KRaft: broker and controller in one) inside this JVM, on loopback only. Topics are
 * never created by being used: that would give them one partition and hide a misspelt name.
 */
public final class EmbeddedKafka implements AutoCloseable {
    // The levels hold only as long as somebody holds the loggers.
    private static final List<Logger> LOGGERS = List.of(
            Logger.getLogger("org.apache.kafka"), Logger.getLogger("kafka"), Logger.getLogger("state.change.logger"));

    /** Of this process: the broker's way out is a static one. */
    private static final AtomicReference<String> FATAL_FAULT = new AtomicReference<>();

    private final OwnedFolder folder;
    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private EmbeddedKafka(OwnedFolder folder, KafkaRaftServer server, String bootstrapServers) {
        this.folder = folder;
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /** Starts an empty broker whose data vanish when it is closed. */
    public static EmbeddedKafka start() throws IOException {
        return startOnFreePorts(OwnedFolder.temporary("dartscc-kafka-"));
    }

    /**
     * Starts a broker with the data of the folder, made if it is missing; ports differ from start to start.
     *
     * @throws FolderInUseException when another broker has the folder
     */
    public static EmbeddedKafka start(Path folder) throws IOException {
        return startOnFreePorts(OwnedFolder.take(folder));
    }

    /**
     * Starts a broker on a given port.
     *
     * @throws java.net.BindException when the port is taken
     */
    public static EmbeddedKafka start(Path folder, int port) throws IOException {
        LoopbackPorts.requireFree(port);
        var owned = OwnedFolder.take(folder);
        try {
            return start(owned, port, LoopbackPorts.free(1).get(0));
        } catch (IOException e) {
            owned.close();
            throw e;
        }
    }

    private static EmbeddedKafka startOnFreePorts(OwnedFolder folder) throws IOException {
        try {
            return startOnFreePortsOnce(folder);
        } catch (IOException e) {
            LOGGERS.get(0).warning(e.getMessage() + "; trying once more");
        }
        try {
            return startOnFreePortsOnce(folder);
        } catch (IOException e) {
            folder.close();
            throw e;
        }
    }

    /** Another program may take a port between the look and the start. */
    private static EmbeddedKafka startOnFreePortsOnce(OwnedFolder folder) throws IOException {
        var ports = LoopbackPorts.free(2);
        return start(folder, ports.get(0), ports.get(1));
    }

    private static EmbeddedKafka start(OwnedFolder folder, int port, int controllerPort) throws IOException {
        LOGGERS.forEach(logger -> logger.setLevel(Level.WARNING));
        surviveFatalFaults();
        KafkaRaftServer server = null;
        try {
            var log = folder.path().resolve("log");
            if (!Files.exists(log.resolve("meta.properties"))) {
                format(log);
            }
            server = new KafkaRaftServer(new KafkaConfig(properties(log, port, controllerPort), false), Time.SYSTEM);
            server.startup();
            return new EmbeddedKafka(folder, server, "127.0.0.1:" + port);
        } catch (Exception e) {
            if (server != null) {
                // A broker that failed half-way leaves threads behind that would keep the JVM alive for ever.
                server.shutdown();
            }
            throw new IOException("the Kafka broker did not start on port " + port + ": " + rootMessage(e), e);
        }
    }

    /** A broker ends its process on a fatal fault such as a full disk; this process has more to stop than a broker. */
    private static void surviveFatalFaults() {
        FATAL_FAULT.set(null);
        Exit.Procedure remember = (status, message) -> {
            FATAL_FAULT.compareAndSet(null, message == null ? "exit code " + status : message);
            throw new IllegalStateException("fatal fault of the broker: " + FATAL_FAULT.get());
        };
        Exit.setHaltProcedure(remember);
        Exit.setExitProcedure(remember);
    }

    private static void format(Path log) throws Exception {
        try (var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(log.toString())
                    .addDirectory(log.toString())
                    .setPrintStream(nowhere)
                    .run();
        }
    }

    private static Properties properties(Path log, int port, int controllerPort) {
        var properties = new Properties();
        properties.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d".formatted(port, controllerPort)),
                Map.entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port),
                Map.entry("controller.listener.names", "CONTROLLER"),
                // Static: the formatter refuses dynamic voters.
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
                Map.entry("log.dir", log.toString()),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "4"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("default.replication.factor", "1"),
                Map.entry("min.insync.replicas", "1"),
                // After a restart the controller waits this long for the broker of before, which was itself.
                Map.entry("broker.session.timeout.ms", "4000"),
                Map.entry("broker.heartbeat.interval.ms", "1000"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("auto.create.topics.enable", "false"),
                // The default of 128 MB is for big machines.
                Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
                // One node has nobody to hand its partitions to.
                Map.entry("controlled.shutdown.enable", "false"),
                Map.entry("metrics.jmx.exclude", ".*")));
        return properties;
    }

    private static String rootMessage(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    /** Where clients connect, as {@code 127.0.0.1:PORT}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** What broke the broker after its start, if anything did; only a new start in a new process mends it. */
    public Optional<String> fatalFault() {
        return Optional.ofNullable(FATAL_FAULT.get());
    }

    /** Makes topics of one partition each; one that exists is left alone. */
    public void createTopics(String... names) {
        for (var name : names) {
            createTopic(name, 1, Map.of());
        }
    }

    /** Makes a topic with settings such as {@code cleanup.policy}; one that exists is left alone. */
    public void createTopic(String name, int partitions, Map<String, String> settings) {
        createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)));
    }

    /** Makes the topics that don't exist yet. */
    public void createTopics(List<NewTopic> topics) {
        try (var admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers))) {
            var results = admin.createTopics(topics).values();
            for (var result : results.entrySet()) {
                try {
                    result.getValue().get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw new IllegalStateException(
                                "topic " + result.getKey() + " was not made: "
                                        + e.getCause().getMessage(),
                                e);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while making topics "
                            + topics.stream().map(NewTopic::name).collect(Collectors.joining(", ")),
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        server.shutdown();
        server.awaitShutdown();
        folder.close();
    }
}
