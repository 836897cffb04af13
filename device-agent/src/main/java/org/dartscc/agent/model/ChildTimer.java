package org.dartscc.agent.model;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
import org.dartscc.agent.probe.Profile;
import org.dartscc.model.network.Shape;
import org.dartscc.onnx.OnnxModels;

/**
 * Runs {@link ModelTimer} in a JVM of its own, with limits on time and memory, so that a model that crashes, hangs or
 * eats memory takes down that process and nothing else.
 */
final class ChildTimer {
    private static final Logger LOG = Logger.getLogger(ChildTimer.class);

    /** One class of each library that the child needs: it gets their places as class path, however we were started. */
    private static final List<Class<?>> NEEDED = List.of(
            ModelTimer.class,
            Shape.class,
            OnnxModels.class,
            OnnxMl.class,
            Message.class,
            OrtSession.class,
            ObjectMapper.class,
            JsonParser.class,
            JsonProperty.class,
            JavaTimeModule.class);

    private static final int MAX_OUTPUT = 16 * 1024;

    /** Address space of the child in KiB. Generous, since a JVM reserves far more than it uses. */
    private static final long ADDRESS_SPACE_KIB = 6L << 20;

    private final Profile profile;
    private final Path lockFolder;
    private final Duration limit;

    /** @param lockFolder of the machine's turns; null where they are free */
    ChildTimer(Profile profile, Path lockFolder, Duration limit) {
        this.profile = profile;
        this.lockFolder = lockFolder;
        this.limit = limit;
    }

    /**
     * Times a model at batch 1.
     *
     * @param referenceMicros time of the reference operator while this device is quiet; infinite when it isn't known
     * @throws ModelFailedException with a reason in words, when the child does not come to a result
     */
    ModelTiming time(byte[] model, Shape image, double referenceMicros)
            throws ModelFailedException, InterruptedException {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("dartscc-model-");
            var file = Files.write(folder.resolve("model.onnx"), model);
            return run(command(file, image, referenceMicros), folder);
        } catch (IOException e) {
            throw new ModelFailedException("the process that times models could not be run: " + e.getMessage());
        } finally {
            delete(folder);
        }
    }

    private List<String> command(Path file, Shape image, double referenceMicros) {
        var command = new ArrayList<String>();
        if (Files.isExecutable(Path.of("/bin/sh")) && Files.isDirectory(Path.of("/proc"))) {
            command.addAll(List.of("/bin/sh", "-c", "ulimit -v " + ADDRESS_SPACE_KIB + "; exec \"$@\"", "sh"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(compilerOptions());
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-XX:ReservedCodeCacheSize=48m",
                "-XX:CompressedClassSpaceSize=64m",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + file.resolveSibling("crash.log"),
                // The runtime unpacks itself here, and can't tidy up when it is killed.
                "-Djava.io.tmpdir=" + file.getParent(),
                ModelTimer.class.getName(),
                file.toString(),
                profile.name(),
                String.valueOf(image.channels()),
                String.valueOf(image.height()),
                String.valueOf(image.width()),
                String.valueOf(referenceMicros)));
        if (lockFolder != null) {
            command.add(lockFolder.toString());
        }
        return command;
    }

    /** A call into the runtime is as fast as its compiler makes it: the child's must be the agent's. */
    private static List<String> compilerOptions() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-XX:TieredStopAtLevel="))
                .toList();
    }

    private ModelTiming run(List<String> command, Path folder)
            throws IOException, InterruptedException, ModelFailedException {
        var out = folder.resolve("out").toFile();
        var err = folder.resolve("err").toFile();
        var builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out)
                .redirectError(err);
        // Not as an argument: ONNX Runtime 1.29 crashes when the command line is longer than about 4,000 characters.
        builder.environment().put("CLASSPATH", classPath());
        builder.environment().keySet().removeIf(name -> name.startsWith("DARTSCC_") || name.startsWith("KAFKA_"));
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
        var process = builder.start();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ModelFailedException("it was not timed within " + limit.toSeconds() + " s");
            }
        } finally {
            process.destroyForcibly();
        }
        return result(process.exitValue(), start(out), start(err));
    }

    static ModelTiming result(int status, String out, String err) throws ModelFailedException {
        if (status == 0) {
            try {
                return Json.MAPPER.readValue(out, ModelTiming.class);
            } catch (IOException e) {
                throw new ModelFailedException("the process that timed it gave no result");
            }
        }
        var reason = err.strip().lines().findFirst().orElse("");
        throw new ModelFailedException(
                status == 1 && !reason.isEmpty()
                        ? reason
                        : "the process that timed it died with status " + status
                                + (reason.isEmpty() ? "" : ": " + reason));
    }

    private static String start(File file) throws IOException {
        try (InputStream in = Files.newInputStream(file.toPath())) {
            return new String(in.readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8);
        }
    }

    private static String classPath() {
        return NEEDED.stream().map(ChildTimer::place).distinct().collect(Collectors.joining(File.pathSeparator));
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
