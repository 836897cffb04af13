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
    private static final int KINDS = Cells.OPTIONS - 1;
    private static final int WIDTH = 1 + 2 * KINDS + Cells.EDGES * KINDS;
    private static final double[][] FEATURES = features();
    private static final double TRAIN_NOISE = .05;
    /** Share of the train devices' variety that is also allowed off their span. */
    private static final double SHRINKAGE = .1;

    private static final double COUNT_SPREAD = .1;
    private static final double LIVE_SPREAD = .03;
    private static final double EDGE_SPREAD = .01;
    private static final double DEAD_EDGE_SPREAD = .5;
    private static final double LEAST_SHARE = .05;

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

    private static double[][] features() {
        var all = new double[Cells.COUNT][WIDTH];
        for (int cell = 0; cell < all.length; cell++) {
            var row = all[cell];
            row[0] = 1;
            System.arraycopy(Cells.counts(Cells.digits(cell)), 0, row, 1, KINDS);
            System.arraycopy(Cells.counts(Cells.live(cell)), 0, row, 1 + KINDS, KINDS);
            for (int e = 0; e < Cells.EDGES; e++) {
                int option = Cells.digits(cell)[e];
                if (option > 0) {
                    row[edgeFeature(e, option)] = 1;
                }
            }
        }
        return all;
    }

    private static int edgeFeature(int edge, int option) {
        return 1 + 2 * KINDS + edge * KINDS + option - 1;
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
                Vectors.median(noises.stream().mapToDouble(Double::doubleValue).toArray());
        var mean = new double[WIDTH];
        coefficients.forEach(c -> addTo(mean, c, 1.0 / coefficients.size()));
        return new LatencyPrior(mean, covariance(mean, coefficients), noise, coefficients);
    }

    private static double[] ridge(int[] measured, double[] relative) {
        var normal = new double[WIDTH][WIDTH];
        var moment = new double[WIDTH];
        double precision = 1 / (TRAIN_NOISE * TRAIN_NOISE);
        for (int i = 0; i < measured.length; i++) {
            var row = FEATURES[measured[i]];
            addTo(moment, row, relative[i] * precision);
            addOuter(normal, row, row, precision);
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
            double predicted = Math.max(LEAST_SHARE, Vectors.dot(FEATURES[measured[i]], fitted));
            errors[i] = Math.abs(relative[i] / predicted - 1);
        }
        return 1.48 * Vectors.median(errors);
    }

    private static double[][] covariance(double[] mean, List<double[]> coefficients) {
        var covariance = new double[WIDTH][WIDTH];
        for (var c : coefficients) {
            var deviation = c.clone();
            addTo(deviation, mean, -1);
            addOuter(covariance, deviation, deviation, 1.0 / Math.max(1, coefficients.size() - 1));
        }
        var freedom = new double[WIDTH];
        freedom[0] = SHRINKAGE * (covariance[0][0] + 1e-3);
        for (int f = 1; f < WIDTH; f++) {
            double spread = f <= KINDS ? COUNT_SPREAD : f <= 2 * KINDS ? LIVE_SPREAD : EDGE_SPREAD;
            freedom[f] = SHRINKAGE * spread * spread;
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
        addOuter(covariance, moved, moved, DEAD_EDGE_SPREAD * DEAD_EDGE_SPREAD);
        return covariance;
    }

    private static void addTo(double[] sum, double[] values, double factor) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * values[i];
        }
    }

    private static void addOuter(double[][] sum, double[] a, double[] b, double factor) {
        for (int i = 0; i < a.length; i++) {
            addTo(sum[i], b, factor * a[i]);
        }
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
            var direction = Vectors.times(remaining, FEATURES[best]);
            addOuter(
                    remaining,
                    direction,
                    direction,
                    -1 / (Vectors.dot(direction, FEATURES[best]) + noiseVariance(mean, best)));
        }
        return chosen;
    }

    private double gain(double[][] remaining, int candidate, int[] relevant) {
        var direction = Vectors.times(remaining, FEATURES[candidate]);
        double sum = 0;
        for (int cell : relevant) {
            double shared = Vectors.dot(direction, FEATURES[cell]) / share(mean, cell);
            sum += shared * shared;
        }
        return sum / (Vectors.dot(direction, FEATURES[candidate]) + noiseVariance(mean, candidate));
    }

    private static double share(double[] coefficients, int cell) {
        return Math.max(LEAST_SHARE, Vectors.dot(FEATURES[cell], coefficients));
    }

    private double noiseVariance(double[] coefficients, int cell) {
        double deviation = noise * share(coefficients, cell);
        return deviation * deviation;
    }

    /** The train devices as the prior sees them, noise smoothed away. */
    List<Costs> trainDevices() {
        return trainCoefficients.stream().map(Costs::new).toList();
    }

    /** Devices that do not exist, but might. */
    List<Costs> imagined(int count, Random random) {
        var root = Cholesky.of(covariance).lower();
        var devices = new ArrayList<Costs>();
        for (int attempt = 0; devices.size() < count && attempt < 100 * count; attempt++) {
            var normal = random.doubles(WIDTH).map(u -> random.nextGaussian()).toArray();
            var coefficients = mean.clone();
            for (int i = 0; i < WIDTH; i++) {
                for (int j = 0; j <= i; j++) {
                    coefficients[i] += root[i][j] * normal[j];
                }
            }
            var costs = new Costs(coefficients);
            if (costs.arePlausible()) {
                devices.add(costs);
            }
        }
        return devices;
    }

    /** Belief about a device after a few measurements. */
    LatencyModel given(int[] measured, double[] latency) {
        return new LatencyModel(measured, latency);
    }

    /** Coefficients as latencies and operator costs, relative to the device's median latency. */
    static final class Costs {
        private static final double DIFFERENT = .02;
        private final double[] coefficients;

        private Costs(double[] coefficients) {
            this.coefficients = coefficients;
        }

        /** Latency of every cell. */
        double[] latencies() {
            return Arrays.stream(FEATURES)
                    .mapToDouble(f -> Math.max(LEAST_SHARE, Vectors.dot(f, coefficients)))
                    .toArray();
        }

        private boolean arePlausible() {
            return coefficients[0] > LEAST_SHARE
                    && Arrays.stream(options()).flatMapToDouble(Arrays::stream).allMatch(c -> c > -DIFFERENT);
        }

        /** Cost of each option of each edge on live edges. */
        double[][] options() {
            var options = new double[Cells.EDGES][Cells.OPTIONS];
            for (int e = 0; e < Cells.EDGES; e++) {
                for (int o = 1; o < Cells.OPTIONS; o++) {
                    options[e][o] = coefficients[o] + coefficients[o + KINDS] + coefficients[edgeFeature(e, o)];
                }
            }
            return options;
        }
    }

    /** Posterior of one device's latencies. */
    final class LatencyModel {
        private static final int ROUNDS = 3;
        private static final double PRIOR_WEIGHT = 4;
        private static final double MOST_NOISE = .3;

        private final double scale;
        private final double deviceNoise;
        private final Costs costs;
        private final double[][] posterior;

        private LatencyModel(int[] measured, double[] latency) {
            this.scale = Vectors.median(latency)
                    / Vectors.median(Arrays.stream(measured)
                            .mapToDouble(c -> share(mean, c))
                            .toArray());
            var relative = Arrays.stream(latency).map(l -> l / scale).toArray();
            var directions = Arrays.stream(measured)
                    .mapToObj(c -> Vectors.times(covariance, FEATURES[c]))
                    .toArray(double[][]::new);
            double spread = noise;
            var coefficients = mean;
            Cholesky root = null;
            for (int round = 0; round < ROUNDS; round++) {
                root = Cholesky.of(gram(measured, directions, coefficients, spread));
                coefficients = updated(measured, relative, directions, root);
                spread = noiseOf(measured, relative, coefficients);
            }
            this.deviceNoise = spread;
            this.costs = new Costs(coefficients);
            this.posterior = reduced(directions, root);
        }

        private double[][] gram(int[] measured, double[][] directions, double[] coefficients, double spread) {
            var gram = new double[measured.length][measured.length];
            for (int i = 0; i < measured.length; i++) {
                for (int j = 0; j < measured.length; j++) {
                    gram[i][j] = Vectors.dot(directions[i], FEATURES[measured[j]]);
                }
                double deviation = spread * share(coefficients, measured[i]);
                gram[i][i] += deviation * deviation;
            }
            return gram;
        }

        private double[] updated(int[] measured, double[] relative, double[][] directions, Cholesky root) {
            var surprise = new double[measured.length];
            for (int i = 0; i < measured.length; i++) {
                surprise[i] = relative[i] - Vectors.dot(FEATURES[measured[i]], mean);
            }
            var weights = root.solve(surprise);
            var coefficients = mean.clone();
            for (int i = 0; i < measured.length; i++) {
                addTo(coefficients, directions[i], weights[i]);
            }
            return coefficients;
        }

        /** Relative noise of this device: the train devices' noise counts like some measurements. */
        private double noiseOf(int[] measured, double[] relative, double[] coefficients) {
            double squares = PRIOR_WEIGHT * noise * noise;
            for (int i = 0; i < measured.length; i++) {
                double error = relative[i] / share(coefficients, measured[i]) - 1;
                squares += error * error;
            }
            return Math.min(
                    MOST_NOISE, Math.sqrt(squares / (PRIOR_WEIGHT + Math.max(1, measured.length - Cells.OPTIONS))));
        }

        private double[][] reduced(double[][] directions, Cholesky root) {
            var reduced = Arrays.stream(covariance).map(double[]::clone).toArray(double[][]::new);
            for (int f = 0; f < WIDTH; f++) {
                int feature = f;
                var column =
                        Arrays.stream(directions).mapToDouble(d -> d[feature]).toArray();
                var weights = root.solve(column);
                for (int i = 0; i < directions.length; i++) {
                    addTo(reduced[f], directions[i], -weights[i]);
                }
            }
            return reduced;
        }

        Costs costs() {
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
                    .mapToObj(c -> Vectors.times(posterior, FEATURES[c]))
                    .toArray(double[][]::new);
            var belief = new double[about.length][about.length];
            var means = new double[about.length];
            var noises = new double[about.length];
            for (int i = 0; i < about.length; i++) {
                means[i] = scale * share(costs.coefficients, about[i]);
                noises[i] = deviceNoise * deviceNoise * means[i] * means[i];
                for (int j = 0; j < about.length; j++) {
                    belief[i][j] = scale * scale * Vectors.dot(directions[i], FEATURES[about[j]]);
                }
            }
            return new JointGaussian(means, belief, noises);
        }
    }
}
