package org.dartscc.benchmarks.fidelity;

import org.dartscc.model.space.Genotype;

/**
 * One network, timed twice in sessions of its own. Times in microseconds.
 *
 * @param firstMicros what a calibration gets to see, as a device's only measurement would be
 * @param secondMicros the same again, after all networks had their first turn
 */
record Observation(Genotype genotype, double firstMicros, double secondMicros, long macs, long parameters) {

    /** What a prediction is judged by. */
    double truthMicros() {
        return (firstMicros + secondMicros) / 2;
    }
}
