package org.dartscc.orchestrator.device;

import java.time.Instant;

/**
 * A registered device as it is kept in memory; {@code costRevision} and {@code lastSeen} are those of the database when
 * it was read.
 *
 * @param tokenHash null for an imported device, which nobody speaks for
 * @param lastSeen when its agent spoke last; null when it never did
 */
public record KnownDevice(String id, String name, String tokenHash, long costRevision, Instant lastSeen) {
    static KnownDevice from(Device device) {
        return new KnownDevice(device.id, device.name, device.tokenHash, device.costRevision, device.lastSeen);
    }

    /** Whether its costs come from a table. */
    public boolean isImported() {
        return tokenHash == null;
    }
}
