package org.dartscc.benchmarks.tabular;

import java.util.Arrays;

/**
 * Belief about one device's latencies: Gaussian in the coefficients of {@link LatencyFeatures}, with a measurement noise
 * relative to the latency, which is estimated along the way.
 */
final class LatencyModel {
    private static final int ROUNDS = 3;
    private static final double PRIOR_WEIGHT = 4;
    private static final double MOST_NOISE = .3;

    private final LatencyPrior prior;
    private final double scale;
    private final double deviceNoise;
    private final DeviceCosts costs;
    private final double[][] posterior;

    /** @param latency of the measured cells, in the unit that the answers will have */
    LatencyModel(LatencyPrior prior, int[] measured, double[] latency) {
        this.prior = prior;
        this.scale = Vectors.median(latency)
                / Vectors.median(Arrays.stream(measured)
                        .mapToDouble(c -> LatencyFeatures.latency(prior.mean(), c))
                        .toArray());
        var relative = Arrays.stream(latency).map(l -> l / scale).toArray();
        var directions = Arrays.stream(measured)
                .mapToObj(c -> Vectors.times(prior.covariance(), LatencyFeatures.of(c)))
                .toArray(double[][]::new);
        double spread = prior.noise();
        var coefficients = prior.mean();
        Cholesky root = null;
        for (int round = 0; round < ROUNDS; round++) {
            root = Cholesky.of(gram(measured, directions, coefficients, spread));
            coefficients = updated(measured, relative, directions, root);
            spread = noiseOf(measured, relative, coefficients);
        }
        this.deviceNoise = spread;
        this.costs = new DeviceCosts(coefficients);
        this.posterior = reduced(directions, root);
    }

    private static double[][] gram(int[] measured, double[][] directions, double[] coefficients, double spread) {
        var gram = new double[measured.length][measured.length];
        for (int i = 0; i < measured.length; i++) {
            for (int j = 0; j < measured.length; j++) {
                gram[i][j] = Vectors.dot(directions[i], LatencyFeatures.of(measured[j]));
            }
            double deviation = spread * LatencyFeatures.latency(coefficients, measured[i]);
            gram[i][i] += deviation * deviation;
        }
        return gram;
    }

    private double[] updated(int[] measured, double[] relative, double[][] directions, Cholesky root) {
        var surprise = new double[measured.length];
        for (int i = 0; i < measured.length; i++) {
            surprise[i] = relative[i] - Vectors.dot(LatencyFeatures.of(measured[i]), prior.mean());
        }
        var weights = root.solve(surprise);
        var coefficients = prior.mean().clone();
        for (int i = 0; i < measured.length; i++) {
            Vectors.addTo(coefficients, directions[i], weights[i]);
        }
        return coefficients;
    }

    /** Relative noise of this device: the train devices' noise counts like some measurements. */
    private double noiseOf(int[] measured, double[] relative, double[] coefficients) {
        double squares = PRIOR_WEIGHT * prior.noise() * prior.noise();
        for (int i = 0; i < measured.length; i++) {
            double error = relative[i] / LatencyFeatures.latency(coefficients, measured[i]) - 1;
            squares += error * error;
        }
        return Math.min(MOST_NOISE, Math.sqrt(squares / (PRIOR_WEIGHT + Math.max(1, measured.length - Cells.OPTIONS))));
    }

    private double[][] reduced(double[][] directions, Cholesky root) {
        var reduced = Arrays.stream(prior.covariance()).map(double[]::clone).toArray(double[][]::new);
        for (int f = 0; f < LatencyFeatures.WIDTH; f++) {
            int feature = f;
            var column = Arrays.stream(directions).mapToDouble(d -> d[feature]).toArray();
            var weights = root.solve(column);
            for (int i = 0; i < directions.length; i++) {
                Vectors.addTo(reduced[f], directions[i], -weights[i]);
            }
        }
        return reduced;
    }

    DeviceCosts costs() {
        return costs;
    }

    /** Expected latency of every cell, in the unit of the measurements. */
    double[] means() {
        return Arrays.stream(costs.latencies()).map(l -> l * scale).toArray();
    }

    /** Relative standard deviation of a measurement around the expectation. */
    double relativeNoise() {
        return deviceNoise;
    }

    /** Joint belief about the latencies of some cells. */
    JointGaussian belief(int[] about) {
        var directions = Arrays.stream(about)
                .mapToObj(c -> Vectors.times(posterior, LatencyFeatures.of(c)))
                .toArray(double[][]::new);
        var belief = new double[about.length][about.length];
        var means = new double[about.length];
        var noises = new double[about.length];
        for (int i = 0; i < about.length; i++) {
            means[i] = scale * LatencyFeatures.latency(costs.coefficients(), about[i]);
            noises[i] = deviceNoise * deviceNoise * means[i] * means[i];
            for (int j = 0; j < about.length; j++) {
                belief[i][j] = scale * scale * Vectors.dot(directions[i], LatencyFeatures.of(about[j]));
            }
        }
        return new JointGaussian(means, belief, noises);
    }
}
