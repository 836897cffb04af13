package org.dartscc.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import org.dartscc.cli.FailureException;
import org.dartscc.cli.demo.Demo;
import org.dartscc.cli.local.DataFolder;
import org.dartscc.cli.local.Installation;
import org.dartscc.cli.local.LocalMode;
import org.dartscc.cli.rest.Progress;

@Command(
        name = "demo",
        description = "Everything once: one search on bundled Fashion-MNIST images, models for several latency budgets"
                + " of two device profiles of this machine, trained, verified and timed.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  dartscc demo --out out",
            "  dartscc demo --quick        the same path with little training; weak models"
        })
final class DemoCommand implements Callable<Integer> {
    private static final List<String> PROFILES = List.of("ort-cpu", "ort-cpu-nchw");

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "target/demo",
            description = "folder for models, front.json, front.svg and report.md; default: ${DEFAULT-VALUE}")
    private Path out;

    @Option(names = "--quick", description = "fewer training steps and budgets")
    private boolean quick;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "of weights and draws; default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "keep database, topics and logs here; default: a temporary folder, kept only on failure")
    private Path dataDir;

    @Spec
    private CommandSpec spec;

    private final long start = System.nanoTime();

    @Override
    public Integer call() throws InterruptedException {
        prepare(out.resolve("models"));
        try (var local = dataDir == null
                ? LocalMode.startTemporary(Installation.current(), this::say)
                : LocalMode.start(Installation.current(), new DataFolder(dataDir), 0, this::say)) {
            try {
                say("starting the agents of " + String.join(", ", PROFILES));
                var devices = local.startAgents(PROFILES);
                var startup = Duration.ofNanos(System.nanoTime() - start);
                say("ready in %d s".formatted(startup.toSeconds()));
                new Demo(local, quick ? Demo.Settings.QUICK : Demo.Settings.FULL, seed, out, this::say)
                        .run(devices, buildSeconds(), startup.toMillis() / 1e3);
            } catch (FailureException e) {
                local.keepData();
                throw new FailureException(
                        e.getMessage() + "; the logs are in " + local.data().logs(), e);
            }
        }
        return 0;
    }

    private static void prepare(Path models) {
        try {
            Files.createDirectories(models);
            Files.delete(Files.createTempFile(models, ".probe-", ""));
        } catch (IOException e) {
            throw new FailureException("nothing can be written to " + models + ": " + e, e);
        }
    }

    /** What the script that built the program told. */
    private static double buildSeconds() {
        return Double.parseDouble(System.getProperty("dartscc.build.seconds", "0"));
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        synchronized (out) {
            out.println("[%5s] %s".formatted(Progress.clock(Duration.ofNanos(System.nanoTime() - start)), line));
            out.flush();
        }
    }
}
