package org.dartscc.model.cost;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;

/**
 * What makes costs of single operators into latencies of whole networks: sum = fixedMicros + sum over the kinds of
 * operators of scale[kind] * (sum of the network's operators of that kind), latency = a {@link Curve} of the sum. Fitted
 * to measured networks by least squares of relative errors; nothing is negative. Operators that are
 * {@link SearchSpace#repeated} count once. Some ten networks tell little about each of several scales, so these are
 * drawn to a common one, and that to 1:
 *
 * <pre>
 * sum_i w_i^2 (fixed + sum_k scale_k x_ik - t_i)^2 + ridge sum_k m_k^2 (scale_k - c)^2 + PULL_TO_ONE (c - 1)^2
 * </pre>
 *
 * with x_ik the sum of kind k in network i, t_i the sum that its latency y_i belongs to, w_i the curve's slope there
 * over y_i, c the common scale, and m_k^2 the sum of (w_i x_ik)^2 over the networks. The ridge, and then the curve, are
 * those with the least error on networks left out one at a time, and that error is the margin.
 *
 * @param scales by kind of operator; a kind that is missing has 1
 * @param marginShare root mean square of the relative errors on networks left out of the fit
 */
record Calibration(double fixedMicros, Map<Operator, Double> scales, Curve curve, double marginShare) {
    /** Without networks: the plain sum, and a margin that says that nobody checked it. */
    static final Calibration NONE = new Calibration(0, Map.of(), Curve.STRAIGHT, .1);

    private static final double[] RIDGES = {.001, .01, .1, 1, 10, 1_000};
    private static final double PULL_TO_ONE = .02;

    /** Over the largest latency. */
    private static final double[] KNEES = {.1, .2, .3, .5};

    private static final double[] BENDS = {.05, .1, .2, .4};

    /** A curve must leave less than this of the straight line's error: it takes some networks to see one. */
    private static final double WORTH_A_CURVE = .9;

    /** Networks on either side of a knee: one or two more to be fitted would always find one. */
    private static final int FEWEST_BESIDE_A_KNEE = 4;

    private static final int FEWEST_FOR_SCALES = 3;
    private static final double LARGEST_MARGIN = .5;

    Calibration {
        scales = Map.copyOf(scales);
    }

    double scale(Operator kind) {
        return scales.getOrDefault(kind, 1.0);
    }

    /**
     * @param operatorMicros of every signature of the space
     * @param networkMicros measured latencies, all positive
     */
    static Calibration of(
            SearchSpace space, Map<OperatorSignature, Double> operatorMicros, Map<Genotype, Double> networkMicros) {
        if (networkMicros.isEmpty()) {
            return NONE;
        }
        var kinds = space.signatures().stream()
                .map(OperatorSignature::operator)
                .distinct()
                .toList();
        var samples = new ArrayList<Sample>();
        networkMicros.forEach((genotype, micros) ->
                samples.add(new Sample(sums(space, operatorMicros, space.indices(genotype), kinds), micros)));
        return of(kinds, samples);
    }

    /** Sums of operator costs by kind, in microseconds. */
    private static double[] sums(
            SearchSpace space, Map<OperatorSignature, Double> operatorMicros, int[] indices, List<Operator> kinds) {
        var sums = new double[kinds.size()];
        var repeated = space.repeated(indices);
        for (var position : space.positions()) {
            var operator = space.decisions().get(position.decision()).options().get(indices[position.decision()]);
            if (!operator.isAbsent() && !repeated[position.decision()]) {
                sums[kinds.indexOf(operator)] += operatorMicros.get(position.signature(operator));
            }
        }
        return sums;
    }

    /** One network: its sums by kind, and its measured latency. */
    private record Sample(double[] sums, double micros) {}

    private static Calibration of(List<Operator> kinds, List<Sample> samples) {
        double ridge = RIDGES[RIDGES.length - 1];
        double margin = samples.size() == 1 ? NONE.marginShare : Double.POSITIVE_INFINITY;
        for (double candidate : samples.size() == 1 ? new double[0] : RIDGES) {
            double error = leaveOneOut(samples, candidate, Curve.STRAIGHT);
            if (error < margin) {
                margin = error;
                ridge = candidate;
            }
        }
        var curve = Curve.STRAIGHT;
        double straight = margin;
        for (var candidate : curves(samples)) {
            double error = leaveOneOut(samples, ridge, candidate);
            if (error < margin && error < WORTH_A_CURVE * straight) {
                margin = error;
                curve = candidate;
            }
        }
        var fit = fit(samples, ridge, curve);
        var scales = new EnumMap<Operator, Double>(Operator.class);
        for (int k = 0; k < kinds.size(); k++) {
            scales.put(kinds.get(k), fit[1 + k]);
        }
        return new Calibration(fit[0], scales, curve, Math.min(LARGEST_MARGIN, margin));
    }

    private static List<Curve> curves(List<Sample> samples) {
        var curves = new ArrayList<Curve>();
        double largest = samples.stream().mapToDouble(Sample::micros).max().orElseThrow();
        for (double share : KNEES) {
            double knee = share * largest;
            long below = samples.stream().filter(s -> s.micros < knee).count();
            if (Math.min(below, samples.size() - below) >= FEWEST_BESIDE_A_KNEE) {
                for (double bend : BENDS) {
                    curves.add(new Curve(knee, bend));
                }
            }
        }
        return curves;
    }

    private static double leaveOneOut(List<Sample> samples, double ridge, Curve curve) {
        double squares = 0;
        for (int i = 0; i < samples.size(); i++) {
            var rest = new ArrayList<>(samples);
            var left = rest.remove(i);
            var fit = fit(rest, ridge, curve);
            double sum = fit[0];
            for (int k = 0; k < left.sums.length; k++) {
                sum += fit[1 + k] * left.sums[k];
            }
            double error = curve.latencyOf(sum) / left.micros - 1;
            squares += error * error;
        }
        return Math.sqrt(squares / samples.size());
    }

    /** The fixed part, then the scales. */
    private static double[] fit(List<Sample> samples, double ridge, Curve curve) {
        return samples.size() < FEWEST_FOR_SCALES ? fixedOnly(samples) : everything(samples, ridge, curve);
    }

    /** The mean of what the plain sums leave over. */
    private static double[] fixedOnly(List<Sample> samples) {
        var fit = new double[1 + samples.get(0).sums.length];
        Arrays.fill(fit, 1);
        fit[0] = Math.max(
                0,
                samples.stream()
                        .mapToDouble(s -> s.micros - Arrays.stream(s.sums).sum())
                        .average()
                        .orElse(0));
        return fit;
    }

    private static double[] everything(List<Sample> samples, double ridge, Curve curve) {
        int kinds = samples.get(0).sums.length;
        int common = kinds + 1;
        var equations = new NonNegativeLeastSquares(kinds + 2);
        var weights = new double[kinds];
        for (var sample : samples) {
            double sum = curve.sumOf(sample.micros);
            double weight = curve.slopeAt(sample.micros) / sample.micros;
            var row = new double[kinds + 2];
            row[0] = weight;
            for (int k = 0; k < kinds; k++) {
                row[1 + k] = weight * sample.sums[k];
                weights[k] += row[1 + k] * row[1 + k];
            }
            equations.add(row, weight * sum, 1);
        }
        for (int k = 0; k < kinds; k++) {
            var row = new double[kinds + 2];
            row[1 + k] = 1;
            row[common] = -1;
            // A kind that no network has takes the common scale.
            equations.add(row, 0, ridge * Math.max(weights[k], 1e-6));
        }
        var row = new double[kinds + 2];
        row[common] = 1;
        equations.add(row, 1, PULL_TO_ONE);
        return Arrays.copyOf(equations.solve(), common);
    }
}
