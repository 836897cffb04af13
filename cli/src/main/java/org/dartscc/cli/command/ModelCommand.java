package org.dartscc.cli.command;

import java.math.MathContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import org.dartscc.cli.FailureException;
import org.dartscc.cli.rest.Orchestrator;
import org.dartscc.cli.rest.Progress;
import org.dartscc.cli.rest.RefusedException;
import org.dartscc.cli.rest.Watch;

@Command(
        name = "model",
        description = "Make, look at and download trained, verified ONNX models.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  dartscc model export --architecture A --wait",
            "  dartscc model show M",
            "  dartscc model download M --out shirt.onnx"
        })
final class ModelCommand extends CommandGroup {
    private static final int DIGITS = 4;

    @Command(name = "export", description = "Make the model of an architecture: finalise, export, verify, time.")
    int export(
            @Mixin ServerOptions server,
            @Option(names = "--architecture", required = true, paramLabel = "ID", description = "its id")
                    String architecture,
            @Option(
                            names = "--fine-tune-epochs",
                            defaultValue = "0",
                            paramLabel = "N",
                            description = "extra training of this one network; default: ${DEFAULT-VALUE}")
                    int fineTuneEpochs,
            @Option(names = "--wait", description = "follow it until it is ready; exit code 1 when it failed")
                    boolean wait)
            throws InterruptedException {
        if (fineTuneEpochs < 0) {
            throw server.wrongUse("--fine-tune-epochs is at least 0, not " + fineTuneEpochs);
        }
        var orchestrator = server.orchestrator();
        var model = orchestrator.post(
                "/api/architectures/" + Orchestrator.encoded(architecture) + "/models",
                Map.of("fineTuneEpochs", fineTuneEpochs));
        var id = model.path("id").asText();
        server.print(model, "model " + id + " was requested");
        if (!wait) {
            return 0;
        }
        var last = new Watch(orchestrator, Duration.ofMillis(500))
                .modelUntilSettled(id, now -> server.print(now, Progress.line(now)));
        if (!server.json()) {
            server.print(last, description(orchestrator, last));
        }
        return last.path("state").asText().equals("READY") ? 0 : 1;
    }

    @Command(name = "show", description = "A model: latency, accuracy, parity, provenance.")
    int show(@Mixin ServerOptions server, @Parameters(paramLabel = "MODEL", description = "its id") String id) {
        var orchestrator = server.orchestrator();
        var model = orchestrator.get("/api/models/" + Orchestrator.encoded(id));
        server.print(model, server.json() ? "" : description(orchestrator, model));
        return 0;
    }

    private static String description(Orchestrator orchestrator, JsonNode model) {
        var text = new StringBuilder("model %s: %s".formatted(model.path("id").asText(), Progress.line(model)));
        model.properties().forEach(field -> {
            if (field.getValue().isValueNode()
                    && !field.getValue().isNull()
                    && !field.getKey().equals("id")) {
                var value = field.getKey().equals("device")
                        ? name(orchestrator, field.getValue().asText())
                        : readable(field.getValue());
                text.append("%n  %-24s %s".formatted(field.getKey(), value));
            }
        });
        var attempts = model.path("provenance").path("attempts");
        // The last one is what all of the above tells.
        for (int i = 0; i < attempts.size() - 1; i++) {
            text.append(brokeTheBudget(attempts.get(i)));
        }
        return text.toString();
    }

    private static String brokeTheBudget(JsonNode attempt) {
        return "%n  before it, an architecture of %s us, as predicted, broke the budget: %s us were measured%s (%s)"
                .formatted(
                        readable(attempt.path("predictedLatencyMicros")),
                        readable(attempt.path("measuredP50Micros")),
                        attempt.path("energyMicrojoules").isNumber()
                                ? " and " + readable(attempt.path("energyMicrojoules")) + " uJ"
                                : "",
                        attempt.path("genotype").asText());
    }

    /** A device that was deleted since has no name any more. */
    private static String name(Orchestrator orchestrator, String device) {
        try {
            return orchestrator
                    .get("/api/devices/" + Orchestrator.encoded(device))
                    .path("name")
                    .asText();
        } catch (RefusedException e) {
            return device;
        }
    }

    private static String readable(JsonNode value) {
        if (!value.isFloatingPointNumber()) {
            return value.asText();
        }
        var number = value.decimalValue();
        // Four digits, but no digit before the point is lost.
        int digits = Math.max(DIGITS, number.precision() - number.scale());
        return number.round(new MathContext(digits)).stripTrailingZeros().toPlainString();
    }

    @Command(name = "download", description = "Download a model's ONNX file; its digest is checked.")
    int download(
            @Mixin ServerOptions server,
            @Parameters(paramLabel = "MODEL", description = "its id") String id,
            @Option(names = "--out", paramLabel = "FILE", description = "default: MODEL.onnx here") Path out) {
        var orchestrator = server.orchestrator();
        var model = orchestrator.get("/api/models/" + Orchestrator.encoded(id));
        if (!model.path("state").asText().equals("READY")) {
            throw new FailureException("model " + id + " is not ready: " + Progress.line(model));
        }
        var target = out == null ? Path.of(id + ".onnx") : out;
        var sha256 = orchestrator.downloadModel(id, target);
        server.print(model, target + "  sha256 " + sha256);
        return 0;
    }
}
