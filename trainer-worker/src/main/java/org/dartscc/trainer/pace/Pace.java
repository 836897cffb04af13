package org.dartscc.trainer.pace;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import org.dartscc.model.turn.MachineTurn;

/**
 * The pace of a long task: its work is cut into short pieces, each in a turn of its own on the machine, so that devices
 * can be measured in between; it reports as it goes, and ends between two pieces when the worker is to stop.
 */
public final class Pace {
    private final MachineTurn turns;
    private final BooleanSupplier stopping;
    private final Listener listener;

    public Pace(MachineTurn turns, BooleanSupplier stopping, Listener listener) {
        this.turns = turns;
        this.stopping = stopping;
        this.listener = listener;
    }

    /** A pace that never waits, stops or reports. */
    public static Pace undisturbed() {
        return new Pace(MachineTurn.free(), () -> false, (what, done, total, loss) -> {});
    }

    /** Hears of every piece that was done. */
    @FunctionalInterface
    public interface Listener {
        /** @param loss null where there is none */
        void advanced(String what, int done, int total, Double loss);
    }

    /** The worker is stopping; the task has to be done again, by whoever. */
    public static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppedException() {
            super("the worker is stopping");
        }
    }

    /**
     * Does one piece in a turn of its own.
     *
     * @throws StoppedException instead, when the worker is to stop
     */
    public <T> T piece(Supplier<T> work) {
        if (stopping.getAsBoolean()) {
            throw new StoppedException();
        }
        try (var turn = turns.take()) {
            return work.get();
        }
    }

    public void report(String what, int done, int total, Double loss) {
        listener.advanced(what, done, total, loss);
    }
}
