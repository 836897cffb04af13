package org.dartscc.model.cost;

/**
 * From the sum of a network's parts to its latency, both in microseconds: latency = sum + bend * max(0, sum - knee). It
 * only rises, so that whatever keeps a limit of one keeps that of the other. For what no sum can tell: a small network
 * stays in a cache that a larger one outgrows, and from there on everything takes longer.
 *
 * @param kneeMicros where it bends
 * @param bend by how much more than the sum the latency grows from there on, as .2; 0 for a straight line
 */
public record Curve(double kneeMicros, double bend) {
    public static final Curve STRAIGHT = new Curve(0, 0);

    public Curve {
        if (!(kneeMicros >= 0 && bend >= 0)) {
            throw new IllegalArgumentException(
                    "a latency must grow with the sum, so no bend of %s at %s us".formatted(bend, kneeMicros));
        }
    }

    public double latencyOf(double sumMicros) {
        return sumMicros + bend * Math.max(0, sumMicros - kneeMicros);
    }

    /** The sum that a network of this latency has. */
    public double sumOf(double latencyMicros) {
        return latencyMicros - bend / (1 + bend) * Math.max(0, latencyMicros - kneeMicros);
    }

    /** Latency over sum, for a small change at a network of this latency. */
    public double slopeAt(double latencyMicros) {
        return latencyMicros > kneeMicros ? 1 + bend : 1;
    }

    /** The curve of a device that takes a multiple of the time for everything. */
    public Curve scaled(double scale) {
        return new Curve(scale * kneeMicros, bend);
    }
}
