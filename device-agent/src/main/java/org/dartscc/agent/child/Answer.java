package org.dartscc.agent.child;

import java.util.Collection;
import java.util.List;

import org.dartscc.agent.probe.Energy;
import org.dartscc.agent.probe.Estimate;
import org.dartscc.agent.probe.Reading;

/**
 * What the process measured, one line of JSON.
 *
 * @param results in the order of what was asked for
 * @param loadMicros of a model, see {@link org.dartscc.agent.probe.ModelReading}; 0 for others
 * @param energy of an inference of a model; null for others
 * @param referenceMicros of the reference operator, as the process knows it now
 * @param openSessions that are open after the measurement
 */
record Answer(List<Result> results, double loadMicros, Energy energy, double referenceMicros, int openSessions) {

    /** One reading: an estimate, or else the reason why there is none. */
    record Result(Estimate estimate, String reason) {

        static Result of(Reading reading) {
            return reading instanceof Reading.Measured measured
                    ? new Result(measured.estimate(), null)
                    : new Result(null, ((Reading.NotMeasured) reading).reason());
        }

        Reading reading() {
            return estimate == null ? new Reading.NotMeasured(reason) : new Reading.Measured(estimate);
        }
    }

    static List<Result> results(Collection<Reading> readings) {
        return readings.stream().map(Result::of).toList();
    }
}
