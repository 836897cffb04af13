package org.dartscc.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The root of all commands. */
@Command(
        name = "dartscc",
        description = "One search, one verified ONNX model for every device and budget.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            DeviceCommand.class,
            SearchCommand.class,
            ArchitectureCommand.class,
            ModelCommand.class,
            BenchCommand.class,
            TestCommand.class,
            HelpCommand.class
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  dartscc demo --out out        everything once, on this machine, with bundled images",
            "  dartscc up                    broker, database, services and agents until Ctrl-C",
            "  dartscc search start --dataset fashion-mnist-sample --device ort-cpu --watch",
            "  dartscc architecture request --search S --device ort-cpu --budget-ms 0.4",
            "  dartscc model export --architecture A --wait",
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong use or input."
        })
public final class DartsccCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do");
    }
}
