package org.dartscc.cli.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import org.dartscc.cli.FailureException;
import org.dartscc.cli.local.Installation;

@Command(
        name = "bench",
        description = "Run a benchmark. Everything behind \"bench\" goes to it.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  dartscc bench tabular --help",
            "  dartscc bench tabular --accuracy FILE --latency FILE --train-devices a,b --test-devices c,d --out FILE.json",
            "  dartscc bench fidelity --space layerwise --profile ort-cpu --out FILE.json"
        })
final class BenchCommand implements Callable<Integer> {
    private static final String MAIN = "org.dartscc.benchmarks.Main";

    @Parameters(paramLabel = "BENCHMARK", description = "its name and its own options; without, all names are told")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() throws InterruptedException {
        var target = Installation.current().home().resolve("benchmarks/target");
        var classes = target.resolve("classes");
        if (!Files.exists(classes.resolve(MAIN.replace('.', '/') + ".class"))) {
            throw new FailureException("the benchmarks are not built: there is no " + MAIN + " in " + classes);
        }
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Ddartscc.home=" + Installation.current().home(),
                "-cp",
                classes + File.pathSeparator + target.resolve("lib") + File.separator + "*",
                MAIN));
        command.addAll(arguments);
        try {
            var process = new ProcessBuilder(command).inheritIO().start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-benchmark"));
            return process.waitFor();
        } catch (IOException e) {
            throw new FailureException("the benchmark did not start: " + e.getMessage(), e);
        }
    }
}
