package org.dartscc.agent.probe;

import java.util.Comparator;
import java.util.List;

/**
 * What a measurement found. All times in microseconds.
 *
 * @param medianMicros median of the kept samples; never negative
 * @param p90Micros median of the kept samples' 90th percentiles of single runs
 * @param spreadMicros half of the interquartile range of the kept samples
 * @param samples number of kept samples
 * @param runs single runs behind them
 * @param slowness time of the reference operator beside the samples, kept or not, against its best: 1 on a quiet
 *     machine
 * @param quiet whether enough samples were undisturbed; otherwise the least disturbed ones were taken
 */
public record Estimate(
        double medianMicros,
        double p90Micros,
        double spreadMicros,
        int samples,
        int runs,
        double slowness,
        boolean quiet) {
    private static final int LEAST_SAMPLES = 4;

    /** Half width of a normal sample's 95 % interval for its median, per half interquartile range, at n = 1. */
    private static final double INTERVAL = 1.96 * 1.2533 / .6745;

    /** Half width of the 95 % confidence interval of the median, in microseconds. */
    public double confidenceMicros() {
        return INTERVAL * spreadMicros / Math.sqrt(samples);
    }

    /** Samples beside a slow reference are dropped, unless too few would be left. */
    static Estimate of(List<Sample> samples, Reference reference) {
        var undisturbed = samples.stream().filter(reference::undisturbed).toList();
        boolean quiet = undisturbed.size() >= LEAST_SAMPLES;
        var kept = quiet
                ? undisturbed
                : samples.stream()
                        .sorted(Comparator.comparingDouble(Sample::worstReference))
                        .limit(LEAST_SAMPLES)
                        .toList();
        double typical = reference.typical();
        var costs =
                kept.stream().map(s -> s.cost() * typical / s.meanReference()).toList();
        var p90s = kept.stream().map(s -> s.p90() * typical / s.meanReference()).toList();
        var slowness =
                samples.stream().map(s -> s.meanReference() / reference.best()).toList();
        return new Estimate(
                Math.max(0, Quantiles.median(costs)),
                Math.max(0, Quantiles.median(p90s)),
                Quantiles.halfInterquartileRange(costs),
                kept.size(),
                kept.stream().mapToInt(Sample::runs).sum(),
                Quantiles.median(slowness),
                quiet);
    }
}
