package org.dartscc.agent.probe;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a measurement found. All times in microseconds.
 *
 * <p>What disturbs a machine only ever makes it slower, and not all of it shows beside the block that it hits. So of
 * each run's kept blocks the {@link #LOW} quantile counts, and the cost follows from these.
 *
 * @param medianMicros the cost; never negative
 * @param p90Micros the same from the blocks' 90th percentiles of single runs
 * @param spreadMicros half of the interquartile range of the kept samples' costs
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
    private static final double LOW = .25;
    private static final int LEAST_SAMPLES = 4;

    /**
     * Half width of a normal sample's 95 % interval for its {@link #LOW} quantile, per half interquartile range, at
     * n = 1: 1.96 sqrt(p (1 - p)) / density(p) / .6745.
     */
    private static final double INTERVAL = 1.96 * 1.3626 / .6745;

    /** Half width of the 95 % confidence interval of the cost, in microseconds. */
    public double confidenceMicros() {
        return INTERVAL * spreadMicros / Math.sqrt(samples);
    }

    /** Samples beside a slow reference are dropped, unless too few would be left. */
    static Estimate of(List<Sample> samples, Specimen.Cost cost, Reference reference) {
        var undisturbed = samples.stream().filter(reference::undisturbed).toList();
        boolean quiet = undisturbed.size() >= LEAST_SAMPLES;
        var kept = quiet
                ? undisturbed
                : samples.stream()
                        .sorted(Comparator.comparingDouble(Sample::worstReference))
                        .limit(LEAST_SAMPLES)
                        .toList();
        double typical = reference.typical();
        var costs = kept.stream()
                .map(s -> cost.of(s.medians()) * typical / s.meanReference())
                .toList();
        var slowness =
                samples.stream().map(s -> s.meanReference() / reference.best()).toList();
        return new Estimate(
                Math.max(0, cost.of(low(kept, Sample::medians, typical))),
                Math.max(0, cost.of(low(kept, Sample::p90s, typical))),
                Quantiles.halfInterquartileRange(costs),
                kept.size(),
                kept.stream().mapToInt(Sample::runs).sum(),
                Quantiles.median(slowness),
                quiet);
    }

    /** By run: the low quantile of its times over the samples, at the reference's typical time. */
    private static double[] low(List<Sample> kept, Function<Sample, double[]> times, double typical) {
        return IntStream.range(0, times.apply(kept.get(0)).length)
                .mapToDouble(run -> Quantiles.quantile(
                        kept.stream()
                                .mapToDouble(s -> times.apply(s)[run] * typical / s.meanReference())
                                .toArray(),
                        LOW))
                .toArray();
    }
}
