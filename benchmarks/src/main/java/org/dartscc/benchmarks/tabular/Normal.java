package org.dartscc.benchmarks.tabular;

/** The standard normal distribution. */
final class Normal {
    private Normal() {}

    static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    /** Abramowitz and Stegun 26.2.17, to 7.5e-8. */
    static double below(double x) {
        double t = 1 / (1 + .2316419 * Math.abs(x));
        double tail = density(x)
                * t
                * (.319381530 + t * (-.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return x < 0 ? tail : 1 - tail;
    }

    /** E[max(0, best - Y)] for Y of this mean and deviation: expected improvement when minimising. */
    static double expectedImprovement(double best, double mean, double deviation) {
        double u = (best - mean) / deviation;
        return deviation * (u * below(u) + density(u));
    }
}
