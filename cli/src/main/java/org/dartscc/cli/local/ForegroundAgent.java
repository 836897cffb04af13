package org.dartscc.cli.local;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.dartscc.cli.FailureException;
import org.dartscc.cli.local.DataFolder.LocalDevice;
import org.dartscc.infra.LoopbackPorts;

/** An agent on this machine for an orchestrator anywhere, in the foreground. */
public final class ForegroundAgent {
    /** Of the agent's own JVM, which measures nothing itself; docs/latency.md has what they save. */
    static final List<String> JVM_OPTIONS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms16m",
            "-Xmx224m",
            "-Xmn6m",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=20",
            "-Xss512k",
            "-XX:ReservedCodeCacheSize=32m");

    private ForegroundAgent() {}

    /** With the archive of classes that the build made beside the jar; a JVM that can't use it does without. */
    static List<String> jvmOptions(Path jar) {
        var options = new ArrayList<>(JVM_OPTIONS);
        var archive = jar.resolveSibling("agent.jsa");
        if (Files.exists(archive)) {
            options.add("-XX:SharedArchiveFile=" + archive);
            options.add("-Xlog:cds=off,cds+dynamic=off");
        }
        return options;
    }

    /**
     * Prints the profiles, and which are available on this machine.
     *
     * @return the exit code
     */
    public static int profiles(Installation installation) throws InterruptedException {
        try {
            return profilesProcess(installation).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new FailureException("the agent did not start: " + e.getMessage(), e);
        }
    }

    /** What to say of the first of the profiles that the agent does not know; empty when it knows all. */
    public static Optional<String> unknownProfile(Installation installation, List<String> profiles)
            throws InterruptedException {
        var known = profileNames(installation);
        return profiles.stream()
                .filter(profile -> !known.contains(profile))
                .findFirst()
                .map(profile ->
                        "there is no profile \"%s\"; known are %s".formatted(profile, String.join(", ", known)));
    }

    /** The first word of each of the agent's lines. */
    private static List<String> profileNames(Installation installation) throws InterruptedException {
        try {
            var process = profilesProcess(installation)
                    .redirectError(Redirect.INHERIT)
                    .start();
            List<String> names;
            try (var lines = process.inputReader(StandardCharsets.UTF_8)) {
                names = lines.lines().map(line -> line.split(" ", 2)[0]).toList();
            }
            if (process.waitFor() != 0) {
                throw new FailureException("the agent did not tell its profiles");
            }
            return names;
        } catch (IOException e) {
            throw new FailureException("the agent did not start: " + e.getMessage(), e);
        }
    }

    private static ProcessBuilder profilesProcess(Installation installation) {
        var command = command(installation.service("device-agent"));
        command.add("--profiles");
        var builder = new ProcessBuilder(command);
        installation.onednn().ifPresent(folder -> builder.environment()
                .put("DARTSCC_AGENT_ONEDNN_FOLDER", folder.toString()));
        return builder;
    }

    private static List<String> command(Path jar) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions(jar));
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    /**
     * @param local folder of the local mode that runs on this machine, with which the agent takes turns; empty when the
     *     orchestrator is elsewhere
     * @return the agent's exit code, when it ends
     */
    public static int run(Installation installation, URI orchestrator, LocalDevice device, Optional<DataFolder> local)
            throws InterruptedException {
        var jar = installation.service("device-agent");
        var builder = new ProcessBuilder(command(jar)).inheritIO();
        var environment = builder.environment();
        environment.putAll(settings(installation, orchestrator, device));
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        local.ifPresent(data -> {
            environment.putAll(besideTraining(data, device));
            environment.put("DARTSCC_MACHINE_LOCK_FOLDER", data.locks().toString());
        });
        try {
            environment.put("QUARKUS_HTTP_PORT", LoopbackPorts.free(1).get(0).toString());
            var process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-agent"));
            return process.waitFor();
        } catch (IOException e) {
            throw new FailureException("the agent did not start: " + e.getMessage(), e);
        }
    }

    /** Environment of every agent on this machine. */
    static Map<String, String> settings(Installation installation, URI orchestrator, LocalDevice device) {
        var settings = new HashMap<>(Map.of(
                "DARTSCC_ORCHESTRATOR_URL", orchestrator.toString(),
                "DARTSCC_DEVICE_TOKEN", device.token(),
                "DARTSCC_DEVICE_NAME", device.name(),
                "DARTSCC_DEVICE_PROFILE", device.profile()));
        installation.onednn().ifPresent(folder -> settings.put("DARTSCC_AGENT_ONEDNN_FOLDER", folder.toString()));
        return settings;
    }

    /** What is added where local mode trains on the same machine: each drift check takes its turn from training. */
    static Map<String, String> besideTraining(DataFolder data, LocalDevice device) {
        return Map.of(
                "DARTSCC_AGENT_STATE_FOLDER",
                data.sub("agents").resolve(device.id()).toString(),
                "DARTSCC_AGENT_DRIFT_INTERVAL",
                "5m");
    }
}
