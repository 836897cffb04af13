package org.dartscc.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A real PostgreSQL on loopback, a child process of this JVM. It trusts every local connection: for local mode and
 * tests only. When the JVM is killed the server lives on; the next start on its folder stops it first.
 */
public final class LocalPostgres implements AutoCloseable {
    // The level holds only as long as somebody holds the logger.
    private static final Logger LOGGER = Logger.getLogger("io.zonky.test.db.postgres");
    private static final String USER = "postgres";
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final OwnedFolder folder;
    private final EmbeddedPostgres postgres;
    private final Thread closer;

    private LocalPostgres(OwnedFolder folder, EmbeddedPostgres postgres, boolean closeAtExit) {
        this.folder = folder;
        this.postgres = postgres;
        this.closer = closeAtExit ? new Thread(this::stop, "close-postgres") : null;
        if (closeAtExit) {
            Runtime.getRuntime().addShutdownHook(closer);
        }
    }

    /** Starts an empty database whose data vanish when it is closed, at the end of the JVM at the latest. */
    public static LocalPostgres start() throws IOException {
        return start(
                OwnedFolder.temporary("dartscc-postgres-"),
                LoopbackPorts.free(1).get(0),
                true);
    }

    /**
     * Starts a database with the data of the folder, made if it is missing; the port differs from start to start. The
     * caller closes it, after everything that uses it.
     *
     * @throws FolderInUseException when another process has the folder
     */
    public static LocalPostgres start(Path folder) throws IOException {
        return start(OwnedFolder.take(folder), LoopbackPorts.free(1).get(0), false);
    }

    /**
     * Starts a database on a given port.
     *
     * @throws java.net.BindException when the port is taken
     */
    public static LocalPostgres start(Path folder, int port) throws IOException {
        LoopbackPorts.requireFree(port);
        return start(OwnedFolder.take(folder), port, false);
    }

    private static LocalPostgres start(OwnedFolder folder, int port, boolean closeAtExit) throws IOException {
        LOGGER.setLevel(Level.WARNING);
        var data = folder.path().resolve("data");
        var log = folder.path().resolve("postgres.log");
        try {
            StalePostmaster.stopIn(data);
            var postgres = EmbeddedPostgres.builder()
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    // One socket for a folder that all users can write to is one name too many.
                    .setServerConfig("unix_socket_directories", "")
                    .setServerConfig("max_connections", "50")
                    // The builder's defaults are for data that nobody will miss.
                    .setServerConfig("fsync", closeAtExit ? "off" : "on")
                    .setServerConfig("synchronous_commit", closeAtExit ? "off" : "on")
                    .setOverrideWorkingDirectory(binaries().toFile())
                    .setDataDirectory(data)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(START_TIMEOUT)
                    .setOutputRedirector(Redirect.appendTo(log.toFile()))
                    .setErrorRedirector(Redirect.appendTo(log.toFile()))
                    .setPort(port)
                    .start();
            return new LocalPostgres(folder, postgres, closeAtExit);
        } catch (IOException | RuntimeException e) {
            StalePostmaster.stopIn(data);
            var reason = lastLine(log);
            folder.close();
            throw new IOException(
                    "PostgreSQL did not start on port " + port + ": " + (reason == null ? e.getMessage() : reason), e);
        }
    }

    private static String lastLine(Path log) throws IOException {
        if (!Files.exists(log)) {
            return null;
        }
        var lines = Files.readAllLines(log);
        return lines.isEmpty() ? null : lines.get(lines.size() - 1);
    }

    /** The server's programs are unpacked once per user. */
    private static Path binaries() throws IOException {
        var cache = System.getenv("XDG_CACHE_HOME");
        var base =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return Files.createDirectories(base.resolve("dartscc/postgres"));
    }

    public int port() {
        return postgres.getPort();
    }

    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port(), USER);
    }

    /** The address as the Vert.x client of Hibernate Reactive takes it. */
    public String reactiveUrl() {
        return "postgresql://127.0.0.1:%d/%s".formatted(port(), USER);
    }

    public String user() {
        return USER;
    }

    /** Clients want to be given one; the server trusts loopback and never asks. */
    public String password() {
        return USER;
    }

    @Override
    public void close() {
        if (closer != null) {
            try {
                Runtime.getRuntime().removeShutdownHook(closer);
            } catch (IllegalStateException e) {
                return; // The JVM is ending, and the hook closes it.
            }
        }
        stop();
    }

    private void stop() {
        try {
            postgres.close();
            folder.close();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL was not stopped cleanly: " + e.getMessage(), e);
        }
    }
}
