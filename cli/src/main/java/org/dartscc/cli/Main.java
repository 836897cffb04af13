package org.dartscc.cli;

import java.io.PrintWriter;

import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

import org.dartscc.cli.command.DartsccCommand;

/** The {@code dartscc} command. Exit codes: 0 done, 1 failed, 2 wrong use or input; a failure is one line on standard error. */
public final class Main {
    private static final int HELP_WIDTH = 100;

    private Main() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command with all its rules, to be run or tested. */
    public static CommandLine commandLine() {
        var dartscc = new CommandLine(new DartsccCommand());
        // A benchmark's options, its --help too, are its own.
        dartscc.getSubcommands().get("bench").setStopAtPositional(true);
        return dartscc.setUsageHelpWidth(HELP_WIDTH)
                .setParameterExceptionHandler(Main::wrongUse)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
    }

    private static int wrongUse(ParameterException failure, String[] args) {
        var command = failure.getCommandLine();
        error(
                command,
                "%s (see \"%s --help\")"
                        .formatted(
                                failure.getMessage(), command.getCommandSpec().qualifiedName()));
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int failed(Exception failure, CommandLine command) {
        if (failure instanceof FailureException known) {
            error(command, known.getMessage());
            return known.isWrongInput()
                    ? command.getCommandSpec().exitCodeOnInvalidInput()
                    : command.getCommandSpec().exitCodeOnExecutionException();
        }
        error(command, "unexpected " + failure + "; please report this");
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    private static void error(CommandLine command, String message) {
        PrintWriter err = command.getErr();
        err.println("dartscc: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
        err.flush();
    }
}
