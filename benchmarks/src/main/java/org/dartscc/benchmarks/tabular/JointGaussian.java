package org.dartscc.benchmarks.tabular;

/** Joint belief about a quantity of some cells, sharpened by observing it at one after the other. */
final class JointGaussian {
    private final double[] mean;
    private final double[][] covariance;
    private final double[] noise;

    /** @param noise variance of an observation of each element around the believed quantity */
    JointGaussian(double[] mean, double[][] covariance, double[] noise) {
        this.mean = mean;
        this.covariance = covariance;
        this.noise = noise;
    }

    JointGaussian copy() {
        var rows = new double[covariance.length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = covariance[i].clone();
        }
        return new JointGaussian(mean.clone(), rows, noise);
    }

    double mean(int i) {
        return mean[i];
    }

    /** Standard deviation of what an observation of an element would give. */
    double deviation(int i) {
        return Math.sqrt(Math.max(covariance[i][i], 0) + noise[i]);
    }

    void observe(int i, double value) {
        double variance = covariance[i][i] + noise[i];
        double surprise = (value - mean[i]) / variance;
        var column = covariance[i].clone();
        for (int j = 0; j < mean.length; j++) {
            mean[j] += column[j] * surprise;
            double share = column[j] / variance;
            for (int k = 0; k < mean.length; k++) {
                covariance[j][k] -= share * column[k];
            }
        }
    }
}
