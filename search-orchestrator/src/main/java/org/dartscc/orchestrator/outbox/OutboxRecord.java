package org.dartscc.orchestrator.outbox;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** A record that is to be published once the transaction that it belongs to is committed. */
@Entity
@Table(name = "outbox")
class OutboxRecord {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    String topic;
    String key;
    Integer partition;
    String payload;

    OutboxRecord() {}

    OutboxRecord(String topic, String key, Integer partition, String payload) {
        this.topic = topic;
        this.key = key;
        this.partition = partition;
        this.payload = payload;
    }
}
