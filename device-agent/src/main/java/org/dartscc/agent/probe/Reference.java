package org.dartscc.agent.probe;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Times of the reference operator, in microseconds: they tell a busy machine from an operator that costs more. Its low
 * quantile is the machine at its best; a block beside a reference that is more than {@link #TOLERANCE} slower than that
 * was disturbed.
 */
final class Reference {
    static final double TOLERANCE = .06;

    /** Above this distance from the speed known before, the whole machine is slow, not just some blocks. */
    private static final double SLOW_MACHINE = .15;

    private static final int REMEMBERED = 2_048;
    private static final double LOW = .1;

    private final double known;
    private final Deque<Double> times = new ArrayDeque<>();

    /** @param known the operator's time on this device at its best as found earlier; infinite when it isn't known */
    Reference(double known) {
        this.known = known;
    }

    void add(double micros) {
        times.add(micros);
        if (times.size() > REMEMBERED) {
            times.remove();
        }
    }

    /** The reference operator's time while the machine is undisturbed. */
    double best() {
        if (times.isEmpty()) {
            return known;
        }
        double low = Quantiles.quantile(times, LOW);
        return low > known * (1 + SLOW_MACHINE) ? known : low;
    }

    boolean undisturbed(Sample sample) {
        return sample.worstReference() <= best() * (1 + TOLERANCE);
    }

    /** The typical time of undisturbed reference blocks, which disturbed samples are scaled to. */
    double typical() {
        double limit = best() * (1 + TOLERANCE);
        var undisturbed = times.stream().filter(t -> t <= limit).toList();
        return undisturbed.isEmpty() ? best() : Quantiles.median(undisturbed);
    }
}
