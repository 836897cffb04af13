package org.dartscc.cli.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import org.dartscc.cli.WrongInputException;
import org.dartscc.cli.rest.Orchestrator;
import org.dartscc.cli.rest.RefusedException;

@Command(
        name = "architecture",
        description = "Ask a search for the best architecture under a budget.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  dartscc architecture request --search S --device ort-cpu --budget-ms 0.4",
            "  dartscc architecture request --search S --device ort-cpu --budget-ms 1 --file-kb 200 --peak-memory-kb 64"
        })
final class ArchitectureCommand extends CommandGroup {
    private static final double MICROS_PER_MILLI = 1000;
    private static final double BYTES_PER_KB = 1024;

    @Command(name = "request", description = "The best architecture for a device within a budget.")
    int request(
            @Mixin ServerOptions server,
            @Option(names = "--search", required = true, paramLabel = "SEARCH", description = "id or name")
                    String search,
            @Option(names = "--device", required = true, paramLabel = "DEVICE", description = "id or name")
                    String device,
            @Option(names = "--budget-ms", paramLabel = "MS", description = "latency of one image, milliseconds")
                    Double millis,
            @Option(
                            names = {"--parameters", "--max-parameters"},
                            paramLabel = "N",
                            description = "parameters at most")
                    Long parameters,
            @Option(
                            names = {"--macs", "--max-macs"},
                            paramLabel = "N",
                            description = "multiply-accumulates at most")
                    Long macs,
            @Option(names = "--file-kb", paramLabel = "KB", description = "size of the ONNX file, in 1024 bytes")
                    Double fileKb,
            @Option(
                            names = "--peak-memory-kb",
                            paramLabel = "KB",
                            description = "activations alive at once, batch 1, in 1024 bytes")
                    Double peakKb,
            @Option(
                            names = "--energy-uj",
                            paramLabel = "UJ",
                            description = "energy of one image, microjoules; known after a first model, on hosts with"
                                    + " RAPL counters")
                    Double microjoules) {
        var budget = new LinkedHashMap<String, Object>();
        if (millis != null) {
            budget.put("latencyMicros", positive(server, "--budget-ms", millis) * MICROS_PER_MILLI);
        }
        if (parameters != null) {
            budget.put("parameters", (long) positive(server, "--parameters", parameters));
        }
        if (macs != null) {
            budget.put("macs", (long) positive(server, "--macs", macs));
        }
        if (fileKb != null) {
            budget.put("fileBytes", bytes(server, "--file-kb", fileKb));
        }
        if (peakKb != null) {
            budget.put("peakActivationBytes", bytes(server, "--peak-memory-kb", peakKb));
        }
        if (microjoules != null) {
            budget.put("energyMicrojoules", positive(server, "--energy-uj", microjoules));
        }
        if (budget.isEmpty()) {
            throw server.wrongUse(
                    "say a budget: --budget-ms, --parameters, --macs, --file-kb, --peak-memory-kb or --energy-uj");
        }
        var orchestrator = server.orchestrator();
        var searchId = orchestrator.find("/api/searches", search).path("id").asText();
        var deviceId = orchestrator.find("/api/devices", device).path("id").asText();
        var answer = ask(orchestrator, searchId, Map.of("device", deviceId, "budget", budget));
        server.print(
                answer,
                Json.note(answer)
                        + "architecture %s%npredicted %.1f us, estimated accuracy %.1f %%, %d parameters, %d MACs%n%.1f KB file, %.1f KB of activations at most%n%s%nits model: %s"
                                .formatted(
                                        answer.path("id").asText(),
                                        answer.path("predictedLatencyMicros").asDouble(),
                                        100 * answer.path("estimatedAccuracy").asDouble(),
                                        answer.path("parameters").asLong(),
                                        answer.path("macs").asLong(),
                                        answer.path("fileBytes").asLong() / BYTES_PER_KB,
                                        answer.path("peakActivationBytes").asLong() / BYTES_PER_KB,
                                        answer.path("genotype").asText(),
                                        "dartscc model export --architecture "
                                                + answer.path("id").asText()));
        return 0;
    }

    private static JsonNode ask(Orchestrator orchestrator, String searchId, Map<String, Object> order) {
        try {
            return orchestrator.post("/api/searches/" + searchId + "/architectures", order);
        } catch (RefusedException e) {
            var smallest = e.problem().path("smallestFeasible");
            if (smallest.isEmpty()) {
                throw e;
            }
            throw new WrongInputException(tooSmall(smallest), e);
        }
    }

    /** In the words that the user typed; rounded up, so that they can be typed. */
    private static String tooSmall(JsonNode smallest) {
        var limits = new ArrayList<String>();
        add(limits, smallest.path("latencyMicros"), "--budget-ms %.4f", MICROS_PER_MILLI, 1e4);
        add(limits, smallest.path("parameters"), "--parameters %.0f", 1, 1);
        add(limits, smallest.path("macs"), "--macs %.0f", 1, 1);
        add(limits, smallest.path("fileBytes"), "--file-kb %.2f", BYTES_PER_KB, 1e2);
        add(limits, smallest.path("peakActivationBytes"), "--peak-memory-kb %.2f", BYTES_PER_KB, 1e2);
        add(limits, smallest.path("energyMicrojoules"), "--energy-uj %.2f", 1, 1e2);
        return limits.size() == 1
                ? "no architecture keeps this budget; the smallest that one keeps is " + limits.get(0)
                : "no architecture keeps these limits together; raise some of them, at most to "
                        + String.join(" ", limits);
    }

    private static void add(List<String> limits, JsonNode limit, String option, double unit, double digits) {
        if (limit.isNumber()) {
            limits.add(String.format(Locale.ROOT, option, Math.ceil(limit.asDouble() / unit * digits) / digits));
        }
    }

    private static long bytes(ServerOptions server, String option, Double kb) {
        return Math.max(1, (long) (positive(server, option, kb) * BYTES_PER_KB));
    }

    private static double positive(ServerOptions server, String option, Number value) {
        if (value.doubleValue() > 0 && Double.isFinite(value.doubleValue())) {
            return value.doubleValue();
        }
        throw server.wrongUse(option + " is a number above 0, not " + value);
    }
}
