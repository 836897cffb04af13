package org.dartscc.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A PostgreSQL that outlived the JVM which started it. Who owns the folder's lock knows that a server running in it is
 * one of these.
 */
final class StalePostmaster {
    private static final long STOP_SECONDS = 20;

    private StalePostmaster() {}

    /** Stops the server of the data folder, if one runs; a fast shutdown, which loses nothing that was committed. */
    static void stopIn(Path data) throws IOException {
        var pidFile = data.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        var running = running(pidFile, data);
        if (running.isPresent()) {
            stop(running.get(), data);
        }
        Files.deleteIfExists(pidFile);
    }

    /** The process is named by the file, and truly is PostgreSQL: numbers of processes are used again. */
    private static Optional<ProcessHandle> running(Path pidFile, Path data) throws IOException {
        var lines = Files.readAllLines(pidFile);
        if (lines.size() < 2 || !Path.of(lines.get(1)).equals(data)) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                .filter(process -> process.info().command().orElse("").endsWith("postgres"));
    }

    private static void stop(ProcessHandle process, Path data) throws IOException {
        // SIGTERM would wait for clients; SIGINT is PostgreSQL's fast shutdown.
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
        try {
            process.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException(
                    "a PostgreSQL of an earlier run (process %d) still works in %s and does not stop"
                            .formatted(process.pid(), data),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while stopping a PostgreSQL of an earlier run", e);
        }
    }
}
