package org.dartscc.orchestrator.outbox;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import org.dartscc.orchestrator.messaging.MessageJson;

/**
 * Records that are published exactly when the surrounding transaction is committed, at least once, in the order in
 * which they were added to one search.
 */
@ApplicationScoped
public class Outbox {

    /** Adds a record with a key. */
    public Uni<Void> add(Mutiny.Session session, String topic, String key, Object message) {
        return session.persist(new OutboxRecord(topic, key, null, MessageJson.write(message)));
    }

    /** Adds a record without a key, already JSON, for a given partition. */
    public Uni<Void> addJson(Mutiny.Session session, String topic, int partition, String message) {
        return session.persist(new OutboxRecord(topic, null, partition, message));
    }
}
