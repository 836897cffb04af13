package org.dartscc.orchestrator.device;

/** A registered device as it is kept in memory; {@code costRevision} is that of the database when it was read. */
public record KnownDevice(String id, String name, String tokenHash, long costRevision) {
    static KnownDevice from(Device device) {
        return new KnownDevice(device.id, device.name, device.tokenHash, device.costRevision);
    }
}
