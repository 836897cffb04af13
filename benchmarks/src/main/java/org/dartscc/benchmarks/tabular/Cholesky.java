package org.dartscc.benchmarks.tabular;

/** Lower triangular root L of a positive definite matrix A = L L^T. */
record Cholesky(double[][] lower) {
    private static final double JITTER = 1e-10;

    static Cholesky of(double[][] matrix) {
        int n = matrix.length;
        var l = new double[n][];
        for (int i = 0; i < n; i++) {
            l[i] = new double[i + 1];
            for (int j = 0; j <= i; j++) {
                double sum = matrix[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= l[i][k] * l[j][k];
                }
                l[i][j] = i == j ? Math.sqrt(Math.max(sum, JITTER)) : sum / l[j][j];
            }
        }
        return new Cholesky(l);
    }

    /** L^-1 b. */
    double[] forward(double[] b) {
        var x = new double[b.length];
        for (int i = 0; i < b.length; i++) {
            double sum = b[i];
            for (int k = 0; k < i; k++) {
                sum -= lower[i][k] * x[k];
            }
            x[i] = sum / lower[i][i];
        }
        return x;
    }

    /** A^-1 b. */
    double[] solve(double[] b) {
        var x = forward(b);
        for (int i = b.length - 1; i >= 0; i--) {
            x[i] /= lower[i][i];
            for (int k = 0; k < i; k++) {
                x[k] -= lower[i][k] * x[i];
            }
        }
        return x;
    }

    double logDeterminant() {
        double sum = 0;
        for (int i = 0; i < lower.length; i++) {
            sum += 2 * Math.log(lower[i][i]);
        }
        return sum;
    }
}
