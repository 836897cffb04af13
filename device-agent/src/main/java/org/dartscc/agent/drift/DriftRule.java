package org.dartscc.agent.drift;

import org.dartscc.agent.probe.Estimate;

/** Whether a second look at an operator shows that its cost has changed. */
enum DriftRule {
    /** Within what is known. */
    UNCHANGED,

    /** The operator's cost is another, and the machine's speed is not. */
    MOVED,

    /** The machine was slow as a whole, as the reference operator shows: nothing can be said of the device. */
    BUSY;

    static final double SHARE = .1;

    /** Below this, in microseconds, a share says nothing. */
    private static final double LEAST_MICROS = .3;

    static DriftRule judge(double knownMicros, Estimate now) {
        if (!now.quiet()) {
            return BUSY;
        }
        double moved = Math.abs(now.medianMicros() - knownMicros);
        boolean significant = moved > SHARE * knownMicros && moved > LEAST_MICROS && moved > 2 * now.confidenceMicros();
        return significant ? MOVED : UNCHANGED;
    }
}
