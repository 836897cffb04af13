package org.dartscc.trainer.tradeoff;

/** Symmetric positive definite matrices. */
final class SymmetricMatrix {
    private SymmetricMatrix() {}

    /** The inverse, by Cholesky's decomposition. */
    static double[][] inverse(double[][] matrix) {
        int n = matrix.length;
        var lower = cholesky(matrix);
        var inverse = new double[n][n];
        for (int column = 0; column < n; column++) {
            var x = new double[n];
            for (int i = 0; i < n; i++) {
                double sum = i == column ? 1 : 0;
                for (int k = 0; k < i; k++) {
                    sum -= lower[i][k] * x[k];
                }
                x[i] = sum / lower[i][i];
            }
            for (int i = n - 1; i >= 0; i--) {
                double sum = x[i];
                for (int k = i + 1; k < n; k++) {
                    sum -= lower[k][i] * x[k];
                }
                x[i] = sum / lower[i][i];
                inverse[i][column] = x[i];
            }
        }
        return inverse;
    }

    private static double[][] cholesky(double[][] matrix) {
        int n = matrix.length;
        var lower = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = matrix[i][j];
                for (int k = 0; k < j; k++) {
                    sum -= lower[i][k] * lower[j][k];
                }
                if (i == j && !(sum > 0)) {
                    throw new IllegalArgumentException("the matrix is not positive definite");
                }
                lower[i][j] = i == j ? Math.sqrt(sum) : sum / lower[j][j];
            }
        }
        return lower;
    }
}
