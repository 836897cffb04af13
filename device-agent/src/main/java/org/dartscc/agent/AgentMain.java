package org.dartscc.agent;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

import org.dartscc.agent.device.DeviceIdentity;
import org.dartscc.agent.device.Orchestrator;
import org.dartscc.agent.device.RefusedException;
import org.dartscc.agent.probe.Profile;
import org.dartscc.agent.probe.Proofs;

/** Starts the agent: asks the orchestrator who its token stands for, then listens for requests to that device. */
@QuarkusMain
public final class AgentMain {
    private static final int WRONG_USE = 2;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final Duration SAY_AGAIN = Duration.ofMinutes(1);
    private static final String HELP = """
            Measures operators and models on this machine for a search of DARTS-CC.

            Settings, as environment variables or as system properties (-Ddartscc.device.token=...):
              DARTSCC_ORCHESTRATOR_URL    address of the orchestrator, as http://127.0.0.1:8080
              DARTSCC_DEVICE_TOKEN        the token that the device was given when it was registered
              DARTSCC_DEVICE_NAME         name of the device; checked against the token's (optional)

            Optional:
              DARTSCC_DEVICE_PROFILE      how models are run, see below (default ort-cpu)
              KAFKA_BOOTSTRAP_SERVERS     where the broker is, if not where the orchestrator says
              DARTSCC_AGENT_STATE_FOLDER  remembers measured costs across restarts
              DARTSCC_AGENT_DRIFT_INTERVAL  how often costs are checked for changes (default 60s, 0 for never)
              DARTSCC_AGENT_ONEDNN_FOLDER jars of the add-on device-agent-onednn, for the profiles onednn-...
              DARTSCC_MACHINE_LOCK_FOLDER  shared with the other processes of DARTS-CC on this machine
              QUARKUS_HTTP_PORT           of /q/health and /q/metrics (default 8082)

            Profiles:
            %s
            An argument: --profiles prints only these; --rehearse starts and ends without orchestrator and broker, for
            "java -XX:ArchiveClassesAtExit=agent.jsa -jar quarkus-run.jar --rehearse": with -XX:SharedArchiveFile=agent.jsa
            the same JVM then starts the agent faster.
            """;

    private AgentMain() {}

    public static void main(String[] args) throws InterruptedException {
        if (List.of(args).equals(List.of("--rehearse"))) {
            Rehearsal.run();
            return;
        }
        if (args.length > 0) {
            System.exit(say(List.of(args)));
        }
        try {
            var device = enrol(AgentMain::setting, System.err);
            System.setProperty("dartscc.device.id", device.deviceId());
            if (setting("kafka.bootstrap.servers").isEmpty()) {
                if (device.kafkaBootstrapServers() == null) {
                    throw new IllegalArgumentException(
                            "the orchestrator names no broker, and KAFKA_BOOTSTRAP_SERVERS is not set");
                }
                System.setProperty("kafka.bootstrap.servers", device.kafkaBootstrapServers());
            }
        } catch (RefusedException | IllegalArgumentException e) {
            System.err.println("device-agent: " + e.getMessage());
            System.exit(WRONG_USE);
        }
        Quarkus.run();
    }

    private static int say(List<String> args) {
        var profiles = profiles(AgentMain::setting);
        if (args.equals(List.of("--profiles"))) {
            System.out.print(profiles);
        } else if (args.equals(List.of("--help")) || args.equals(List.of("-h"))) {
            System.out.printf(HELP, profiles.indent(2).stripTrailing());
        } else {
            System.err.println("device-agent: it takes settings, no arguments; see --help");
            return WRONG_USE;
        }
        return 0;
    }

    /** A line for each profile: what it is, what shows it, and why it is not available here if it isn't. */
    static String profiles(Function<String, Optional<String>> settings) {
        var onednn = onednnFolder(settings);
        var proofs = Proofs.stored();
        return Profile.all().stream()
                .map(profile -> "%-17s %s%s%s%n"
                        .formatted(
                                profile.name(),
                                profile.what(),
                                proofs.of(profile).map(proof -> "; " + proof).orElse(""),
                                profile.whyNotHere(onednn)
                                        .map(why -> "; NOT available here: " + why)
                                        .orElse("")))
                .collect(Collectors.joining());
    }

    private static Path onednnFolder(Function<String, Optional<String>> settings) {
        return settings.apply("dartscc.agent.onednn-folder").map(Path::of).orElse(null);
    }

    /** A setting by its property's name or, by the rule of MicroProfile, the environment variable's. */
    private static Optional<String> setting(String property) {
        return Optional.ofNullable(System.getProperty(property))
                .or(() -> Optional.ofNullable(
                        System.getenv(property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(java.util.Locale.ROOT))))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    /**
     * Asks the orchestrator for this device, again and again while it can't be reached.
     *
     * @throws RefusedException when it refuses, or the token is another device's
     * @throws IllegalArgumentException when a setting is missing or wrong
     */
    static DeviceIdentity enrol(Function<String, Optional<String>> settings, PrintStream log)
            throws RefusedException, InterruptedException {
        var orchestrator = new Orchestrator(
                required(settings, "dartscc.orchestrator.url", "DARTSCC_ORCHESTRATOR_URL"),
                required(settings, "dartscc.device.token", "DARTSCC_DEVICE_TOKEN"));
        Profile.of(settings.apply("dartscc.device.profile").orElse(Profile.DEFAULT))
                .requireHere(onednnFolder(settings));
        var device = awaitIdentity(orchestrator, log);
        var name = settings.apply("dartscc.device.name");
        if (name.isPresent() && !name.get().equals(device.name())) {
            throw new IllegalArgumentException(
                    "the token is that of the device \"%s\", not of \"%s\"".formatted(device.name(), name.get()));
        }
        return device;
    }

    private static DeviceIdentity awaitIdentity(Orchestrator orchestrator, PrintStream log)
            throws RefusedException, InterruptedException {
        var pause = Duration.ofMillis(500);
        long nextWord = System.nanoTime();
        while (true) {
            try {
                return orchestrator.identity();
            } catch (IOException e) {
                if (System.nanoTime() - nextWord >= 0) {
                    log.println("device-agent: waiting for the orchestrator: " + e.getMessage());
                    nextWord = System.nanoTime() + SAY_AGAIN.toNanos();
                }
                Thread.sleep(pause.toMillis());
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    private static String required(Function<String, Optional<String>> settings, String property, String variable) {
        return settings.apply(property)
                .orElseThrow(() -> new IllegalArgumentException(variable + " is not set; see --help"));
    }
}
