package org.dartscc.benchmarks;

import java.util.concurrent.Callable;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import org.dartscc.benchmarks.fidelity.FidelityCommand;
import org.dartscc.benchmarks.footprint.FootprintCommand;
import org.dartscc.benchmarks.paper.PaperCommand;
import org.dartscc.benchmarks.profiles.ProfilesCommand;
import org.dartscc.benchmarks.step.StepCommand;
import org.dartscc.benchmarks.tabular.TabularCommand;

/** Entry of the benchmarks: {@code java -cp … org.dartscc.benchmarks.Main tabular …}. Exit 0 done, 1 failed, 2 wrong use. */
@Command(
        name = "bench",
        description = "Benchmarks of DARTS-CC.",
        subcommands = {
            TabularCommand.class,
            FidelityCommand.class,
            FootprintCommand.class,
            PaperCommand.class,
            ProfilesCommand.class,
            StepCommand.class
        },
        mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(),
                "name a benchmark: " + String.join(", ", spec.subcommands().keySet()));
    }

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** With one line for whatever goes wrong. */
    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler((exception, args) -> {
                    exception.getCommandLine().getErr().println("bench: " + exception.getMessage());
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((exception, commandLine, result) -> {
                    commandLine.getErr().println("bench: " + reason(exception));
                    return CommandLine.ExitCode.SOFTWARE;
                });
    }

    private static String reason(Exception exception) {
        return exception.getMessage() == null ? exception.toString() : exception.getMessage();
    }
}
