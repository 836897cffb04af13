package org.dartscc.orchestrator.imported;

import java.util.List;

import org.dartscc.model.cost.Curve;

/**
 * Another device's table, fitted to a few whole networks of a new device: sum = fixedMicros + scale * sum of the other
 * device's operators, latency = the other device's curve of that, {@link Curve#scaled} like everything else. Among several devices the one with the
 * least error on networks left out is taken: on 13 devices of NAS-Bench-201 that predicted as well from ten networks as
 * weighting all devices, or each kind of operator.
 *
 * @param device the other one
 * @param marginShare root mean square of the relative errors on networks left out; a little too good, since the device
 *     was chosen by it
 */
record ScaledTable(String device, double fixedMicros, double scale, Curve curve, double marginShare) {
    /**
     * A known device.
     *
     * @param sumsMicros of the networks' operators on the device, in the order of the timings
     * @param curve of its table
     */
    record Candidate(String device, double[] sumsMicros, Curve curve) {}

    /** @param timingsMicros at least 3, all positive */
    static ScaledTable best(List<Candidate> candidates, double[] timingsMicros) {
        ScaledTable best = null;
        for (var candidate : candidates) {
            var fitted = fit(candidate, timingsMicros);
            best = best == null || fitted.marginShare < best.marginShare ? fitted : best;
        }
        return best;
    }

    private static ScaledTable fit(Candidate candidate, double[] timings) {
        double squares = 0;
        for (int left = 0; left < timings.length; left++) {
            var fit = Fit.of(candidate, timings, left);
            double error = fit.at(candidate.sumsMicros[left]) / timings[left] - 1;
            squares += error * error;
        }
        var fit = Fit.of(candidate, timings, -1);
        return new ScaledTable(candidate.device, fit.fixed, fit.scale, fit.curve, Math.sqrt(squares / timings.length));
    }

    /** Least squares of relative errors; neither the fixed part nor the scale is negative. */
    private record Fit(double fixed, double scale, Curve curve) {
        private static final int MOST_PASSES = 50;
        private static final double SETTLED = 1e-12;

        /**
         * The curve depends on the scale and the scale on the curve: they settle within some passes, unless a timing near the knee
         * keeps changing sides; the error on networks left out judges what comes out. */
        static Fit of(Candidate candidate, double[] timings, int without) {
            var fit = under(Curve.STRAIGHT, candidate.sumsMicros, timings, without);
            for (int pass = 0; pass < MOST_PASSES && fit.scale > 0 && candidate.curve.bend() > 0; pass++) {
                double before = fit.scale;
                fit = under(candidate.curve.scaled(before), candidate.sumsMicros, timings, without);
                if (Math.abs(fit.scale / before - 1) < SETTLED) {
                    break;
                }
            }
            return fit;
        }

        private static Fit under(Curve curve, double[] x, double[] timings, int without) {
            double w = 0;
            double wx = 0;
            double wxx = 0;
            double wy = 0;
            double wxy = 0;
            for (int i = 0; i < timings.length; i++) {
                if (i == without) {
                    continue;
                }
                double y = curve.sumOf(timings[i]);
                double slope = curve.slopeAt(timings[i]) / timings[i];
                double weight = slope * slope;
                w += weight;
                wx += weight * x[i];
                wxx += weight * x[i] * x[i];
                wy += weight * y;
                wxy += weight * x[i] * y;
            }
            double determinant = w * wxx - wx * wx;
            // Networks of one cost tell nothing of a fixed part.
            double scale = determinant > 1e-9 * w * wxx ? (w * wxy - wx * wy) / determinant : wxy / wxx;
            double fixed = (wy - scale * wx) / w;
            if (fixed < 0) {
                return new Fit(0, wxy / wxx, curve);
            }
            return scale < 0 ? new Fit(wy / w, 0, curve) : new Fit(fixed, scale, curve);
        }

        double at(double x) {
            return curve.latencyOf(fixed + scale * x);
        }
    }
}
