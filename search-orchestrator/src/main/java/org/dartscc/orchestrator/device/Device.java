package org.dartscc.orchestrator.device;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A registered device. */
@Entity
@Table(name = "device")
class Device {
    @Id
    String id;

    String name;
    String description;

    @Column(name = "token_hash")
    String tokenHash;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "last_seen")
    Instant lastSeen;

    @Column(name = "cost_revision")
    long costRevision;

    Device() {}

    Device(String id, String name, String description, String tokenHash, Instant createdAt) {
        this.id = id;
        this.name = name;
        this.description = description;
        this.tokenHash = tokenHash;
        this.createdAt = createdAt;
    }
}
