package org.dartscc.trainer.tradeoff;

/** Kendall's rank correlation tau-b, in [-1, 1]; 0 where one side does not vary. */
final class KendallTau {
    private KendallTau() {}

    static double of(double[] a, double[] b) {
        long agreement = 0;
        long differentInA = 0;
        long differentInB = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                int signA = (int) Math.signum(a[i] - a[j]);
                int signB = (int) Math.signum(b[i] - b[j]);
                agreement += signA * signB;
                differentInA += Math.abs(signA);
                differentInB += Math.abs(signB);
            }
        }
        return agreement == 0 ? 0 : agreement / Math.sqrt((double) differentInA * differentInB);
    }
}
