package org.dartscc.orchestrator.device;

import java.time.Instant;

import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.orchestrator.cost.DeviceCosts;

/**
 * A device as users see it.
 *
 * @param fingerprint the newest that costs were measured on; null before the first cost
 * @param measuredOperators number of operator signatures with a cost under that fingerprint
 * @param newestCostAt when the newest cost was measured; null before the first
 */
public record DeviceView(
        String id,
        String name,
        String description,
        Instant createdAt,
        Instant lastSeen,
        RuntimeFingerprint fingerprint,
        int measuredOperators,
        int measuredNetworks,
        long costVersion,
        Instant newestCostAt) {
    static DeviceView from(Device device, DeviceCosts costs) {
        return new DeviceView(
                device.id,
                device.name,
                device.description,
                device.createdAt,
                device.lastSeen,
                costs.fingerprint(),
                costs.operators().size(),
                costs.networks().size(),
                costs.revision(),
                costs.newest());
    }
}
