package org.dartscc.benchmarks.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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

    /** With both at their most it takes a quarter of an hour. */
    private static final int MOST_STARTS = 20;

    private static final int MOST_IDLE_SECONDS = 120;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(
            names = "--starts",
            defaultValue = "3",
            description = "Starts with each kind of options, 1 to " + MOST_STARTS + ", default: ${DEFAULT-VALUE}")
    private int starts;

    @Option(
            names = "--idle-seconds",
            defaultValue = "20",
            description = "How long the CPU is watched, 1 to " + MOST_IDLE_SECONDS + ", default: ${DEFAULT-VALUE}")
    private int idleSeconds;

    @Option(
            names = "--agent",
            description = "Folder of the built agent, default: device-agent/target/quarkus-app of this source tree")
    private Path agent;

    @Option(names = "--out", description = "JSON file to write, besides the table that is printed")
    private Path out;

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
        require(starts >= 1 && starts <= MOST_STARTS, "--starts must be from 1 to %d, not %d", MOST_STARTS, starts);
        require(
                idleSeconds >= 1 && idleSeconds <= MOST_IDLE_SECONDS,
                "--idle-seconds must be from 1 to %d, not %d",
                MOST_IDLE_SECONDS,
                idleSeconds);
        var log = Files.createTempFile("dartscc-footprint-", ".log");
        var figures = new LinkedHashMap<String, Figures>();
        try (var surroundings = Surroundings.start()) {
            figures.put(
                    options == null ? "the shipped options" : String.join(" ", options),
                    figures(options == null ? shipped() : options, jar, surroundings, log));
            figures.put("java -jar and nothing else", figures(List.of(), jar, surroundings, log));
        }
        Files.delete(log);
        if (out != null) {
            var json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            Files.writeString(
                    out,
                    json.writeValueAsString(
                            Map.of("processors", Runtime.getRuntime().availableProcessors(), "starts", figures)));
        }
        table(figures).forEach(spec.commandLine().getOut()::println);
        return CommandLine.ExitCode.OK;
    }

    private void require(boolean condition, String message, int most, int given) {
        if (!condition) {
            throw new CommandLine.ParameterException(spec.commandLine(), message.formatted(most, given));
        }
    }

    /** Every start and the spread, as a table in Markdown. */
    static List<String> table(Map<String, Figures> figures) {
        var lines = new ArrayList<String>();
        lines.add("| started with | ready | spread | resident memory | spread | CPU idle | after work: memory, CPU |");
        lines.add("|---|---|---|---|---|---|---|");
        figures.forEach((kind, f) -> lines.add(("| %s | %s s | %.1f s | %s MB | %.0f MB | %.1f %% | %.0f MB, %.1f %% |")
                .formatted(
                        kind,
                        all("%.1f", f.readySeconds),
                        spread(f.readySeconds),
                        all("%.0f", f.idleRssMb),
                        spread(f.idleRssMb),
                        f.idleCpuPercent,
                        f.afterWork.rssMb,
                        f.afterWork.cpuPercent)));
        return lines;
    }

    private static String all(String format, List<Double> values) {
        return values.stream().map(format::formatted).collect(Collectors.joining(", "));
    }

    /** From the least to the most. */
    private static double spread(List<Double> values) {
        return Collections.max(values) - Collections.min(values);
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
        for (int start = 1; start <= starts; start++) {
            try (var process = AgentProcess.start(options, jar, surroundings, log)) {
                Thread.sleep(SETTLE_MILLIS);
                ready.add(process.readySeconds());
                memory.add(process.rssMb());
                if (start == starts) {
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
