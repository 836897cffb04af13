package org.dartscc.agent.probe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

import org.dartscc.model.turn.MachineTurn;

/**
 * The measurement protocol for machines that are never quiet: shuffled rounds of short blocks, the reference operator
 * before and after each, so that a disturbance hits all specimens alike and is seen; a specimen leaves once it is known
 * precisely enough. The machine is held for some tens of milliseconds at a time, and rounds may be told to stay apart.
 */
final class Rounds {
    private static final long REFERENCE_NANOS = 1_500_000;
    private static final long TURN_NANOS = 30_000_000;
    private static final int WARM_UP_TURNS = 6;

    private final MachineTurn machine;
    private final Time time;
    private final BooleanSupplier stopped;
    private final Run referenceRun;
    private final Reference reference;
    private final Rhythm rhythm;
    private final Random shuffle = new Random(1);
    private long heldNanos;
    private long startNanos;

    Rounds(
            MachineTurn machine,
            Time time,
            BooleanSupplier stopped,
            Run referenceRun,
            Reference reference,
            Rhythm rhythm) {
        this.machine = machine;
        this.time = time;
        this.stopped = stopped;
        this.referenceRun = referenceRun;
        this.reference = reference;
        this.rhythm = rhythm;
    }

    /**
     * Estimates in the order of the specimens.
     *
     * @throws CancellationException when it was told to stop
     */
    List<Estimate> measure(List<Specimen> specimens) {
        Map<Specimen, List<Sample>> samples = new IdentityHashMap<>();
        specimens.forEach(s -> samples.put(s, new ArrayList<>()));
        var open = new ArrayList<>(specimens);
        heldNanos = 0;
        startNanos = time.nanos();
        long roundStart = startNanos;
        for (int round = 0; !open.isEmpty() && round < rhythm.maxRounds() && !outOfTime(round); round++) {
            if (round > 0) {
                time.rest(rhythm.apart().toNanos() - (time.nanos() - roundStart));
            }
            Collections.shuffle(open, shuffle);
            roundStart = time.nanos();
            round(open, samples);
            if (round + 1 >= rhythm.minRounds()) {
                open.removeIf(s -> settled(s, samples.get(s)));
            }
        }
        return specimens.stream()
                .map(s -> Estimate.of(samples.get(s), s.cost(), reference))
                .toList();
    }

    /** Runs the reference operator until the JVM has compiled the way to the runtime; nothing is counted. */
    void warmUp() {
        for (int turns = 0; turns < WARM_UP_TURNS; turns++) {
            try (var turn = machine.take()) {
                Block.of(referenceRun, TURN_NANOS, time);
            }
        }
    }

    /** Even out of time, everything is looked at often enough to tell an outlier. */
    private boolean outOfTime(int round) {
        return round >= rhythm.minRounds() / 2
                && (heldNanos >= rhythm.limit().toNanos()
                        || time.nanos() - startNanos >= rhythm.longest().toNanos());
    }

    private void round(List<Specimen> open, Map<Specimen, List<Sample>> samples) {
        int next = 0;
        while (next < open.size()) {
            if (stopped.getAsBoolean()) {
                throw new CancellationException("the measurement was stopped");
            }
            try (var turn = machine.take()) {
                long start = time.nanos();
                double before = referenceMicros();
                do {
                    var specimen = open.get(next++);
                    var sample = sample(specimen, before);
                    samples.get(specimen).add(sample);
                    before = sample.after();
                } while (next < open.size() && time.nanos() - start < TURN_NANOS);
                heldNanos += time.nanos() - start;
            }
        }
    }

    private Sample sample(Specimen specimen, double before) {
        var blocks = specimen.runs().stream()
                .map(run -> Block.of(run, rhythm.block().toNanos(), time))
                .toList();
        double after = referenceMicros();
        return new Sample(
                blocks.stream().mapToDouble(Block::median).toArray(),
                blocks.stream().mapToDouble(Block::p90).toArray(),
                blocks.stream().mapToInt(Block::runs).sum(),
                before,
                after);
    }

    private double referenceMicros() {
        double micros = Block.of(referenceRun, REFERENCE_NANOS, time).median();
        reference.add(micros);
        return micros;
    }

    private boolean settled(Specimen specimen, List<Sample> samples) {
        var estimate = Estimate.of(samples, specimen.cost(), reference);
        return estimate.quiet()
                && estimate.samples() >= rhythm.minRounds() / 2
                && estimate.confidenceMicros()
                        <= Math.max(rhythm.precision() * estimate.medianMicros(), rhythm.precisionMicros());
    }
}
