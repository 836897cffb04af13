package org.dartscc.orchestrator.cost;

import java.time.Instant;

/**
 * One cost in microseconds.
 *
 * @param watts energy per time of a whole network; null where it was never measured
 */
public record MeasuredCost(
        double medianMicros, double spreadMicros, int samples, long version, Instant measuredAt, Double watts) {
    /** Of two costs of one thing the newer; power that only the older one knows is kept. */
    MeasuredCost or(MeasuredCost other) {
        boolean isOlder = version < other.version;
        var newer = isOlder ? other : this;
        var older = isOlder ? this : other;
        return newer.watts != null || older.watts == null
                ? newer
                : new MeasuredCost(
                        newer.medianMicros,
                        newer.spreadMicros,
                        newer.samples,
                        newer.version,
                        newer.measuredAt,
                        older.watts);
    }
}
