package org.dartscc.benchmarks.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.ObjectMapper;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Spaces;

/** {@code step}: times training steps of several kinds, and in PyTorch where it is installed, block by block in turn. */
@Command(
        name = "step",
        description = "Time the supernet's step, the full mixture of DARTS, and the same networks in PyTorch.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class StepCommand implements Callable<Integer> {
    private static final int WARM_UP_STEPS = 2;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--space", split = ",", defaultValue = "layerwise", description = "Default: ${DEFAULT-VALUE}")
    private List<String> spaces;

    @Option(
            names = "--batch",
            split = ",",
            defaultValue = "32",
            description = "Images of a step, default: ${DEFAULT-VALUE}")
    private List<Integer> batches;

    @Option(
            names = "--threads",
            defaultValue = "1",
            description = "Threads of every process, default: ${DEFAULT-VALUE}")
    private int threads;

    @Option(names = "--blocks", defaultValue = "5", description = "Turns of each contender, default: ${DEFAULT-VALUE}")
    private int blocks;

    @Option(names = "--steps", defaultValue = "8", description = "Steps in a turn, default: ${DEFAULT-VALUE}")
    private int steps;

    @Option(
            names = "--python",
            defaultValue = "python3",
            description = "Python to look for PyTorch in, default: ${DEFAULT-VALUE}")
    private String python;

    @Option(names = "--out", description = "JSON file to write")
    private Path out;

    /**
     * What is written.
     *
     * @param torch version of PyTorch, null when there is none
     */
    record Report(
            String torch, int threads, int blocks, int stepsPerBlock, List<Row> rows, Map<String, Double> ratios) {}

    /**
     * One contender. CPU times are medians over the blocks, per image of the batch; a sandwich trains four networks on
     * each.
     */
    record Row(
            String engine,
            String kind,
            boolean update,
            String space,
            int batch,
            int networks,
            double cpuMicrosPerImage,
            double wallMicrosPerImage,
            long peakMib) {
        String name() {
            return engine + " " + kind + (update ? "" : " without update");
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        require(threads >= 1 && blocks >= 1 && steps >= 1, "--threads, --blocks and --steps must be at least 1");
        require(batches.stream().allMatch(b -> b >= 2), "--batch must be at least 2");
        for (var space : spaces) {
            require(
                    Spaces.names().contains(space),
                    "there is no search space \"" + space + "\"; known are " + String.join(", ", Spaces.names()));
        }
        var torch = torchVersion();
        say(torch == null ? "PyTorch: not found by " + python + ", so DJL alone is timed" : "PyTorch " + torch);
        var rows = new ArrayList<Row>();
        for (var space : spaces) {
            for (int batch : batches) {
                rows.addAll(rows(space, batch, torch != null));
            }
        }
        var ratios = ratios(rows);
        ratios.forEach((name, ratio) -> say("%s: %.2f".formatted(name, ratio)));
        if (out != null) {
            Files.createDirectories(out.toAbsolutePath().getParent());
            new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValue(out.toFile(), new Report(torch, threads, blocks, steps, rows, ratios));
            say("written: " + out);
        }
        return CommandLine.ExitCode.OK;
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new CommandLine.ParameterException(spec.commandLine(), message);
        }
    }

    private String torchVersion() throws InterruptedException {
        try {
            var process = new ProcessBuilder(python, "-c", "import torch; print(torch.__version__)").start();
            var version = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return process.waitFor(1, TimeUnit.MINUTES) && process.exitValue() == 0 ? version.strip() : null;
        } catch (IOException e) {
            return null;
        }
    }

    private record Contender(String engine, Task task, StepProcess process, List<StepProcess.Block> done) {}

    private List<Row> rows(String space, int batch, boolean withTorch) throws IOException {
        var contenders = new ArrayList<Contender>();
        try {
            for (var kind : Kind.values()) {
                var task = new Task(space, image(space), kind, batch, threads, true);
                contenders.add(new Contender("djl", task, StepProcess.djl(task), new ArrayList<>()));
                if (kind == Kind.SANDWICH) {
                    var without = new Task(space, image(space), kind, batch, threads, false);
                    contenders.add(new Contender("djl", without, StepProcess.djl(without), new ArrayList<>()));
                }
                if (withTorch) {
                    contenders.add(new Contender("pytorch", task, torch(task), new ArrayList<>()));
                }
            }
            for (var contender : contenders) {
                contender.process().run(WARM_UP_STEPS);
                contender.process().run(steps);
            }
            for (int block = 0; block < blocks; block++) {
                for (var contender : contenders) {
                    contender.done().add(contender.process().run(steps));
                }
            }
            return contenders.stream().map(this::row).toList();
        } finally {
            contenders.forEach(c -> c.process().close());
        }
    }

    /** As in the data set that the space is used with most. */
    private static Shape image(String space) {
        return space.equals("fbnet") || space.equals("nas-bench-201") ? new Shape(3, 32, 32) : new Shape(1, 28, 28);
    }

    private StepProcess torch(Task task) throws IOException {
        var folder = Files.createTempDirectory("dartscc-step");
        var script = folder.resolve("torch_steps.py");
        try (var in = StepCommand.class.getResourceAsStream("/step/torch_steps.py")) {
            Files.copy(in, script);
        }
        var networks = folder.resolve("networks.json").toFile();
        new ObjectMapper().writeValue(networks, TorchNetworks.of(task));
        for (var file : List.of(folder.toFile(), script.toFile(), networks)) {
            file.deleteOnExit();
        }
        return StepProcess.torch(python, script, networks, threads);
    }

    private Row row(Contender c) {
        double images = (double) steps * c.task().batch();
        var row = new Row(
                c.engine(),
                c.task().kind().key(),
                c.task().update(),
                c.task().space(),
                c.task().batch(),
                c.task().kind().networks(),
                1e6
                        * median(c.done().stream()
                                .map(StepProcess.Block::cpuSeconds)
                                .toList())
                        / images,
                1e6
                        * median(c.done().stream()
                                .map(StepProcess.Block::wallSeconds)
                                .toList())
                        / images,
                c.done().get(c.done().size() - 1).peakKib() / 1024);
        say("%-10s batch %3d  %-28s %8.0f CPU-us per image, %8.0f us wall, peak %d MiB"
                .formatted(
                        row.space(),
                        row.batch(),
                        row.name(),
                        row.cpuMicrosPerImage(),
                        row.wallMicrosPerImage(),
                        row.peakMib()));
        return row;
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        int n = sorted.size();
        return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
    }

    /** CPU time per image and network, where it is compared. */
    private static Map<String, Double> ratios(List<Row> rows) {
        var ratios = new LinkedHashMap<String, Double>();
        for (var row : rows) {
            var where = " (%s, batch %d)".formatted(row.space(), row.batch());
            if (row.engine().equals("djl") && row.kind().equals("single")) {
                put(ratios, "single path / full mixture" + where, row, find(rows, row, "djl", "mixture"));
            }
            if (row.engine().equals("djl") && row.update()) {
                put(ratios, "DJL / PyTorch, " + row.kind() + where, row, find(rows, row, "pytorch", row.kind()));
            }
        }
        return ratios;
    }

    private static void put(Map<String, Double> ratios, String name, Row row, Row other) {
        if (other != null) {
            ratios.put(name, row.cpuMicrosPerImage() / other.cpuMicrosPerImage());
        }
    }

    private static Row find(List<Row> rows, Row like, String engine, String kind) {
        return rows.stream()
                .filter(r -> r.engine().equals(engine)
                        && r.kind().equals(kind)
                        && r.update()
                        && r.space().equals(like.space())
                        && r.batch() == like.batch())
                .findFirst()
                .orElse(null);
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
