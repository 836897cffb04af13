package org.dartscc.orchestrator.outbox;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import org.dartscc.orchestrator.database.Database;

/**
 * Publishes the outbox in order. A row is deleted in the transaction that saw the broker acknowledge it, so that a crash
 * in between publishes it again: consumers are idempotent. A lock in the database lets one relay work at a time,
 * whatever the number of orchestrators.
 */
@ApplicationScoped
public class OutboxRelay {
    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
    private static final long RELAY_LOCK = 0xDA275CC0L;
    private static final int BATCH = 100;

    private final Database database;
    private final MutinyEmitter<String> emitter;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean again = new AtomicBoolean();

    OutboxRelay(Database database, @Channel("outbox") MutinyEmitter<String> emitter) {
        this.database = database;
        this.emitter = emitter;
    }

    /** Something was committed to the outbox. */
    public void wake() {
        again.set(true);
        runUnlessRunning();
    }

    /** Finds what a crashed orchestrator left behind. */
    @Scheduled(every = "1s", skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void sweep() {
        wake();
    }

    private void runUnlessRunning() {
        if (again.get() && running.compareAndSet(false, true)) {
            again.set(false);
            database.inTransaction(this::publishBatch)
                    .subscribe()
                    .with(
                            published -> {
                                again.compareAndSet(false, published == BATCH);
                                finish();
                            },
                            failure -> {
                                // The rows are still there: the next sweep publishes them.
                                LOG.warn("The outbox could not be published: " + failure.getMessage());
                                running.set(false);
                            });
        }
    }

    private void finish() {
        running.set(false);
        runUnlessRunning();
    }

    /** Number of records published. */
    private Uni<Integer> publishBatch(Mutiny.Session session) {
        return session.createNativeQuery("select pg_try_advisory_xact_lock(?1)", Boolean.class)
                .setParameter(1, RELAY_LOCK)
                .getSingleResult()
                .chain(ours -> ours ? oldest(session) : Uni.createFrom().item(List.<OutboxRecord>of()))
                .chain(records -> publish(session, records).replaceWith(records.size()));
    }

    private static Uni<List<OutboxRecord>> oldest(Mutiny.Session session) {
        return session.createQuery("from OutboxRecord order by id", OutboxRecord.class)
                .setMaxResults(BATCH)
                .getResultList();
    }

    private Uni<Void> publish(Mutiny.Session session, List<OutboxRecord> records) {
        return Multi.createFrom()
                .iterable(records)
                .onItem()
                .transformToUniAndConcatenate(this::send)
                .collect()
                .last()
                .chain(() -> session.removeAll(records.toArray()));
    }

    private Uni<Void> send(OutboxRecord row) {
        var metadata = OutgoingKafkaRecordMetadata.<String>builder().withTopic(row.topic);
        if (row.key != null) {
            metadata.withKey(row.key);
        }
        if (row.partition != null) {
            metadata.withPartition(row.partition);
        }
        return emitter.sendMessage(Message.of(row.payload).addMetadata(metadata.build()));
    }
}
