package org.dartscc.benchmarks.fidelity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.ObjectMapper;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import org.dartscc.agent.child.ChildSettings;
import org.dartscc.agent.probe.Profile;
import org.dartscc.benchmarks.profiles.OneDnnFolder;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;

/** {@code fidelity}: predicts latencies of random networks from operators, measures them, and writes how they compare. */
@Command(
        name = "fidelity",
        description = "Compare predicted with measured latencies of random networks, on this machine.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class FidelityCommand implements Callable<Integer> {
    private static final Pattern IMAGE = Pattern.compile("(\\d{1,4})x(\\d{1,4})x(\\d{1,4})");

    /** Several of these that run at once take turns; with others, as local mode, they do not. */
    private static final Path TURNS = Path.of(System.getProperty("user.home"), ".cache/dartscc/turns");

    private static final int FEWEST_JUDGED = 10;
    private static final int MOST_NETWORKS = 1_000;
    private static final int QUICK_NETWORKS = 24;
    private static final int QUICK_CALIBRATION = 12;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--space", defaultValue = "layerwise", description = "Search space, default: ${DEFAULT-VALUE}")
    private String space;

    @Option(names = "--profile", defaultValue = "ort-cpu", description = "Device profile, default: ${DEFAULT-VALUE}")
    private String profile;

    @Mixin
    private OneDnnFolder onednn;

    @Option(names = "--networks", description = "Random networks to measure, default: 60")
    private Integer networks;

    @Option(names = "--calibration", description = "How many networks a calibration gets to see, default: 20")
    private Integer calibration;

    @Option(names = "--splits", defaultValue = "100", description = "Random splits, default: ${DEFAULT-VALUE}")
    private int splits;

    @Option(names = "--seed", defaultValue = "1", description = "Draws networks and splits, default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(
            names = "--image",
            defaultValue = "1x28x28",
            description = "Channels, height and width of the images, default: ${DEFAULT-VALUE}")
    private String image;

    @Option(names = "--classes", defaultValue = "10", description = "Number of classes, default: ${DEFAULT-VALUE}")
    private int classes;

    @Option(
            names = "--quick",
            description = "Fewer networks: " + QUICK_NETWORKS + ", " + QUICK_CALIBRATION + " of them for calibration")
    private boolean quick;

    @Option(names = "--out", required = true, description = "JSON file to write; the picture goes beside it as .svg")
    private Path out;

    @Override
    public Integer call() throws IOException {
        int count = networks != null ? networks : quick ? QUICK_NETWORKS : 60;
        int known = calibration != null ? calibration : quick ? QUICK_CALIBRATION : 20;
        require(known >= 1, "--calibration must be at least 1, not " + known);
        require(
                count >= known + FEWEST_JUDGED && count <= MOST_NETWORKS,
                "--networks must be from %d (%d more than --calibration) to %d, not %d"
                        .formatted(known + FEWEST_JUDGED, FEWEST_JUDGED, MOST_NETWORKS, count));
        require(splits >= 1 && splits <= 10_000, "--splits must be from 1 to 10000, not " + splits);
        require(!Files.isDirectory(out), "--out " + out + " is a folder, but must be a file");
        var searchSpace = searchSpace();
        var settings = new ChildSettings(profile(), TURNS, onednn.path());
        var measurements = new Bench(searchSpace, settings, this::progress).measure(known, count, seed);
        write(Report.of(measurements, known, splits, seed));
        return CommandLine.ExitCode.OK;
    }

    private SearchSpace searchSpace() {
        var shape = IMAGE.matcher(image);
        require(shape.matches(), "--image must be as 1x28x28, not " + image);
        try {
            return new SpaceSpec(
                            space,
                            new Shape(
                                    Integer.parseInt(shape.group(1)),
                                    Integer.parseInt(shape.group(2)),
                                    Integer.parseInt(shape.group(3))),
                            classes)
                    .create();
        } catch (IllegalArgumentException e) {
            throw wrongUse(e);
        }
    }

    private Profile profile() {
        try {
            var known = Profile.of(profile);
            known.requireHere(onednn.path());
            return known;
        } catch (IllegalArgumentException e) {
            throw wrongUse(e);
        }
    }

    private CommandLine.ParameterException wrongUse(IllegalArgumentException e) {
        return new CommandLine.ParameterException(spec.commandLine(), e.getMessage(), e);
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new CommandLine.ParameterException(spec.commandLine(), message);
        }
    }

    private void progress(String line) {
        spec.commandLine().getErr().println("fidelity: " + line);
        spec.commandLine().getErr().flush();
    }

    private void write(Report report) throws IOException {
        var target = out.toAbsolutePath();
        Files.createDirectories(target.getParent());
        Files.writeString(
                target, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report));
        var name = target.getFileName().toString().replaceAll("\\.json$", "") + ".svg";
        Files.writeString(target.resolveSibling(name), Scatter.of(report));
        say("as users get", report.productCalibration());
        print("              and are told a margin of %.1f %%".formatted(100 * report.productMarginShare()));
        say("random splits", report.ours());
        say("worst split", report.oursWorstSplit());
        say("naive sum", report.naiveSum());
        say("macs", report.macs());
        say("parameters", report.parameters());
        print("the truth repeats itself within 10 %%: %.1f %%, mean difference %.1f %%, Kendall %.3f"
                .formatted(
                        100 * report.truthSelfRepeat().within10Percent(),
                        100 * report.truthSelfRepeat().mape(),
                        report.truthSelfRepeat().kendall()));
        print("written: " + target + " and " + name);
    }

    private void say(String method, Score score) {
        print("%-13s within 10 %%: %5.1f %%, within 5 %%: %5.1f %%, mean error %5.1f %%, Kendall %.3f, Spearman %.3f"
                .formatted(
                        method,
                        100 * score.within10Percent(),
                        100 * score.within5Percent(),
                        100 * score.mape(),
                        score.kendall(),
                        score.spearman()));
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
