package org.dartscc.benchmarks.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code footprint}: what the device agent takes of its host while it has nothing to do. */
@Command(
        name = "footprint",
        description = "Start time, idle memory and idle CPU of the device agent as shipped.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class FootprintCommand implements Callable<Integer> {
    private static final int SETTLE_MILLIS = 10_000;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--runs", defaultValue = "3", description = "Starts of each kind, default: ${DEFAULT-VALUE}")
    private int runs;

    @Option(
            names = "--idle-seconds",
            defaultValue = "60",
            description = "How long the CPU is watched, default: ${DEFAULT-VALUE}")
    private int idleSeconds;

    @Option(
            names = "--agent",
            description = "Folder of the built agent, default: device-agent/target/quarkus-app of this source tree")
    private Path agent;

    @Option(names = "--options", split = ",", description = "JVM options to look at instead of the shipped ones")
    private List<String> options;

    /**
     * One kind of start.
     *
     * @param readySeconds of each start
     * @param idleRssMb of each start, agent and children, in 2^20 bytes, ten seconds after it was ready
     * @param idleCpuPercent of one processor, over the idle time of the last start
     */
    record Figures(List<Double> readySeconds, List<Double> idleRssMb, double idleCpuPercent, AfterWork afterWork) {}

    /**
     * The same after the agent has measured a few operators; its drift checks go on.
     *
     * @param rssMb agent and children, at the end
     * @param cpuPercent of one processor, drift checks included
     */
    record AfterWork(double rssMb, long children, double cpuPercent) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        var folder = agent != null
                ? agent
                : Path.of(System.getProperty("dartscc.home", ""), "device-agent/target/quarkus-app");
        var jar = folder.resolve("quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new CommandLine.ParameterException(spec.commandLine(), "there is no agent at " + jar);
        }
        var log = Files.createTempFile("dartscc-footprint-", ".log");
        var figures = new LinkedHashMap<String, Figures>();
        try (var surroundings = Surroundings.start()) {
            figures.put("shipped", figures(options == null ? shipped() : options, jar, surroundings, log));
            figures.put("plain", figures(List.of(), jar, surroundings, log));
        }
        Files.delete(log);
        var json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        spec.commandLine()
                .getOut()
                .println(json.writeValueAsString(
                        Map.of("processors", Runtime.getRuntime().availableProcessors(), "starts", figures)));
        return CommandLine.ExitCode.OK;
    }

    /** The options of the agent's image, which "dartscc device agent" and local mode use too. */
    private static List<String> shipped() throws IOException {
        var image = Files.readString(
                Path.of(System.getProperty("dartscc.home", ""), "device-agent/src/main/docker/Dockerfile.jvm"));
        var options = Pattern.compile("JDK_JAVA_OPTIONS=\"([^\"]*)\"").matcher(image);
        if (!options.find()) {
            throw new IOException("the agent's Dockerfile names no JVM options");
        }
        return List.of(options.group(1).split(" ", -1));
    }

    private Figures figures(List<String> options, Path jar, Surroundings surroundings, Path log)
            throws IOException, InterruptedException {
        var ready = new ArrayList<Double>();
        var memory = new ArrayList<Double>();
        double cpu = 0;
        AfterWork after = null;
        for (int run = 1; run <= runs; run++) {
            try (var process = AgentProcess.start(options, jar, surroundings, log)) {
                Thread.sleep(SETTLE_MILLIS);
                ready.add(process.readySeconds());
                memory.add(process.rssMb());
                if (run == runs) {
                    cpu = cpuPercent(process);
                    surroundings.measureSomething("work-" + options.size() + "-" + System.nanoTime());
                    double percent = cpuPercent(process);
                    after = new AfterWork(process.rssMb(), process.children(), percent);
                }
            }
        }
        return new Figures(ready, memory, cpu, after);
    }

    private double cpuPercent(AgentProcess process) throws IOException, InterruptedException {
        double before = process.cpuSeconds();
        Thread.sleep(idleSeconds * 1000L);
        return 100 * (process.cpuSeconds() - before) / idleSeconds;
    }
}
