package org.dartscc.benchmarks.tabular;

import java.util.Arrays;

/**
 * Gaussian process over ln(error in percent), learnt from evaluated cells; the same for all devices. Covariance: half
 * by the number of live edges that differ, half by the distance of what the cells compute ({@link Cells#structure}).
 * Length scales and noise are those of the highest marginal likelihood on a grid.
 */
final class AccuracyModel {
    private static final double[] EDGE_RATES = {.15, .3, .6};
    private static final double[] STRUCTURE_RATES = {.3, 1, 2};
    private static final double[] NOISES = {1e-3, 5e-3, 2e-2, 6e-2};
    private static final double[][] STRUCTURES = standardised();

    private final int[] cells;
    private final Kernel kernel;
    private final double centre;
    private final double variance;
    private final double noise;
    private final Cholesky root;
    private final double[] weights;

    private AccuracyModel(
            int[] cells, Kernel kernel, double centre, double variance, double noise, Cholesky root, double[] weights) {
        this.cells = cells;
        this.kernel = kernel;
        this.centre = centre;
        this.variance = variance;
        this.noise = noise;
        this.root = root;
        this.weights = weights;
    }

    /** @param error in percent, by cell */
    static AccuracyModel fit(int[] cells, double[] error) {
        var logs = Arrays.stream(cells).mapToDouble(c -> Math.log(error[c])).toArray();
        double centre = Vectors.median(logs);
        var residuals = Arrays.stream(logs).map(l -> l - centre).toArray();
        AccuracyModel best = null;
        double bestEvidence = Double.NEGATIVE_INFINITY;
        for (double edgeRate : EDGE_RATES) {
            for (double structureRate : STRUCTURE_RATES) {
                var kernel = new Kernel(edgeRate, structureRate);
                var covariance = kernel.matrix(cells);
                for (double noise : NOISES) {
                    var root = Cholesky.of(withDiagonal(covariance, 1 + noise));
                    var weights = root.solve(residuals);
                    double variance = Math.max(1e-9, Vectors.dot(residuals, weights) / cells.length);
                    double evidence = -.5 * cells.length * Math.log(variance) - .5 * root.logDeterminant();
                    if (evidence > bestEvidence) {
                        bestEvidence = evidence;
                        best = new AccuracyModel(cells, kernel, centre, variance, noise, root, weights);
                    }
                }
            }
        }
        return best;
    }

    private static double[][] withDiagonal(double[][] matrix, double diagonal) {
        var copy = Arrays.stream(matrix).map(double[]::clone).toArray(double[][]::new);
        for (int i = 0; i < copy.length; i++) {
            copy[i][i] = diagonal;
        }
        return copy;
    }

    /** Believed ln(error in percent) of every cell. */
    double[] means() {
        var means = new double[Cells.COUNT];
        for (int cell = 0; cell < means.length; cell++) {
            means[cell] = centre + Vectors.dot(kernel.row(cell, cells), weights);
        }
        return means;
    }

    /** Standard deviation of the belief about ln(error) of some cells. */
    double[] deviations(int[] about) {
        return Arrays.stream(about)
                .mapToDouble(cell -> {
                    var whitened = root.forward(kernel.row(cell, cells));
                    return Math.sqrt(variance * Math.max(0, 1 - Vectors.dot(whitened, whitened)));
                })
                .toArray();
    }

    /** Joint belief about ln(error) of some cells. */
    JointGaussian belief(int[] about) {
        var rows = Arrays.stream(about).mapToObj(c -> kernel.row(c, cells)).toArray(double[][]::new);
        var whitened = Arrays.stream(rows).map(root::forward).toArray(double[][]::new);
        var mean = Arrays.stream(rows)
                .mapToDouble(r -> centre + Vectors.dot(r, weights))
                .toArray();
        var covariance = kernel.matrix(about);
        for (int i = 0; i < about.length; i++) {
            for (int j = 0; j < about.length; j++) {
                covariance[i][j] = variance * (covariance[i][j] - Vectors.dot(whitened[i], whitened[j]));
            }
        }
        var noises = new double[about.length];
        Arrays.fill(noises, variance * noise);
        return new JointGaussian(mean, covariance, noises);
    }

    private static double[][] standardised() {
        var all = new double[Cells.COUNT][];
        for (int cell = 0; cell < all.length; cell++) {
            all[cell] = Cells.structure(cell);
        }
        for (int f = 0; f < all[0].length; f++) {
            int feature = f;
            var statistics = Arrays.stream(all).mapToDouble(s -> s[feature]).summaryStatistics();
            double mean = statistics.getAverage();
            double variance = Arrays.stream(all)
                    .mapToDouble(s -> (s[feature] - mean) * (s[feature] - mean))
                    .average()
                    .orElseThrow();
            double scale = variance > 0 ? 1 / Math.sqrt(variance * all[0].length) : 0;
            for (var features : all) {
                features[f] = (features[f] - mean) * scale;
            }
        }
        return all;
    }

    private record Kernel(double edgeRate, double structureRate) {
        double[][] matrix(int[] cells) {
            return Arrays.stream(cells).mapToObj(c -> row(c, cells)).toArray(double[][]::new);
        }

        double[] row(int cell, int[] others) {
            var row = new double[others.length];
            for (int i = 0; i < row.length; i++) {
                row[i] = covariance(cell, others[i]);
            }
            return row;
        }

        private double covariance(int a, int b) {
            int differing = 0;
            for (int e = 0; e < Cells.EDGES; e++) {
                differing += Cells.live(a)[e] == Cells.live(b)[e] ? 0 : 1;
            }
            double distance = 0;
            for (int f = 0; f < STRUCTURES[a].length; f++) {
                double difference = STRUCTURES[a][f] - STRUCTURES[b][f];
                distance += difference * difference;
            }
            return .5 * Math.exp(-edgeRate * differing) + .5 * Math.exp(-structureRate * distance);
        }
    }
}
