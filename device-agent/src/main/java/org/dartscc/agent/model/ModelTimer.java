package org.dartscc.agent.model;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import org.dartscc.agent.Json;
import org.dartscc.agent.probe.Probe;
import org.dartscc.agent.probe.Profile;
import org.dartscc.agent.probe.Reading;
import org.dartscc.model.network.Shape;
import org.dartscc.model.turn.MachineTurn;

/**
 * The child process that times one model, by the same protocol as the whole networks that predictions are calibrated
 * on. A model may crash it: that is what it is for. Arguments: file, profile, channels, height, width, time of the
 * reference operator in microseconds, folder of the machine's locks or nothing.
 */
final class ModelTimer {
    private static final int WITHOUT_LOCKS = 6;

    private ModelTimer() {}

    /** Prints a {@link ModelTiming}, or fails with the reason on standard error and status 1. */
    public static void main(String[] args) throws IOException {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var model = Files.readAllBytes(Path.of(args[0]));
        var image = new Shape(Integer.parseInt(args[2]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
        var turn = args.length > WITHOUT_LOCKS ? MachineTurn.in(Path.of(args[WITHOUT_LOCKS])) : MachineTurn.free();
        try (turn;
                var probe = new Probe(Profile.of(args[1]), turn, () -> false, Double.parseDouble(args[5]))) {
            var reading = probe.model(model, image);
            if (reading.reading() instanceof Reading.Measured measured) {
                var estimate = measured.estimate();
                out.println(Json.MAPPER.writeValueAsString(new ModelTiming(
                        estimate.medianMicros(),
                        estimate.p90Micros(),
                        reading.loadMicros(),
                        estimate.runs(),
                        estimate.quiet())));
            } else {
                System.err.println(((Reading.NotMeasured) reading.reading()).reason());
                System.exit(1);
            }
        }
    }
}
