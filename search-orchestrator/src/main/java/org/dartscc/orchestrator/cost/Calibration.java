package org.dartscc.orchestrator.cost;

import java.util.ArrayList;
import java.util.List;

/**
 * What makes sums of single operators into latencies of whole networks: latency = fixedMicros + scale * sum. Least
 * squares of relative errors with fixedMicros ≥ 0 and the scale shrunk towards 1, since few networks of one host tell
 * little about a slope.
 *
 * @param marginShare root mean square of the relative errors on networks left out of the fit
 */
record Calibration(double fixedMicros, double scale, double marginShare) {
    /** Without networks: the plain sum, and a margin that says that nobody checked it. */
    static final Calibration NONE = new Calibration(0, 1, .1);

    private static final int FEWEST_FOR_SCALE = 3;
    private static final double RIDGE = .02;
    private static final double LARGEST_MARGIN = .5;

    /** @param sumMicros of the network's operators; {@code measuredMicros} of the network itself */
    record Sample(double sumMicros, double measuredMicros) {}

    static Calibration fit(List<Sample> samples) {
        var usable = samples.stream().filter(s -> s.measuredMicros() > 0).toList();
        if (usable.isEmpty()) {
            return NONE;
        }
        var fit = withoutMargin(usable);
        return new Calibration(fit.fixedMicros, fit.scale, usable.size() < 2 ? NONE.marginShare : leaveOneOut(usable));
    }

    private static Calibration withoutMargin(List<Sample> samples) {
        return samples.size() < FEWEST_FOR_SCALE ? fixedOnly(samples) : fixedAndScale(samples);
    }

    private static Calibration fixedOnly(List<Sample> samples) {
        double mean = samples.stream()
                .mapToDouble(s -> s.measuredMicros() - s.sumMicros())
                .average()
                .orElse(0);
        return new Calibration(Math.max(0, mean), 1, 0);
    }

    /** Minimises sum of ((fixed + scale x - y) / y)^2 + RIDGE (scale - 1)^2 under fixed ≥ 0, scale ≥ 0. */
    private static Calibration fixedAndScale(List<Sample> samples) {
        double w = 0;
        double wx = 0;
        double wxx = RIDGE;
        double wy = 0;
        double wxy = RIDGE;
        for (var s : samples) {
            double weight = 1 / (s.measuredMicros() * s.measuredMicros());
            w += weight;
            wx += weight * s.sumMicros();
            wxx += weight * s.sumMicros() * s.sumMicros();
            wy += weight * s.measuredMicros();
            wxy += weight * s.sumMicros() * s.measuredMicros();
        }
        double determinant = w * wxx - wx * wx;
        double scale = (w * wxy - wx * wy) / determinant;
        double fixed = (wy - scale * wx) / w;
        if (fixed < 0) {
            return new Calibration(0, wxy / wxx, 0);
        }
        return scale < 0 ? new Calibration(wy / w, 0, 0) : new Calibration(fixed, scale, 0);
    }

    private static double leaveOneOut(List<Sample> samples) {
        double squares = 0;
        for (int i = 0; i < samples.size(); i++) {
            var rest = new ArrayList<>(samples);
            var left = rest.remove(i);
            var fit = withoutMargin(rest);
            double predicted = fit.fixedMicros + fit.scale * left.sumMicros();
            double error = (predicted - left.measuredMicros()) / left.measuredMicros();
            squares += error * error;
        }
        return Math.min(LARGEST_MARGIN, Math.sqrt(squares / samples.size()));
    }
}
