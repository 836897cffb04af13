package org.dartscc.agent.probe;

import java.util.Arrays;

/** Some milliseconds of back-to-back runs of one thing, after one run that is not counted. Times in microseconds. */
record Block(double median, double p90, int runs) {
    private static final int MIN_RUNS = 3;
    private static final double NANOS_PER_MICRO = 1_000;

    static Block of(Run run, long nanos, Time time) {
        run.run();
        var micros = new double[64];
        int runs = 0;
        long start = time.nanos();
        long before = start;
        while (runs < MIN_RUNS || before - start < nanos) {
            run.run();
            long after = time.nanos();
            if (runs == micros.length) {
                micros = Arrays.copyOf(micros, 2 * runs);
            }
            micros[runs++] = (after - before) / NANOS_PER_MICRO;
            before = after;
        }
        var counted = Arrays.copyOf(micros, runs);
        return new Block(Quantiles.quantile(counted, .5), Quantiles.quantile(counted, .9), runs);
    }
}
