package org.dartscc.cli.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import org.dartscc.cli.local.DataFolder;
import org.dartscc.cli.local.ForegroundAgent;
import org.dartscc.cli.local.Installation;
import org.dartscc.cli.local.LocalMode;

@Command(
        name = "up",
        description = "Run everything on this machine until Ctrl-C: broker, database, services, agents. A second start"
                + " goes on where the first was stopped.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  dartscc up",
            "  dartscc up --data-dir ./data --agents ort-cpu",
            "  dartscc up --agents none      devices are elsewhere, or come later"
        })
final class UpCommand implements Callable<Integer> {
    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "what is kept between two runs; default: DARTSCC_DATA_DIR, else ~/.local/share/dartscc")
    private Path dataDir;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "port of the orchestrator on 127.0.0.1; default: any free one")
    private int port;

    @Option(
            names = "--agents",
            paramLabel = "PROFILE",
            split = ",",
            defaultValue = "ort-cpu,ort-cpu-nchw",
            description = "profiles of this machine to measure as devices, or \"none\"; default: ${DEFAULT-VALUE}")
    private List<String> agents;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > 65535) {
            throw new ParameterException(spec.commandLine(), "--port is within 0..65535, not " + port);
        }
        boolean withAgents = !agents.equals(List.of("none"));
        if (withAgents && spec.commandLine().getParseResult().hasMatchedOption("--agents")) {
            requireProfiles();
        }
        var out = spec.commandLine().getOut();
        var data = dataDir == null ? DataFolder.ofUser() : new DataFolder(dataDir);
        try (var local = LocalMode.start(Installation.current(), data, port, line -> say(out, line))) {
            if (withAgents) {
                say(out, "starting the agents of " + String.join(", ", agents));
                local.startAgents(agents);
            }
            say(
                    out,
                    "ready: %s, data in %s; Ctrl-C stops everything"
                            .formatted(local.orchestrator().url(), data.path()));
            local.awaitStop();
            return 0;
        }
    }

    /** Before a device is registered under a name that no agent can serve. */
    private void requireProfiles() throws InterruptedException {
        var unknown = ForegroundAgent.unknownProfile(Installation.current(), agents);
        if (unknown.isPresent()) {
            throw new ParameterException(spec.commandLine(), unknown.get());
        }
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
