package org.dartscc.orchestrator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

import org.dartscc.infra.EmbeddedKafka;
import org.dartscc.infra.LocalPostgres;

/** A real broker and a real database for the tests of one JVM. */
public class Infra implements QuarkusTestResourceLifecycleManager {
    static final String USER_TOKEN = "a-user-token-of-the-tests";

    private static EmbeddedKafka kafka;
    private static LocalPostgres postgres;
    private static Path database;

    /** Stops the database as a crash would; {@link #startDatabase} brings it back with its data. */
    static int stopDatabase() {
        int port = postgres.port();
        postgres.close();
        return port;
    }

    static void startDatabase(int port) throws IOException {
        postgres = LocalPostgres.start(database, port);
    }

    @Override
    public Map<String, String> start() {
        try {
            kafka = EmbeddedKafka.start();
            database = Files.createTempDirectory("database");
            postgres = LocalPostgres.start(database);
            Path artifacts = Files.createTempDirectory("artifacts");
            return Map.of(
                    "kafka.bootstrap.servers", kafka.bootstrapServers(),
                    "quarkus.datasource.jdbc.url", postgres.jdbcUrl(),
                    "quarkus.datasource.reactive.url", postgres.reactiveUrl(),
                    "quarkus.datasource.username", postgres.user(),
                    "quarkus.datasource.password", postgres.password(),
                    "dartscc.artifacts.folder", artifacts.toString(),
                    "dartscc.api.token", USER_TOKEN,
                    "dartscc.task.check", "1s",
                    "dartscc.model.device-timeout", "15s",
                    "quarkus.http.test-port", "0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        try {
            postgres.close();
            kafka.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
