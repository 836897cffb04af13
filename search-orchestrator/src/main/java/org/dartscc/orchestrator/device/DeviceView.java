package org.dartscc.orchestrator.device;

import java.time.Instant;

import org.dartscc.model.cost.RuntimeFingerprint;

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
        Instant newestCostAt) {}
