package org.dartscc.cli.local;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.dartscc.cli.FailureException;

/** A service in a process of its own. One that dies is reported and started again, later and later. */
final class ServiceProcess {
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(240);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(15);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final long MAX_LOG_BYTES = 20_000_000;

    private final Service service;
    private final Path jar;
    private final Path watchClasses;
    private final Path log;
    private final Path temporary;
    private final Consumer<String> report;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private Process process;
    private Instant startedAt;
    private boolean ready;
    private boolean stopping;
    private Duration pause = Duration.ofSeconds(1);

    /**
     * @param watchClasses class path with {@link ParentWatch}
     * @param report takes what a user has to know, line by line
     */
    ServiceProcess(Service service, Path jar, Path watchClasses, DataFolder data, Consumer<String> report) {
        this.service = service;
        this.jar = jar;
        this.watchClasses = watchClasses;
        this.log = data.logs().resolve(service.name() + ".log");
        this.temporary = data.temporary().resolve(service.name());
        this.report = report;
    }

    Service service() {
        return service;
    }

    synchronized void start() throws IOException {
        if (stopping) {
            return;
        }
        if (Files.exists(log) && Files.size(log) > MAX_LOG_BYTES) {
            Files.move(log, Path.of(log + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(service.jvmOptions());
        command.add("-Djava.io.tmpdir=" + Files.createDirectories(temporary));
        command.add("-cp");
        command.add(jar + File.pathSeparator + watchClasses);
        command.add(ParentWatch.class.getName());
        command.add(Installation.mainClass(jar));
        var builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().putAll(service.environment());
        process = builder.start();
        startedAt = Instant.now();
        var unused = process.onExit().thenAccept(this::died);
    }

    private synchronized void died(Process dead) {
        if (stopping || !ready) {
            return; // Stopped on purpose, or whoever awaits it tells.
        }
        if (startedAt.isBefore(Instant.now().minus(LONGEST_PAUSE.multipliedBy(2)))) {
            pause = Duration.ofSeconds(1);
        }
        report.accept("%s ended with exit code %d; it is started again in %d s; see %s"
                .formatted(service.name(), dead.exitValue(), pause.toSeconds(), log));
        var unused = CompletableFuture.runAsync(
                this::startAgain, CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS));
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
    }

    private void startAgain() {
        try {
            start();
        } catch (IOException e) {
            report.accept(service.name() + " can't be started again: " + e.getMessage());
        }
    }

    /** @throws FailureException with the log's path when the service ends, or is not ready in time */
    void awaitReady() throws InterruptedException {
        var deadline = Instant.now().plus(READY_TIMEOUT);
        while (Instant.now().isBefore(deadline)) {
            if (isReady()) {
                synchronized (this) {
                    ready = true;
                }
                return;
            }
            if (!process.isAlive()) {
                requireNotStopping();
                throw new FailureException("%s ended with exit code %d while starting%s; see %s"
                        .formatted(service.name(), process.exitValue(), reason(), log));
            }
            Thread.sleep(250);
        }
        throw new FailureException(
                "%s is not ready after %d s; see %s".formatted(service.name(), READY_TIMEOUT.toSeconds(), log));
    }

    private synchronized void requireNotStopping() {
        if (stopping) {
            throw new FailureException("stopped while starting");
        }
    }

    private boolean isReady() throws InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(service.url() + "/q/health/ready"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** The last error of the log, which most often says it all. */
    private String reason() {
        return lastError().map(line -> " (" + line + ")").orElse("");
    }

    private Optional<String> lastError() {
        try {
            var lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).lines();
            return lines.filter(line -> line.contains("ERROR") || line.startsWith("Caused by"))
                    .reduce((first, second) -> second)
                    .map(line -> line.length() > 300 ? line.substring(0, 300) + "…" : line);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Asks the process to stop; it goes on stopping by itself. */
    synchronized void askToStop() {
        stopping = true;
        if (process != null) {
            process.destroy();
        }
    }

    /** Waits until the process is gone, and ends it the hard way when it takes too long. */
    void awaitStop() throws InterruptedException {
        if (process != null && !process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            report.accept(service.name() + " did not stop in " + STOP_TIMEOUT.toSeconds() + " s and was killed");
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }
}
