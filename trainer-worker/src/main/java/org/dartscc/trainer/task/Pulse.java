package org.dartscc.trainer.task;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Whether a task is under way, and when it last showed a sign of life. */
final class Pulse {
    /** A download of a data set shows no sign until it is done. */
    private static final long STUCK_AFTER_NANOS = Duration.ofMinutes(45).toNanos();

    private final LongSupplier nanoTime;
    private boolean busy;
    private long lastBeat;

    Pulse(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** The task is under way until this is closed. */
    interface Busy extends AutoCloseable {
        @Override
        void close();
    }

    synchronized Busy begin() {
        busy = true;
        beat();
        return this::end;
    }

    private synchronized void end() {
        busy = false;
        notifyAll();
    }

    synchronized void beat() {
        lastBeat = nanoTime.getAsLong();
    }

    synchronized boolean isStuck() {
        return busy && nanoTime.getAsLong() - lastBeat > STUCK_AFTER_NANOS;
    }

    /** Waits until no task is under way; false when that takes longer. */
    synchronized boolean awaitIdle(long timeout, TimeUnit unit) throws InterruptedException {
        long end = System.nanoTime() + unit.toNanos(timeout);
        while (busy) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }
}
