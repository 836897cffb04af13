package org.dartscc.orchestrator.messaging;

import java.time.Duration;
import java.util.function.Supplier;

import io.smallrye.mutiny.Uni;
import org.jboss.logging.Logger;

import org.dartscc.orchestrator.database.DatabaseAwayException;

/** How a record is worked off so that nothing is lost and nothing blocks for ever. */
public final class Consuming {
    private static final Logger LOG = Logger.getLogger(Consuming.class);
    private static final int TRIES = 3;

    private Consuming() {}

    /**
     * Waits for the database as long as it is away, tries other failures a few times, and then fails: the record is
     * dead-lettered. Poison fails at once.
     */
    public static Uni<Void> reliably(Supplier<Uni<Void>> work) {
        return Uni.createFrom()
                .deferred(work::get)
                .onFailure(DatabaseAwayException.class)
                .invoke(e -> LOG.warn("A record waits: " + e.getMessage()))
                .onFailure(DatabaseAwayException.class)
                .retry()
                .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(5))
                .indefinitely()
                .onFailure(e -> !(e instanceof PoisonRecordException))
                .retry()
                .withBackOff(Duration.ofMillis(100))
                .atMost(TRIES)
                .onFailure()
                .invoke(e -> LOG.error("A record goes to its dead-letter topic: " + e.getMessage()));
    }
}
