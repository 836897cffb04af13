package org.dartscc.infra;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LocalPostgresTest {

    @Test
    void rowsAreStillThereAfterARestartOnTheSameFolder(@TempDir Path folder) throws Exception {
        try (var postgres = LocalPostgres.start(folder)) {
            execute(postgres, "create table kept(what text)", "insert into kept values ('row')");
            assertThatThrownBy(() -> LocalPostgres.start(folder))
                    .isInstanceOf(FolderInUseException.class)
                    .hasMessageContaining(folder.toString());
        }
        try (var postgres = LocalPostgres.start(folder)) {
            assertThat(select(postgres, "select what from kept")).isEqualTo("row");
        }
    }

    @Test
    void serverOfAKilledParentIsStoppedAndItsRowsAreKept(@TempDir Path folder) throws Exception {
        var parent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var out = new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("ready");
        }
        var orphan = Long.parseLong(
                Files.readAllLines(folder.resolve("data/postmaster.pid")).get(0).strip());
        parent.destroyForcibly().waitFor();
        assertThat(ProcessHandle.of(orphan)).isPresent();

        try (var postgres = LocalPostgres.start(folder)) {
            assertThat(ProcessHandle.of(orphan)).isEmpty();
            assertThat(select(postgres, "select what from kept")).isEqualTo("row");
        }
    }

    /** Starts a database, writes a row and waits to be killed. */
    static final class Parent {
        private Parent() {}

        public static void main(String[] folder) throws Exception {
            var postgres = LocalPostgres.start(Path.of(folder[0]));
            execute(postgres, "create table kept(what text)", "insert into kept values ('row')");
            System.out.println("ready");
            System.out.flush();
            Thread.sleep(60_000);
        }
    }

    @Test
    void takenPortIsTold(@TempDir Path folder) throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> LocalPostgres.start(folder, taken.getLocalPort()))
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("taken");
        }
    }

    @Test
    void temporaryDatabaseIsReachableOnlyWhileItIsOpen() throws Exception {
        String url;
        try (var postgres = LocalPostgres.start()) {
            assertThat(select(postgres, "select 'alive'")).isEqualTo("alive");
            url = postgres.jdbcUrl();
        }
        assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", "postgres"))
                .isInstanceOf(SQLException.class);
    }

    private static void execute(LocalPostgres postgres, String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            for (var sql : List.of(statements)) {
                statement.execute(sql);
            }
        }
    }

    private static String select(LocalPostgres postgres, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
