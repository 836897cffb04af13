package org.dartscc.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import org.dartscc.cli.rest.Orchestrator;
import org.dartscc.cli.rest.Progress;
import org.dartscc.cli.rest.RefusedException;
import org.dartscc.cli.rest.Watch;

@Command(
        name = "search",
        description = "Start searches and follow them.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  dartscc search start --dataset fashion-mnist-sample --device ort-cpu --steps 1500 --watch",
            "  dartscc search start --dataset image-folder:/data/screws --epochs 20",
            "  dartscc search start --dataset fashion-mnist-sample --space-file docs/examples/my-space.yaml",
            "  dartscc search watch S",
            "  dartscc search events S",
            "  dartscc search join S --device kitchen-pi",
            "  dartscc search cancel S"
        })
final class SearchCommand extends CommandGroup {

    @Command(name = "start", description = "Start a search; one search serves every device and budget.")
    int start(
            @Mixin ServerOptions server,
            @Option(
                            names = "--dataset",
                            required = true,
                            paramLabel = "DATASET",
                            description = "fashion-mnist-sample, fashion-mnist, cifar-10 or image-folder:PATH")
                    String dataset,
            @Option(
                            names = "--space",
                            paramLabel = "SPACE",
                            description =
                                    "layerwise (default), darts, darts-every-edge, nas-bench-201, fbnet, dartscc-toy-3 or dartscc-toy-5")
                    String space,
            @Option(
                            names = "--space-file",
                            paramLabel = "FILE",
                            description = "instead of --space: your own space as YAML, see docs/spaces.md")
                    Path spaceFile,
            @Option(
                            names = "--device",
                            paramLabel = "DEVICE",
                            description = "id or name; repeat it for more; devices can join later, too")
                    List<String> devices,
            @Option(names = "--name", paramLabel = "NAME", description = "how you call the search") String name,
            @Option(
                            names = "--method",
                            paramLabel = "METHOD",
                            description =
                                    "fleet (default, the product's own), darts, darts-second-order, dartscc, dartscc-vector, dartscc-vector-time, fbnet, single-run, random or evolution, see docs/methods.md")
                    String method,
            @Option(names = "--steps", paramLabel = "N", description = "training steps, or") Integer steps,
            @Option(names = "--epochs", paramLabel = "N", description = "passes over the training images")
                    Integer epochs,
            @Option(names = "--seed", paramLabel = "N", description = "makes a search repeatable") Long seed,
            @Option(names = "--workers", paramLabel = "N", description = "trainers that share the work")
                    Integer workers,
            @Option(names = "--watch", description = "follow the search until it is ready") boolean watch)
            throws InterruptedException {
        if (steps != null && epochs != null) {
            throw server.wrongUse("give --steps or --epochs, not both");
        }
        if (space != null && spaceFile != null) {
            throw server.wrongUse("give --space or --space-file, not both");
        }
        var orchestrator = server.orchestrator();
        var body = new LinkedHashMap<String, Object>();
        body.put("dataset", dataset);
        putIfGiven(body, "space", space);
        putIfGiven(body, "spaceDefinition", spaceFile == null ? null : text(server, spaceFile));
        body.put("devices", ids(orchestrator, devices == null ? List.of() : devices));
        putIfGiven(body, "name", name);
        putIfGiven(body, "method", method);
        putIfGiven(body, "steps", steps);
        putIfGiven(body, "epochs", epochs);
        putIfGiven(body, "seed", seed);
        putIfGiven(body, "workers", workers);
        var search = orchestrator.post("/api/searches", body);
        var text = new StringBuilder("search " + search.path("id").asText() + " was accepted");
        if (spaceFile != null) {
            text.append(warnings(orchestrator
                    .get("/api/searches/" + search.path("id").asText())
                    .path("spaceWarnings")));
        }
        server.print(search, text.toString());
        return watch ? watch(server, search.path("id").asText()) : 0;
    }

    private static String text(ServerOptions server, Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw server.wrongUse("--space-file " + file + " can't be read: " + e.getMessage());
        }
    }

    private static void putIfGiven(Map<String, Object> body, String field, Object value) {
        if (value != null) {
            body.put(field, value);
        }
    }

    private static List<String> ids(Orchestrator orchestrator, List<String> devices) {
        var ids = new ArrayList<String>();
        for (var device : devices) {
            ids.add(orchestrator.find("/api/devices", device).path("id").asText());
        }
        return ids;
    }

    @Command(name = "list", description = "All searches.")
    int list(@Mixin ServerOptions server) {
        var searches = server.orchestrator().get("/api/searches");
        var table = new TextTable("ID", "NAME", "DATA SET", "SPACE", "METHOD", "STATE", "STEPS");
        searches.forEach(search -> table.row(
                search.path("id").asText(),
                search.path("name").asText(),
                search.path("dataset").asText(),
                search.path("space").asText(),
                search.path("method").asText(),
                search.path("state").asText(),
                Progress.steps(search)));
        server.print(searches, table.text());
        return 0;
    }

    @Command(name = "show", description = "A search as it is now, and its front on each device.")
    int show(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "SEARCH", description = "id or name") String idOrName) {
        var orchestrator = server.orchestrator();
        var id = orchestrator.find("/api/searches", idOrName).path("id").asText();
        var search = orchestrator.get("/api/searches/" + id);
        var text = new StringBuilder("%s (%s): %s, %s, %s%n%s%s"
                .formatted(
                        search.path("name").asText(),
                        id,
                        search.path("dataset").asText(),
                        search.path("space").asText(),
                        search.path("method").asText(),
                        Progress.line(search),
                        guards(search.path("diagnostics"))));
        search.path("devices").forEach(device -> text.append(lacking(device)));
        text.append(warnings(search.path("diagnostics").path("warnings")));
        if (!server.json() && search.path("state").asText().equals("READY")) {
            for (var device : search.path("devices")) {
                text.append("%n%nfront on %s%n".formatted(device.path("name").asText()))
                        .append(front(orchestrator, id, device.path("id").asText()));
            }
        }
        server.print(search, text.toString());
        return 0;
    }

    /** What shows whether the method collapsed; nothing before its first fit. */
    private static String guards(JsonNode diagnostics) {
        return diagnostics.isObject()
                ? "%n%d architectures, %.0f %% of their decisions skip or none%s%s"
                        .formatted(
                                diagnostics.path("architectures").asInt(),
                                100 * diagnostics.path("skipShare").asDouble(),
                                number(diagnostics.path("entropy"), ", entropy of the options %.3f of 1"),
                                number(
                                        diagnostics.path("rankCorrelation"),
                                        ", Kendall's tau of the estimate %.2f on subnets left out"))
                : "";
    }

    private static String number(JsonNode value, String format) {
        return value.isNumber() ? format.formatted(value.asDouble()) : "";
    }

    private static String warnings(JsonNode warnings) {
        var text = new StringBuilder();
        warnings.forEach(w -> text.append("%nwarning: %s".formatted(w.asText())));
        return text.toString();
    }

    /** Why a device gets no answers. */
    private static String lacking(JsonNode device) {
        var failed = device.path("failed");
        return failed.isEmpty()
                ? ""
                : "%nwarning: %s gets no answers until it has costs for %d more of %d operators (%s)"
                        .formatted(
                                device.path("name").asText(),
                                failed.size(),
                                device.path("total").asInt(),
                                failed.properties().stream()
                                        .findFirst()
                                        .map(first -> first.getKey() + ": "
                                                + first.getValue().asText())
                                        .orElse(""));
    }

    /** A device that has none yet must not keep those of the others from being told. */
    private static String front(Orchestrator orchestrator, String search, String device) {
        try {
            var front = orchestrator.get("/api/searches/%s/front?device=%s".formatted(search, device));
            return Json.note(front)
                    + (front.path("marginShare").isNumber()
                            ? "predictions err by %.1f %%; a budget is kept with that margin where it can be%n"
                                    .formatted(100 * front.path("marginShare").asDouble())
                            : "")
                    + frontTable(front);
        } catch (RefusedException e) {
            return "none: " + e.getMessage();
        }
    }

    private static String frontTable(JsonNode front) {
        var table = new TextTable(
                "LATENCY us", "ACCURACY (estimated)", "PARAMETERS", "MACS", "FILE KB", "PEAK KB", "GENOTYPE");
        front.path("points")
                .forEach(point -> table.row(
                        "%.1f".formatted(point.path("latencyMicros").asDouble()),
                        "%.1f %%"
                                .formatted(100 * point.path("estimatedAccuracy").asDouble()),
                        point.path("parameters").asText(),
                        point.path("macs").asText(),
                        "%.1f".formatted(point.path("fileBytes").asLong() / 1024.0),
                        "%.1f".formatted(point.path("peakActivationBytes").asLong() / 1024.0),
                        point.path("genotype").asText()));
        return table.text();
    }

    @Command(name = "watch", description = "Follow a search until it is ready; exit code 1 when it failed.")
    int watch(
            @Mixin ServerOptions server, @Parameters(paramLabel = "SEARCH", description = "id or name") String idOrName)
            throws InterruptedException {
        var orchestrator = server.orchestrator();
        var id = orchestrator.find("/api/searches", idOrName).path("id").asText();
        var last = new Watch(orchestrator, Duration.ofSeconds(1)).searchUntilSettled(id, search -> {
            server.print(search, Progress.line(search));
        });
        return last.path("state").asText().equals("READY") ? 0 : 1;
    }

    @Command(
            name = "events",
            description = "Follow, until Ctrl-C, what happens to a search: which costs and fronts changed, and why.")
    int events(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "SEARCH", description = "id or name") String idOrName) {
        var orchestrator = server.orchestrator();
        var id = orchestrator.find("/api/searches", idOrName).path("id").asText();
        orchestrator.events("/api/searches/" + id + "/events", (name, data) -> {
            if (name.equals("costs") || name.equals("front")) {
                server.print(data, news(name, data));
            } else {
                server.print(data, Progress.line(data));
            }
        });
        return 0;
    }

    private static String news(String name, JsonNode data) {
        var text = new StringBuilder("%s on %s: %s, version %d"
                .formatted(
                        name,
                        data.path("name").asText(),
                        data.path("reason").asText(),
                        data.path("costVersion").asLong()));
        if (data.path("points").isNumber()) {
            text.append(", %d points".formatted(data.path("points").asInt()));
            if (data.path("appeared").isNumber()) {
                text.append(", %d new and %d gone"
                        .formatted(
                                data.path("appeared").asInt(),
                                data.path("disappeared").asInt()));
            }
        }
        for (var change : data.path("changes")) {
            text.append("%n  %s %s%.2f us%s"
                    .formatted(
                            change.path("operator").asText(),
                            change.path("fromMicros").isNumber()
                                    ? "%.2f -> "
                                            .formatted(change.path("fromMicros").asDouble())
                                    : "",
                            change.path("toMicros").asDouble(),
                            change.path("share").isNumber()
                                    ? " (%+.0f %%)"
                                            .formatted(
                                                    100 * change.path("share").asDouble())
                                    : ""));
        }
        return text.toString();
    }

    @Command(
            name = "join",
            description =
                    "Let a device join a search, also a ready one: it measures, and has its front without training.")
    int join(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "SEARCH", description = "id or name") String idOrName,
            @Option(names = "--device", required = true, paramLabel = "DEVICE", description = "id or name")
                    String device) {
        var orchestrator = server.orchestrator();
        var id = orchestrator.find("/api/searches", idOrName).path("id").asText();
        var joining = orchestrator.find("/api/devices", device);
        var deviceId = joining.path("id").asText();
        var answer = orchestrator.post("/api/searches/" + id + "/devices", Map.of("device", deviceId));
        server.print(
                answer,
                "device %s joined search %s%s"
                        .formatted(
                                device,
                                id,
                                joining.path("state").asText().equals("IMPORTED")
                                        ? ""
                                        : "; what it lacks is measured by its agent, once that runs"));
        return 0;
    }

    @Command(name = "cancel", description = "End a search for good.")
    int cancel(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "SEARCH", description = "id or name") String idOrName) {
        return change(server, idOrName, "cancel", "cancelled");
    }

    @Command(name = "pause", description = "Stop a search after what runs now.")
    int pause(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "SEARCH", description = "id or name") String idOrName) {
        return change(server, idOrName, "pause", "paused");
    }

    @Command(name = "resume", description = "Let a paused search go on.")
    int resume(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "SEARCH", description = "id or name") String idOrName) {
        return change(server, idOrName, "resume", "resumed");
    }

    private static int change(ServerOptions server, String idOrName, String call, String done) {
        var orchestrator = server.orchestrator();
        var id = orchestrator.find("/api/searches", idOrName).path("id").asText();
        var answer = orchestrator.post("/api/searches/" + id + "/" + call, Map.of());
        server.print(answer, "search " + id + " is " + done);
        return 0;
    }
}
