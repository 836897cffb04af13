package org.dartscc.agent.probe;

import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/** The time that passes while something is measured; tests have their own. */
interface Time {
    Time REAL = new Time() {
        @Override
        public long nanos() {
            return System.nanoTime();
        }

        @Override
        public void rest(long nanos) {
            try {
                TimeUnit.NANOSECONDS.sleep(nanos);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while measuring");
            }
        }
    };

    /** Nanoseconds from anywhere. */
    long nanos();

    /** Lets others have the machine for so long; nothing for a time that is not positive. */
    void rest(long nanos);
}
