package org.dartscc.benchmarks.footprint;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The agent as shipped, in a process of its own, looked at from outside. */
final class AgentProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Ticks of the kernel's process accounting per second, as on every Linux of today. */
    private static final double TICKS_PER_SECOND = 100;

    private final Process process;
    private final double readySeconds;

    private AgentProcess(Process process, double readySeconds) {
        this.process = process;
        this.readySeconds = readySeconds;
    }

    /** Starts the agent and waits until it says that it is ready. */
    static AgentProcess start(List<String> options, Path jar, Surroundings surroundings, Path log)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-jar", jar.toAbsolutePath().toString()));
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
        // As in the image: its options name the archive of classes beside the jar.
        builder.directory(jar.toAbsolutePath().getParent().toFile());
        builder.environment().putAll(surroundings.settings());
        long start = System.nanoTime();
        var process = builder.start();
        try {
            return new AgentProcess(process, awaitReady(process, start, surroundings.healthUrl(), log));
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static double awaitReady(Process process, long start, URI health, Path log)
            throws IOException, InterruptedException {
        var http = HttpClient.newHttpClient();
        var request = HttpRequest.newBuilder(health).timeout(PATIENCE).build();
        while (System.nanoTime() - start < PATIENCE.toNanos()) {
            try {
                if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    return (System.nanoTime() - start) / 1e9;
                }
            } catch (IOException e) {
                if (!process.isAlive()) {
                    throw new IOException("the agent ended with " + process.exitValue() + "; see " + log, e);
                }
            }
            Thread.sleep(10);
        }
        throw new IOException("the agent is not ready after " + PATIENCE.toSeconds() + " s; see " + log);
    }

    /** From the start of the process to its first answer that it is ready. */
    double readySeconds() {
        return readySeconds;
    }

    /** Resident memory of the agent and of what it has started, in megabytes (2^20 bytes). */
    double rssMb() throws IOException {
        double kilobytes = 0;
        for (var handle : Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList()) {
            kilobytes += rssKilobytes(handle.pid());
        }
        return kilobytes / 1024;
    }

    /** Processes that the agent has started and that still run. */
    long children() {
        return process.descendants().count();
    }

    private static double rssKilobytes(long pid) throws IOException {
        try (var lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (java.nio.file.NoSuchFileException e) {
            return 0;
        }
    }

    /** Time that the agent, and those of its children that ended, had on a processor so far. */
    double cpuSeconds() throws IOException {
        var stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        double ticks = 0;
        for (int field = 11; field <= 14; field++) {
            ticks += Double.parseDouble(fields[field]);
        }
        return ticks / TICKS_PER_SECOND;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
