package org.dartscc.orchestrator.database;

import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.common.vertx.VertxContext;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import org.hibernate.reactive.mutiny.Mutiny;

/**
 * Transactions of Hibernate Reactive. Each runs on a context of its own, so that it can be started from any thread and
 * never shares a session with what surrounds it.
 */
@ApplicationScoped
public class Database {
    private final Mutiny.SessionFactory sessions;
    private final VertxInternal vertx;

    Database(Mutiny.SessionFactory sessions, Vertx vertx) {
        this.sessions = sessions;
        this.vertx = (VertxInternal) vertx;
    }

    /**
     * Runs the work in one transaction, committed when the work completes. Fails with {@link DatabaseAwayException} when
     * there is no database to talk to.
     */
    public <T> Uni<T> inTransaction(Function<Mutiny.Session, Uni<T>> work) {
        return Uni.createFrom()
                .<T>emitter(emitter -> onFreshContext(
                        () -> sessions.withTransaction(work).subscribe().with(emitter::complete, emitter::fail)))
                .onFailure(DatabaseAwayException::isCauseOf)
                .transform(DatabaseAwayException::new);
    }

    private void onFreshContext(Runnable work) {
        var context = VertxContext.createNewDuplicatedContext(vertx.createEventLoopContext());
        VertxContextSafetyToggle.setContextSafe(context, true);
        context.runOnContext(ignored -> work.run());
    }
}
