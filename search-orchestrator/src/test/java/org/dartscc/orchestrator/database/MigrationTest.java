package org.dartscc.orchestrator.database;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.dartscc.infra.LocalPostgres;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.orchestrator.cost.CostOrigin;
import org.dartscc.orchestrator.messaging.MessageJson;

import static org.assertj.core.api.Assertions.assertThat;

/** What becomes of the rows that a database of an earlier version holds. */
class MigrationTest {

    @Test
    void costsOfBeforeBatchesAreForgottenWhenMeasuredAndKeptWhenImported(@TempDir Path folder) throws Exception {
        try (var postgres = LocalPostgres.start(folder);
                var connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password())) {
            migrate(postgres, "5");
            for (var device : List.of("measured", "imported")) {
                execute(connection, """
                        insert into device (id, name, token_hash, created_at) values ('%1$s', '%1$s', '%1$s', now());
                        insert into device_fingerprint (device_id, hash, fingerprint, newest) values ('%1$s', 'hash',
                            '{"profile": "ort-cpu", "runtime": "onnxruntime 1.29.0", "provider": "CPU",
                              "optimisation": "all", "threads": 1, "precision": "float32", "cpu": "?", "protocol": 2}',
                            now());
                        insert into operator_cost values ('%1$s', 'hash', 'sep3:16x7x7:16:s1', 7, .1, 8, 1, now());
                        insert into network_cost values ('%1$s', 'hash', 'layerwise', 'skip', 70, .1, 8, 2, now());
                        """.formatted(device));
            }
            execute(connection, """
                    update device_fingerprint set origin = '{"kind": "IMPORTED", "source": "a table", "fixedMicros": {},
                        "notes": [], "at": "2026-01-01T00:00:00Z"}' where device_id = 'imported'
                    """);

            migrate(postgres, "latest");

            assertThat(texts(connection, "select device_id from operator_cost")).containsExactly("imported");
            assertThat(texts(connection, "select device_id from network_cost")).containsExactly("imported");
            assertThat(texts(connection, "select id from device")).containsExactlyInAnyOrder("measured", "imported");
            var fingerprint = texts(connection, "select fingerprint from device_fingerprint");
            assertThat(fingerprint).hasSize(1);
            assertThat(MessageJson.stored(fingerprint.get(0), RuntimeFingerprint.class)
                            .batch())
                    .isZero();
            var origin = MessageJson.stored(
                    texts(connection, "select origin from device_fingerprint").get(0), CostOrigin.class);
            assertThat(origin.curve().bend()).isZero();
            assertThat(origin.mergesEqual()).isFalse();
        }
    }

    private static void migrate(LocalPostgres postgres, String version) {
        Flyway.configure()
                .dataSource(postgres.jdbcUrl(), postgres.user(), postgres.password())
                .target(version)
                .load()
                .migrate();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> texts(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            var texts = new ArrayList<String>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }
}
