package org.dartscc.benchmarks.tabular;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tabular}: runs every method on tables of accuracies and latencies, and writes figures and a picture. */
@Command(
        name = "tabular",
        description = "Compare search methods on tables of NAS-Bench-201 accuracies and latencies.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class TabularCommand implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--accuracy", required = true, description = "CSV of cells and their accuracies in percent")
    private Path accuracy;

    @Option(names = "--latency", required = true, description = "CSV of cells and their latencies by device")
    private Path latency;

    @Option(names = "--train-devices", required = true, split = ",", description = "Columns of devices to learn from")
    private List<String> trainDevices;

    @Option(names = "--test-devices", required = true, split = ",", description = "Columns of devices to be judged on")
    private List<String> testDevices;

    @Option(
            names = "--budget-evals",
            defaultValue = "24",
            description = "True evaluations per device, default: ${DEFAULT-VALUE}")
    private int budget;

    @Option(names = "--seeds", defaultValue = "3", description = "Number of seeds, default: ${DEFAULT-VALUE}")
    private int seeds;

    @Option(
            names = "--choose-column",
            defaultValue = "c10_val_e12",
            description = "Accuracies that methods see, default: ${DEFAULT-VALUE}")
    private String chooseColumn;

    @Option(
            names = "--report-column",
            defaultValue = "c10_test_e200",
            description = "Accuracies that they are judged by, default: ${DEFAULT-VALUE}")
    private String reportColumn;

    @Option(names = "--oracle", description = "Choose by the values that are reported, as the published protocol does")
    private boolean oracle;

    @Option(names = "--out", required = true, description = "JSON file to write; the picture goes beside it as .svg")
    private Path out;

    @Override
    public Integer call() throws IOException {
        requireUsable();
        var choose = oracle ? reportColumn : chooseColumn;
        var data = read(choose);
        var study = new Study(data, trainDevices, testDevices, budget, seeds, this::say);
        var tallies = study.run();
        write(study.report(choose, reportColumn), FrontPicture.of(study.testDevices(), tallies, budget));
        return CommandLine.ExitCode.OK;
    }

    private void requireUsable() {
        require(budget >= 1 && budget <= 500, "--budget-evals must be from 1 to 500, not " + budget);
        require(seeds >= 1, "--seeds must be at least 1, not " + seeds);
        requireNamedOnce("--train-devices", trainDevices);
        requireNamedOnce("--test-devices", testDevices);
        trainDevices.forEach(d ->
                require(!testDevices.contains(d), d + " can't be a train device and a test device at the same time"));
        require(!Files.isDirectory(out), "--out " + out + " is a folder, but must be a file");
    }

    private void requireNamedOnce(String option, List<String> devices) {
        require(devices.stream().distinct().count() == devices.size(), option + " names a device twice");
        require(devices.stream().noneMatch(String::isBlank), option + " has an empty name");
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new CommandLine.ParameterException(spec.commandLine(), message);
        }
    }

    private TabularData read(String choose) {
        var devices = Stream.concat(trainDevices.stream(), testDevices.stream()).toList();
        try {
            return TabularData.read(accuracy, latency, choose, reportColumn, devices);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void write(Report report, String picture) throws IOException {
        var target = out.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Files.writeString(
                target, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report));
        var name = target.getFileName().toString().replaceAll("\\.json$", "") + ".svg";
        Files.writeString(target.resolveSibling(name), picture);
        report.methods().forEach(m -> say(summary(m)));
        say("written: " + target + " and " + name);
    }

    private static String summary(Report.MethodReport m) {
        var gap = m.gapToBestFeasible();
        return "%-20s %3d evaluations: relative hypervolume %.4f (%.4f to %.4f), gap %s, %d violations, %.1f CPU-s"
                .formatted(
                        m.name(),
                        m.evaluationsPerDevice(),
                        m.relativeHypervolume().mean(),
                        m.relativeHypervolume().min(),
                        m.relativeHypervolume().max(),
                        gap.mean() == null ? "-" : "%.2f (at most %.2f)".formatted(gap.mean(), gap.max()),
                        m.budgetViolations(),
                        m.cpuSeconds());
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
