package org.dartscc.agent.child;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import ai.onnx.proto.OnnxMl;
import ai.onnxruntime.OrtSession;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.google.protobuf.Message;
import org.jboss.logging.Logger;

import org.dartscc.agent.Json;
import org.dartscc.agent.probe.Engine;
import org.dartscc.agent.probe.ModelReading;
import org.dartscc.agent.probe.Profile;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.network.Shape;
import org.dartscc.onnx.OnnxModels;

/**
 * {@link MeasuringMain} in a JVM of its own, with limits on time and memory, so that what crashes, hangs or eats memory
 * takes down that process and nothing else, and an agent without work holds no runtime.
 */
final class MeasuringProcess implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(MeasuringProcess.class);

    /** One class of each library that the child needs: it gets their places as class path, however we were started. */
    private static final List<Class<?>> NEEDED = List.of(
            MeasuringMain.class,
            Shape.class,
            OnnxModels.class,
            OnnxMl.class,
            Message.class,
            ObjectMapper.class,
            JsonParser.class,
            JsonProperty.class,
            JavaTimeModule.class);

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration END_LIMIT = Duration.ofSeconds(2);
    private static final int MAX_ERRORS = 16 * 1024;

    /** Address space of the child in KiB. Generous, since a JVM reserves far more than it uses. */
    private static final long ADDRESS_SPACE_KIB = 6L << 20;

    private final Path folder;
    private final Process process;
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();
    private RuntimeFingerprint fingerprint;

    private MeasuringProcess(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
    }

    /**
     * Starts a process and waits until it can measure.
     *
     * @param referenceMicros time of the reference operator while this device is quiet; infinite when it isn't known
     */
    static MeasuringProcess start(ChildSettings settings, double referenceMicros)
            throws ChildFailedException, InterruptedException {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("dartscc-measuring-");
            var started = new MeasuringProcess(folder, launch(settings, referenceMicros, folder));
            try {
                started.listen();
                started.fingerprint = Json.MAPPER.readValue(started.line(START_LIMIT), RuntimeFingerprint.class);
                return started;
            } catch (ChildFailedException | InterruptedException | IOException | RuntimeException e) {
                started.close();
                throw e;
            }
        } catch (IOException e) {
            delete(folder);
            throw new ChildFailedException("the process that measures could not be run: " + e.getMessage());
        }
    }

    private static Process launch(ChildSettings settings, double referenceMicros, Path folder) throws IOException {
        var builder = new ProcessBuilder(command(settings, referenceMicros, folder))
                .directory(folder.toFile())
                .redirectError(folder.resolve("err").toFile());
        var environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("DARTSCC_") || name.startsWith("KAFKA_"));
        environment.keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        environment.putAll(settings.profile().environment());
        // Not as an argument: ONNX Runtime 1.29 crashes when the command line is longer than about 4,000 characters.
        environment.put("CLASSPATH", classPath(settings));
        return builder.start();
    }

    /** The same options however the agent was started: a call into a runtime is as fast as its compiler makes it. */
    private static List<String> command(ChildSettings settings, double referenceMicros, Path folder) {
        var command = new ArrayList<String>();
        if (Files.isExecutable(Path.of("/bin/sh")) && Files.isDirectory(Path.of("/proc"))) {
            command.addAll(List.of("/bin/sh", "-c", "ulimit -v " + ADDRESS_SPACE_KIB + "; exec \"$@\"", "sh"));
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-XX:ReservedCodeCacheSize=48m",
                "-XX:CompressedClassSpaceSize=64m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + folder.resolve("crash.log"),
                // The runtime unpacks itself here, and can't tidy up when it is killed.
                "-Djava.io.tmpdir=" + folder,
                "-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("natives"),
                MeasuringMain.class.getName(),
                settings.profile().name(),
                String.valueOf(referenceMicros)));
        if (settings.lockFolder() != null) {
            command.add(settings.lockFolder().toAbsolutePath().toString());
        }
        return command;
    }

    private static String classPath(ChildSettings settings) {
        boolean own = settings.profile().engine().equals(Engine.ONNXRUNTIME);
        var runtime = own
                ? Stream.of(place(OrtSession.class))
                : Profile.addOn(settings.onednnFolder()).stream()
                        .map(jar -> jar.toAbsolutePath().toString());
        return Stream.concat(NEEDED.stream().map(MeasuringProcess::place), runtime)
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no file holds " + type, e);
        }
    }

    private void listen() {
        var thread = new Thread(this::readLines, "measuring-process-output");
        thread.setDaemon(true);
        thread.start();
    }

    private void readLines() {
        try (var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith(MeasuringMain.MARK)) {
                    lines.add(Optional.of(line.substring(MeasuringMain.MARK.length())));
                }
            }
        } catch (IOException e) {
            LOG.debugf("the process that measures was cut off: %s", e.getMessage());
        }
        lines.add(Optional.empty());
    }

    RuntimeFingerprint fingerprint() {
        return fingerprint;
    }

    long pid() {
        return process.pid();
    }

    /**
     * Has something measured.
     *
     * @throws ChildFailedException when there is no answer within the limit; the process can't be used any more then
     */
    Answer ask(Order order, Duration limit) throws ChildFailedException, InterruptedException {
        try {
            var request = process.outputWriter(StandardCharsets.UTF_8);
            request.write(Json.MAPPER.writeValueAsString(order));
            request.newLine();
            request.flush();
        } catch (IOException e) {
            // It died before it heard us: what it died of is told below.
            LOG.debugf("the process that measures takes no orders: %s", e.getMessage());
        }
        try {
            return Json.MAPPER.readValue(line(limit), Answer.class);
        } catch (IOException e) {
            throw new ChildFailedException("the process that measures gave no result: " + e.getMessage());
        }
    }

    /** Has a model timed. It is handed over as a file beside the process's own. */
    ModelReading time(byte[] model, Shape image, Duration limit) throws ChildFailedException, InterruptedException {
        var file = folder.resolve("model.onnx");
        try {
            Files.write(file, model);
            var answer = ask(Order.model(file, image), limit);
            Files.delete(file);
            return new ModelReading(answer.results().get(0).reading(), answer.loadMicros(), answer.energy());
        } catch (IOException e) {
            throw new ChildFailedException("the model can't be handed to the process that times it: " + e.getMessage());
        }
    }

    private String line(Duration limit) throws ChildFailedException, InterruptedException {
        var line = lines.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
            throw new ChildFailedException(
                    "the process that measures gave no result within %.3g s".formatted(limit.toMillis() / 1e3));
        }
        if (line.isEmpty()) {
            boolean ended = process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            throw new ChildFailedException(death(ended ? process.exitValue() : -1, errors()));
        }
        return line.get();
    }

    static String death(int status, String errors) {
        var reason = errors.lines()
                .filter(line -> !line.isBlank())
                .findFirst()
                .map(line -> ": " + line.strip())
                .orElse("");
        return "the process that measures died with status " + status + reason;
    }

    private String errors() {
        try (InputStream in = Files.newInputStream(folder.resolve("err"))) {
            return new String(in.readNBytes(MAX_ERRORS), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        delete(folder);
    }

    private static void delete(Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            LOG.warnf("the temporary folder %s was not removed: %s", folder, e.getMessage());
        }
    }
}
