package org.dartscc.orchestrator.imported;

import java.util.List;

/**
 * Another device's table, fitted to a few whole networks of a new device: latency = fixedMicros + scale * sum of the
 * other device's operators. Among several devices the one with the least error on networks left out is taken: on 13
 * devices of NAS-Bench-201 that predicted as well from ten networks as weighting all devices, or each kind of operator.
 *
 * @param device the other one
 * @param marginShare root mean square of the relative errors on networks left out; a little too good, since the device
 *     was chosen by it
 */
record ScaledTable(String device, double fixedMicros, double scale, double marginShare) {
    /** @param sumsMicros of the networks' operators on the device, in the order of the timings */
    record Candidate(String device, double[] sumsMicros) {}

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
            var line = Line.through(candidate.sumsMicros, timings, left);
            double error = line.at(candidate.sumsMicros[left]) / timings[left] - 1;
            squares += error * error;
        }
        var line = Line.through(candidate.sumsMicros, timings, -1);
        return new ScaledTable(candidate.device, line.fixed, line.scale, Math.sqrt(squares / timings.length));
    }

    /** The line of least squares of relative errors, neither part negative. */
    private record Line(double fixed, double scale) {
        static Line through(double[] x, double[] y, int without) {
            double w = 0;
            double wx = 0;
            double wxx = 0;
            double wy = 0;
            double wxy = 0;
            for (int i = 0; i < y.length; i++) {
                if (i == without) {
                    continue;
                }
                double weight = 1 / (y[i] * y[i]);
                w += weight;
                wx += weight * x[i];
                wxx += weight * x[i] * x[i];
                wy += weight * y[i];
                wxy += weight * x[i] * y[i];
            }
            double determinant = w * wxx - wx * wx;
            // Networks of one cost tell nothing of a fixed part.
            double scale = determinant > 1e-9 * w * wxx ? (w * wxy - wx * wy) / determinant : wxy / wxx;
            double fixed = (wy - scale * wx) / w;
            if (fixed < 0) {
                return new Line(0, wxy / wxx);
            }
            return scale < 0 ? new Line(wy / w, 0) : new Line(fixed, scale);
        }

        double at(double x) {
            return fixed + scale * x;
        }
    }
}
