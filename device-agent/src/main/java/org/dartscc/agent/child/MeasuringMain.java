package org.dartscc.agent.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.function.BooleanSupplier;

import org.dartscc.agent.Json;
import org.dartscc.agent.probe.Energy;
import org.dartscc.agent.probe.Probe;
import org.dartscc.agent.probe.Profile;
import org.dartscc.agent.probe.Reading;
import org.dartscc.model.turn.MachineTurn;

/**
 * The process that measures: all native code runs here. It may crash, that is what it is for. Arguments: profile, time
 * of the reference operator in microseconds, folder of the machine's locks or nothing. It says first what it measures
 * on, then answers orders line by line, and ends with its input: with the agent.
 */
final class MeasuringMain {
    /** Runtimes may print too: only lines with this in front are ours. */
    static final String MARK = "dartscc> ";

    private static final int WITHOUT_LOCKS = 2;

    private final Probe probe;

    private MeasuringMain(Probe probe) {
        this.probe = probe;
    }

    public static void main(String[] args) throws IOException {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (var turn = args.length > WITHOUT_LOCKS
                        ? MachineTurn.in(Path.of(args[WITHOUT_LOCKS]))
                        : MachineTurn.free();
                var probe = new Probe(Profile.of(args[0]), turn, withoutParent(), Double.parseDouble(args[1]))) {
            out.println(MARK + Json.MAPPER.writeValueAsString(probe.fingerprint()));
            var main = new MeasuringMain(probe);
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var answer = main.answer(Json.MAPPER.readValue(line, Order.class));
                out.println(MARK + Json.MAPPER.writeValueAsString(answer));
            }
        }
    }

    /** An agent that was killed waits for no answer: what is being measured stops between two turns. */
    private static BooleanSupplier withoutParent() {
        return ProcessHandle.current()
                .parent()
                .<BooleanSupplier>map(parent -> () -> !parent.isAlive())
                .orElse(() -> false);
    }

    private Answer answer(Order order) throws IOException {
        return switch (order.kind()) {
            case OPERATORS -> answer(probe.operators(order.operators()).values());
            case GLANCE -> answer(probe.glance(order.operators()).values());
            case ALONE -> answer(probe.alone(order.operators()).values());
            case NETWORKS ->
                answer(probe.networks(order.space().create(), order.networks()).values());
            case MODEL -> {
                var reading = probe.model(Files.readAllBytes(Path.of(order.file())), order.image());
                yield answer(List.of(reading.reading()), reading.loadMicros(), reading.energy());
            }
        };
    }

    private Answer answer(Collection<Reading> readings) {
        return answer(readings, 0, null);
    }

    private Answer answer(Collection<Reading> readings, double loadMicros, Energy energy) {
        return new Answer(Answer.results(readings), loadMicros, energy, probe.referenceMicros(), probe.openSessions());
    }
}
