package org.dartscc.agent.probe;

import java.util.function.DoubleUnaryOperator;

/** A machine whose time passes by resting and by running things on it, at a speed that depends on the time. */
final class SimulatedMachine implements Time {
    private final DoubleUnaryOperator slowness;
    private long nanos;

    /** @param slowness factor on every run, by the time in milliseconds */
    SimulatedMachine(DoubleUnaryOperator slowness) {
        this.slowness = slowness;
    }

    /** Something that takes that many microseconds on the machine at its best. */
    Run run(double micros) {
        return () -> nanos += Math.round(micros * 1_000 * slowness.applyAsDouble(nanos / 1e6));
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void rest(long rest) {
        nanos += Math.max(0, rest);
    }
}
