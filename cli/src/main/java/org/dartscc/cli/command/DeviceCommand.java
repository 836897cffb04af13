package org.dartscc.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import org.dartscc.cli.FailureException;
import org.dartscc.cli.WrongInputException;
import org.dartscc.cli.local.DataFolder.LocalDevice;
import org.dartscc.cli.local.ForegroundAgent;
import org.dartscc.cli.local.Installation;
import org.dartscc.cli.rest.Orchestrator;

@Command(
        name = "device",
        description = "Register or import devices, look at their costs, run an agent.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  dartscc device register kitchen-pi --description \"Raspberry Pi 5\"",
            "  dartscc device import --name pixel-3 --lut fbnet_blocks_pixel3.json",
            "  dartscc device import --name my-phone --timings ten-networks.csv --search S",
            "  dartscc device show kitchen-pi",
            "  dartscc device coverage pixel-3 --space fbnet --image 3x32x32",
            "  dartscc device agent kitchen-pi"
        })
final class DeviceCommand extends CommandGroup {
    private static final String USUAL_PROFILE = "ort-cpu";

    @Command(name = "register", description = "Register a device; its token is shown only now.")
    int register(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "NAME", description = "how you call the device") String name,
            @Option(names = "--description", paramLabel = "TEXT", description = "what it is") String description,
            @Option(
                            names = "--profile",
                            paramLabel = "PROFILE",
                            defaultValue = USUAL_PROFILE,
                            description = "how its agent runs models; default: ${DEFAULT-VALUE}")
                    String profile)
            throws InterruptedException {
        if (!profile.equals(USUAL_PROFILE)) {
            var unknown = ForegroundAgent.unknownProfile(Installation.current(), List.of(profile));
            if (unknown.isPresent()) {
                throw server.wrongUse(unknown.get());
            }
        }
        var body = new LinkedHashMap<String, Object>(Map.of("name", name));
        if (description != null) {
            body.put("description", description);
        }
        var orchestrator = server.orchestrator();
        requireNewName(orchestrator, name);
        var answer = orchestrator.post("/api/devices", body);
        var device = new LocalDevice(
                answer.path("id").asText(), name, answer.path("token").asText(), profile);
        server.data().remember(device);
        server.print(
                answer,
                "device %s is registered as %s%ntoken %s%nkept for \"dartscc device agent %s\" in %s"
                        .formatted(
                                name,
                                device.id(),
                                device.token(),
                                name,
                                server.data().path()));
        return 0;
    }

    /** Ids tell devices apart; commands call them by name. */
    private static void requireNewName(Orchestrator orchestrator, String name) {
        for (var device : orchestrator.get("/api/devices")) {
            if (device.path("name").asText().equals(name)) {
                throw new WrongInputException("there is a device named %s already (%s); choose another name"
                        .formatted(name, device.path("id").asText()));
            }
        }
    }

    @Command(
            name = "import",
            description = "Register a device that has no agent, from a published table of its operators' latencies,"
                    + " or from a few whole networks that were timed on it.")
    int importTable(
            @Mixin ServerOptions server,
            @Option(names = "--name", required = true, paramLabel = "NAME", description = "how you call the device")
                    String name,
            @Option(names = "--lut", paramLabel = "FILE", description = "the table, or") Path file,
            @Option(
                            names = "--timings",
                            paramLabel = "FILE",
                            description = "3 to 100 lines GENOTYPE;MICROS of networks of a search's space")
                    Path timings,
            @Option(names = "--search", paramLabel = "SEARCH", description = "with --timings: id or name")
                    String search,
            @Option(
                            names = "--format",
                            paramLabel = "FORMAT",
                            defaultValue = "auto",
                            description = "auto, fbnet, proxylessnas, tfnas, dartscc-csv or dartscc-json;"
                                    + " default: ${DEFAULT-VALUE}")
                    String format,
            @Option(names = "--entry", paramLabel = "NAME", description = "which device of a file of several")
                    String entry,
            @Option(names = "--description", paramLabel = "TEXT", description = "what it is") String description) {
        if ((file == null) == (timings == null) || (timings == null) != (search == null)) {
            throw server.wrongUse("say --lut, or --timings and --search");
        }
        var body = new LinkedHashMap<String, Object>(Map.of("name", name));
        if (description != null) {
            body.put("description", description);
        }
        var orchestrator = server.orchestrator();
        if (file != null) {
            var table = new LinkedHashMap<String, Object>(Map.of("format", format, "content", text(file)));
            if (entry != null) {
                table.put("entry", entry);
            }
            body.put("table", table);
        } else {
            body.put("timings", timings(orchestrator, search, timings));
        }
        var registered = orchestrator.post("/api/devices", body);
        var device = orchestrator.get("/api/devices/" + registered.path("id").asText());
        server.print(
                device,
                "device %s is registered as %s, with %d operators%n%s"
                        .formatted(
                                name,
                                device.path("id").asText(),
                                device.path("measuredOperators").asInt(),
                                origin(device)));
        return 0;
    }

    @Command(
            name = "timings",
            description = "Infer the costs of a registered device from a few whole networks that were timed on it.")
    int timings(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "DEVICE", description = "id or name") String idOrName,
            @Option(
                            names = "--timings",
                            required = true,
                            paramLabel = "FILE",
                            description = "3 to 100 lines GENOTYPE;MICROS of networks of the search's space")
                    Path file,
            @Option(names = "--search", required = true, paramLabel = "SEARCH", description = "id or name")
                    String search) {
        var orchestrator = server.orchestrator();
        var id = orchestrator.find("/api/devices", idOrName).path("id").asText();
        orchestrator.post("/api/devices/" + id + "/timings", timings(orchestrator, search, file));
        var device = orchestrator.get("/api/devices/" + id);
        server.print(device, origin(device));
        return 0;
    }

    /** A genotype has commas itself, so that a semicolon, or the last comma, stands before its latency. */
    private static Map<String, Object> timings(Orchestrator orchestrator, String search, Path file) {
        var timings = new ArrayList<Map<String, Object>>();
        int number = 0;
        for (var line : text(file).lines().toList()) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int end = Math.max(line.lastIndexOf(';'), line.lastIndexOf(','));
            try {
                timings.add(Map.of(
                        "genotype",
                        line.substring(0, end).strip(),
                        "micros",
                        Double.parseDouble(line.substring(end + 1).strip())));
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                throw new WrongInputException("line %d of %s is not GENOTYPE;MICROS: %s".formatted(number, file, line));
            }
        }
        var id = orchestrator.find("/api/searches", search).path("id").asText();
        return Map.of("search", id, "timings", timings);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new WrongInputException("the table " + file + " can't be read: " + e.getMessage(), e);
        }
    }

    /** Where costs come from that no agent measured, with what there is to know of them. */
    private static String origin(JsonNode device) {
        var origin = device.path("origin");
        var text = new StringBuilder("%s: %s"
                .formatted(
                        origin.path("kind").asText().toLowerCase(Locale.ROOT),
                        origin.path("source").asText()));
        origin.path("fixedMicros")
                .properties()
                .forEach(fixed -> text.append("%n  fixed part of %s: %.1f us"
                        .formatted(fixed.getKey(), fixed.getValue().asDouble())));
        origin.path("notes").forEach(note -> text.append("%n  %s".formatted(note.asText())));
        return text.toString();
    }

    @Command(name = "coverage", description = "What a device's costs lack of a space; nothing, and it is served.")
    int coverage(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "DEVICE", description = "id or name") String idOrName,
            @Option(names = "--space", required = true, paramLabel = "SPACE", description = "as in search start")
                    String space,
            @Option(names = "--image", required = true, paramLabel = "CxHxW", description = "as 3x32x32")
                    String image) {
        var orchestrator = server.orchestrator();
        var id = orchestrator.find("/api/devices", idOrName).path("id").asText();
        var coverage = orchestrator.get("/api/devices/%s/coverage?space=%s&image=%s"
                .formatted(id, Orchestrator.encoded(space), Orchestrator.encoded(image)));
        var text = new StringBuilder("%d of %d operators of %s on %s"
                .formatted(
                        coverage.path("measured").asInt(),
                        coverage.path("total").asInt(),
                        space,
                        image));
        coverage.path("missing").forEach(signature -> text.append("%n  missing %s".formatted(signature.asText())));
        server.print(coverage, text.toString());
        return 0;
    }

    @Command(name = "list", description = "All devices.")
    int list(@Mixin ServerOptions server) {
        var devices = server.orchestrator().get("/api/devices");
        var table = new TextTable("ID", "NAME", "STATE", "LAST SEEN", "RUNTIME");
        devices.forEach(device -> table.row(
                device.path("id").asText(),
                device.path("name").asText(),
                device.path("state").asText(),
                device.path("lastSeen").asText("never"),
                runtime(device)));
        server.print(devices, table.text());
        return 0;
    }

    @Command(name = "show", description = "A device and what was measured on it, the costliest first.")
    int show(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "DEVICE", description = "id or name") String idOrName) {
        var orchestrator = server.orchestrator();
        var device = orchestrator.find("/api/devices", idOrName);
        var costs = orchestrator.get("/api/devices/" + device.path("id").asText() + "/costs");
        if (server.json()) {
            server.print(costs, "");
            return 0;
        }
        server.print(
                device,
                "%s (%s)%n%s, last seen %s%nruntime %s%n%s%n%s"
                        .formatted(
                                device.path("name").asText(),
                                device.path("id").asText(),
                                device.path("state").asText(),
                                device.path("lastSeen").asText("never"),
                                runtime(device),
                                device.path("origin").isObject() ? origin(device) + System.lineSeparator() : "",
                                costTable(costs)));
        return 0;
    }

    private static String costTable(JsonNode costs) {
        var operators = costs.isArray() ? costs : costs.path("operators");
        var table = new TextTable("OPERATOR", "MEDIAN us", "SPREAD us", "SAMPLES", "VERSION", "MEASURED");
        Json.stream(operators)
                .sorted((a, b) -> Double.compare(
                        b.path("medianMicros").asDouble(),
                        a.path("medianMicros").asDouble()))
                .forEach(cost -> table.row(
                        cost.path("signature").asText(),
                        "%.2f".formatted(cost.path("medianMicros").asDouble()),
                        "%.2f".formatted(cost.path("spreadMicros").asDouble()),
                        cost.path("samples").asText(),
                        cost.path("version").asText(),
                        cost.path("measuredAt").asText()));
        return table.text();
    }

    private static String runtime(JsonNode device) {
        var fingerprint = device.path("fingerprint");
        return fingerprint.isObject()
                ? "%s, %s, %s%s"
                        .formatted(
                                fingerprint.path("profile").asText(),
                                fingerprint.path("runtime").asText(),
                                threadsAndBatch(fingerprint),
                                fingerprint.path("cpu").asText())
                : "not measured yet";
    }

    /** Nobody knows them of imported costs. */
    private static String threadsAndBatch(JsonNode fingerprint) {
        int threads = fingerprint.path("threads").asInt();
        return threads == 0
                ? ""
                : "%d thread%s, batch %d, "
                        .formatted(
                                threads,
                                threads == 1 ? "" : "s",
                                fingerprint.path("batch").asInt());
    }

    @Command(name = "profiles", description = "Ways to run models on this machine, and which are available here.")
    int profiles() throws InterruptedException {
        return ForegroundAgent.profiles(Installation.current());
    }

    @Command(name = "agent", description = "Measure on this machine as the device, until Ctrl-C.")
    int agent(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "DEVICE", description = "name of the device, as registered") String name,
            @Option(
                            names = "--device-token",
                            paramLabel = "TOKEN",
                            description = "default: DARTSCC_DEVICE_TOKEN, else what \"device register\" kept here")
                    String token,
            @Option(
                            names = "--profile",
                            paramLabel = "PROFILE",
                            description = "how models are run, see \"dartscc device profiles\"; default: as registered")
                    String profile)
            throws InterruptedException {
        var kept = server.data().devices().stream()
                .filter(device -> device.name().equals(name))
                .reduce((first, second) -> second);
        var secret = Optional.ofNullable(token)
                .or(() -> Optional.ofNullable(System.getenv("DARTSCC_DEVICE_TOKEN")))
                .or(() -> kept.map(LocalDevice::token))
                .orElseThrow(() ->
                        new FailureException("the token of device " + name + " is not known here; say --device-token"));
        var chosen = profile != null ? profile : kept.map(LocalDevice::profile).orElse("ort-cpu");
        return ForegroundAgent.run(
                Installation.current(),
                server.url(),
                new LocalDevice(name, name, secret, chosen),
                server.isLocal() ? Optional.of(server.data()) : Optional.empty());
    }
}
