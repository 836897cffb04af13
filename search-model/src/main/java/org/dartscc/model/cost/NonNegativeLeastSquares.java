package org.dartscc.model.cost;

/**
 * Weighted least squares with no unknown below 0, for a few unknowns: minimises sum of weight * (row . x - target)^2 by
 * the active-set method of Lawson and Hanson (Solving Least Squares Problems, chapter 23) on the normal equations.
 */
final class NonNegativeLeastSquares {
    private static final double TOLERANCE = 1e-10;

    private final int unknowns;
    private final double[][] gram;
    private final double[] right;

    NonNegativeLeastSquares(int unknowns) {
        this.unknowns = unknowns;
        this.gram = new double[unknowns][unknowns];
        this.right = new double[unknowns];
    }

    void add(double[] row, double target, double weight) {
        for (int i = 0; i < unknowns; i++) {
            right[i] += weight * row[i] * target;
            for (int j = 0; j < unknowns; j++) {
                gram[i][j] += weight * row[i] * row[j];
            }
        }
    }

    double[] solve() {
        var x = new double[unknowns];
        var free = new boolean[unknowns];
        // Each round frees one unknown; the bound only guards against rounding that would go round in circles.
        for (int round = 0; round < 10 * unknowns; round++) {
            int steepest = steepest(x, free);
            if (steepest < 0) {
                return x;
            }
            free[steepest] = true;
            var next = solveFree(free);
            for (int blocked = blocked(x, next, free); blocked >= 0; blocked = blocked(x, next, free)) {
                moveUntilZero(x, next, blocked);
                free[blocked] = false;
                next = solveFree(free);
            }
            x = next;
        }
        return x;
    }

    /** The unknown at 0 that would improve the fit most by growing; -1 when none would. */
    private int steepest(double[] x, boolean[] free) {
        int steepest = -1;
        double most = TOLERANCE;
        for (int i = 0; i < unknowns; i++) {
            double slope = right[i];
            for (int j = 0; j < unknowns; j++) {
                slope -= gram[i][j] * x[j];
            }
            // In units of the unknown's own column, so that the tolerance means the same for all.
            slope /= Math.sqrt(Math.max(gram[i][i], Double.MIN_NORMAL));
            if (!free[i] && slope > most) {
                most = slope;
                steepest = i;
            }
        }
        return steepest;
    }

    /** Of the free unknowns that would fall below 0, the one that gets there first; -1 when none would. */
    private int blocked(double[] x, double[] next, boolean[] free) {
        int blocked = -1;
        double shortest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < unknowns; i++) {
            if (free[i] && next[i] < 0 && x[i] / (x[i] - next[i]) < shortest) {
                shortest = x[i] / (x[i] - next[i]);
                blocked = i;
            }
        }
        return blocked;
    }

    private void moveUntilZero(double[] x, double[] next, int blocked) {
        double share = x[blocked] / (x[blocked] - next[blocked]);
        for (int i = 0; i < unknowns; i++) {
            x[i] += share * (next[i] - x[i]);
        }
        x[blocked] = 0;
    }

    /** The unconstrained solution over the free unknowns, 0 elsewhere: Gauss-Jordan elimination with pivots. */
    private double[] solveFree(boolean[] free) {
        var a = new double[unknowns][unknowns + 1];
        for (int i = 0; i < unknowns; i++) {
            for (int j = 0; j < unknowns; j++) {
                a[i][j] = free[i] && free[j] ? gram[i][j] : i == j ? 1 : 0;
            }
            a[i][unknowns] = free[i] ? right[i] : 0;
        }
        for (int column = 0; column < unknowns; column++) {
            int pivot = column;
            for (int i = column + 1; i < unknowns; i++) {
                pivot = Math.abs(a[i][column]) > Math.abs(a[pivot][column]) ? i : pivot;
            }
            var swapped = a[column];
            a[column] = a[pivot];
            a[pivot] = swapped;
            for (int i = 0; i < unknowns; i++) {
                double factor = i == column ? 0 : a[i][column] / a[column][column];
                for (int j = column; factor != 0 && j <= unknowns; j++) {
                    a[i][j] -= factor * a[column][j];
                }
            }
        }
        var x = new double[unknowns];
        for (int i = 0; i < unknowns; i++) {
            x[i] = a[i][unknowns] / a[i][i];
        }
        return x;
    }
}
