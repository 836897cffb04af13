package org.dartscc.benchmarks.tabular;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What the train devices teach about devices: latency is linear in the number of each operator, counted over all edges
 * and over live edges (some runtimes drop dead ones), and a little by edge. The coefficients of the train devices, each
 * relative to its median latency, give mean and covariance of those of a device never seen.
 */
final class LatencyPrior {
    static final int MEASURED_PER_TRAIN_DEVICE = 900;
    private static final int KINDS = LatencyFeatures.KINDS;
    private static final int WIDTH = LatencyFeatures.WIDTH;
    private static final double TRAIN_NOISE = .05;
    private static final double BASE_SPREAD = .03;
    private static final double COUNT_SPREAD = .1;
    private static final double LIVE_SPREAD = .03;
    private static final double EDGE_SPREAD = .01;
    private static final double DEAD_EDGE_SPREAD = .5;

    private final double[] mean;
    private final double[][] covariance;
    private final double noise;
    private final List<double[]> trainCoefficients;

    private LatencyPrior(double[] mean, double[][] covariance, double noise, List<double[]> trainCoefficients) {
        this.mean = mean;
        this.covariance = covariance;
        this.noise = noise;
        this.trainCoefficients = trainCoefficients;
    }

    /** @param latency of each train device by cell */
    static LatencyPrior fit(int[] cells, Map<String, double[]> latency, Collection<String> devices, Random random) {
        var coefficients = new ArrayList<double[]>();
        var noises = new ArrayList<Double>();
        for (var device : devices) {
            var measured = random.ints(MEASURED_PER_TRAIN_DEVICE, 0, cells.length)
                    .map(i -> cells[i])
                    .toArray();
            var values = Vectors.at(latency.get(device), measured);
            double median = Vectors.median(values);
            var relative = Arrays.stream(values).map(v -> v / median).toArray();
            var fitted = ridge(measured, relative);
            coefficients.add(fitted);
            noises.add(relativeError(measured, relative, fitted));
        }
        double noise =
                Math.sqrt(noises.stream().mapToDouble(n -> n * n).average().orElseThrow());
        var mean = new double[WIDTH];
        coefficients.forEach(c -> Vectors.addTo(mean, c, 1.0 / coefficients.size()));
        return new LatencyPrior(mean, covariance(mean, coefficients), noise, coefficients);
    }

    private static double[] ridge(int[] measured, double[] relative) {
        var normal = new double[WIDTH][WIDTH];
        var moment = new double[WIDTH];
        double precision = 1 / (TRAIN_NOISE * TRAIN_NOISE);
        for (int i = 0; i < measured.length; i++) {
            var row = LatencyFeatures.of(measured[i]);
            Vectors.addTo(moment, row, relative[i] * precision);
            Vectors.addOuter(normal, row, row, precision);
        }
        for (int f = 0; f < WIDTH; f++) {
            double spread = f <= KINDS ? 1 : f <= 2 * KINDS ? .3 : .05;
            normal[f][f] += 1 / (spread * spread);
        }
        return Cholesky.of(normal).solve(moment);
    }

    private static double relativeError(int[] measured, double[] relative, double[] fitted) {
        var errors = new double[measured.length];
        for (int i = 0; i < errors.length; i++) {
            double predicted = LatencyFeatures.latency(fitted, measured[i]);
            errors[i] = Math.abs(relative[i] / predicted - 1);
        }
        return 1.48 * Vectors.median(errors);
    }

    private static double[][] covariance(double[] mean, List<double[]> coefficients) {
        var covariance = new double[WIDTH][WIDTH];
        for (var c : coefficients) {
            var deviation = c.clone();
            Vectors.addTo(deviation, mean, -1);
            Vectors.addOuter(covariance, deviation, deviation, 1.0 / Math.max(1, coefficients.size() - 1));
        }
        // What any device may have, also off the span of the train devices, counts as one of them.
        double share = 1.0 / coefficients.size();
        var freedom = new double[WIDTH];
        freedom[0] = share * (covariance[0][0] + BASE_SPREAD * BASE_SPREAD);
        for (int f = 1; f < WIDTH; f++) {
            double spread = f <= KINDS ? COUNT_SPREAD : f <= 2 * KINDS ? LIVE_SPREAD : EDGE_SPREAD;
            freedom[f] = share * spread * spread;
        }
        for (int f = 0; f < WIDTH; f++) {
            covariance[f][f] += freedom[f];
        }
        // A runtime may drop dead edges, or not: cost moves between all edges and live edges.
        var moved = new double[WIDTH];
        for (int k = 1; k <= KINDS; k++) {
            moved[k] = mean[k] + mean[k + KINDS];
            moved[k + KINDS] = -moved[k];
        }
        Vectors.addOuter(covariance, moved, moved, DEAD_EDGE_SPREAD * DEAD_EDGE_SPREAD);
        return covariance;
    }

    /**
     * Cells to measure on every device: each next one takes away most of what is uncertain about the latencies of
     * the relevant cells.
     */
    int[] reference(int[] candidates, int[] relevant, int count) {
        var remaining = Arrays.stream(covariance).map(double[]::clone).toArray(double[][]::new);
        var chosen = new int[count];
        for (int n = 0; n < count; n++) {
            int best = -1;
            double bestGain = -1;
            for (int candidate : candidates) {
                double gain = gain(remaining, candidate, relevant);
                if (gain > bestGain && Arrays.stream(chosen, 0, n).noneMatch(c -> c == candidate)) {
                    bestGain = gain;
                    best = candidate;
                }
            }
            chosen[n] = best;
            var direction = Vectors.times(remaining, LatencyFeatures.of(best));
            Vectors.addOuter(
                    remaining,
                    direction,
                    direction,
                    -1 / (Vectors.dot(direction, LatencyFeatures.of(best)) + noiseVariance(mean, best)));
        }
        return chosen;
    }

    private double gain(double[][] remaining, int candidate, int[] relevant) {
        var direction = Vectors.times(remaining, LatencyFeatures.of(candidate));
        double sum = 0;
        for (int cell : relevant) {
            double shared = Vectors.dot(direction, LatencyFeatures.of(cell)) / LatencyFeatures.latency(mean, cell);
            sum += shared * shared;
        }
        return sum / (Vectors.dot(direction, LatencyFeatures.of(candidate)) + noiseVariance(mean, candidate));
    }

    private double noiseVariance(double[] coefficients, int cell) {
        double deviation = noise * LatencyFeatures.latency(coefficients, cell);
        return deviation * deviation;
    }

    /** The train devices as the prior sees them, noise smoothed away. */
    List<DeviceCosts> trainDevices() {
        return trainCoefficients.stream().map(DeviceCosts::new).toList();
    }

    /** Devices that do not exist, but might. */
    List<DeviceCosts> imagined(int count, Random random) {
        var root = Cholesky.of(covariance).lower();
        var devices = new ArrayList<DeviceCosts>();
        for (int attempt = 0; devices.size() < count && attempt < 100 * count; attempt++) {
            var normal = random.doubles(WIDTH).map(u -> random.nextGaussian()).toArray();
            var coefficients = mean.clone();
            for (int i = 0; i < WIDTH; i++) {
                for (int j = 0; j <= i; j++) {
                    coefficients[i] += root[i][j] * normal[j];
                }
            }
            var costs = new DeviceCosts(coefficients);
            if (costs.arePlausible()) {
                devices.add(costs);
            }
        }
        return devices;
    }

    double[] mean() {
        return mean;
    }

    double[][] covariance() {
        return covariance;
    }

    /** Relative standard deviation of a measurement around what is linear: root mean square over the train devices. */
    double noise() {
        return noise;
    }

    /** Belief about a device after a few measurements. */
    LatencyModel given(int[] measured, double[] latency) {
        return new LatencyModel(this, measured, latency);
    }
}
