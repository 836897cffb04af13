package org.dartscc.benchmarks.tabular;

/**
 * Exact expectation of a loss under a policy that draws every edge on its own, and its gradient: the space is small
 * enough to sum over all its cells, which leaves no sampling noise in the comparison of methods.
 */
final class ExpectedLoss {
    private final double[][] sums = new double[Cells.EDGES + 1][];
    private final double[][] reach = new double[Cells.EDGES + 1][];

    ExpectedLoss() {
        for (int e = 0, size = 1; e <= Cells.EDGES; e++, size *= Cells.OPTIONS) {
            sums[e] = new double[size];
            reach[e] = new double[size];
        }
        reach[0][0] = 1;
    }

    /**
     * @param policy probability of each option of each edge: [edge][option]
     * @param loss of every cell
     * @param gradient of the expectation by the policy, overwritten: [edge][option]
     */
    double of(double[][] policy, double[] loss, double[][] gradient) {
        sums[Cells.EDGES] = loss;
        for (int e = Cells.EDGES - 1; e >= 0; e--) {
            for (int j = 0; j < sums[e].length; j++) {
                double sum = 0;
                for (int o = 0; o < Cells.OPTIONS; o++) {
                    sum += policy[e][o] * sums[e + 1][j * Cells.OPTIONS + o];
                }
                sums[e][j] = sum;
            }
        }
        for (int e = 0; e < Cells.EDGES; e++) {
            java.util.Arrays.fill(gradient[e], 0);
            for (int j = 0; j < reach[e].length; j++) {
                for (int o = 0; o < Cells.OPTIONS; o++) {
                    int next = j * Cells.OPTIONS + o;
                    gradient[e][o] += reach[e][j] * sums[e + 1][next];
                    reach[e + 1][next] = reach[e][j] * policy[e][o];
                }
            }
        }
        return sums[0][0];
    }
}
