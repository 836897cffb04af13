package org.dartscc.orchestrator.search;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

import org.dartscc.orchestrator.cost.DeviceCosts;

/** A device that a search measures for, and the last request for measurements that was sent to it. */
@Entity
@Table(name = "search_device")
class SearchDevice {
    @Embeddable
    record Key(
            @Column(name = "search_id") String searchId,
            @Column(name = "device_id") String deviceId) implements Serializable {}

    @EmbeddedId
    private Key key;

    @Column(name = "requested_at")
    private Instant requestedAt;

    @Column(name = "requested_for")
    private String requestedFor;

    SearchDevice() {}

    SearchDevice(String searchId, String deviceId) {
        this.key = new Key(searchId, deviceId);
    }

    String deviceId() {
        return key.deviceId();
    }

    String searchId() {
        return key.searchId();
    }

    /**
     * Whether what is missing must be asked for: it never was, or the device now reports under another fingerprint, or
     * the device fell silent in the middle. A device that has not answered at all still has the request in its topic.
     */
    boolean needsRequest(DeviceCosts costs, Duration silence, Instant now) {
        if (requestedAt == null) {
            return true;
        }
        if (requestedFor == null) {
            requestedFor = costs.fingerprintHash();
        }
        if (requestedFor != null && !requestedFor.equals(costs.fingerprintHash())) {
            return true;
        }
        return costs.newest() != null
                && costs.newest().isAfter(requestedAt)
                && costs.newest().plus(silence).isBefore(now);
    }

    void requested(DeviceCosts costs, Instant now) {
        requestedAt = now;
        requestedFor = costs.fingerprintHash();
    }
}
