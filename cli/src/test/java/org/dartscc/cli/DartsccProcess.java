package org.dartscc.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The packaged command as a process of its own, as the script starts it. */
final class DartsccProcess implements AutoCloseable {
    private final Process process;
    private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<String> seen = new ArrayList<>();

    private DartsccProcess(Process process) {
        this.process = process;
        var reader = new Thread(this::read, "read-dartscc");
        reader.setDaemon(true);
        reader.start();
    }

    static DartsccProcess start(String... arguments) throws IOException {
        var home = Path.of(System.getProperty("dartscc.home"));
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx512m",
                "-Ddartscc.home=" + home,
                "-Ddartscc.build.seconds=1",
                "-jar",
                jar(home.resolve("cli/target")).toString()));
        command.addAll(List.of(arguments));
        return new DartsccProcess(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    private static Path jar(Path target) throws IOException {
        try (var files = Files.newDirectoryStream(target, "cli-*.jar")) {
            return files.iterator().next();
        }
    }

    private void read() {
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            out.lines().forEach(line -> {
                System.out.println("dartscc| " + line);
                lines.add(line);
            });
        } catch (IOException | UncheckedIOException e) {
            lines.add("output ended: " + e.getMessage());
        }
    }

    /** Waits for a line with the text, for so long. */
    String awaitLine(String text, int seconds) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < deadline) {
            var line = lines.poll(100, TimeUnit.MILLISECONDS);
            if (line != null) {
                seen.add(line);
                if (line.contains(text)) {
                    return line;
                }
            } else if (!process.isAlive()) {
                break;
            }
        }
        throw new AssertionError("no line with \"" + text + "\" but:\n" + String.join("\n", seen));
    }

    int awaitExit(int seconds) throws InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("it still runs after " + seconds + " s:\n" + String.join("\n", lines));
        }
        return process.exitValue();
    }

    List<ProcessHandle> descendants() {
        return process.descendants().toList();
    }

    void terminate() {
        process.destroy();
    }

    void kill() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
