package org.dartscc.trainer.task;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import jakarta.enterprise.inject.Default;
import jakarta.inject.Singleton;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.Startup;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;

import org.dartscc.trainer.supernet.NativeEngine;

/**
 * Loads the tensor engine beside the start of the application: its first start unpacks hundreds of megabytes. A worker
 * without it would only eat tasks, so it ends instead.
 */
@Startup
@Readiness
@Default
@Singleton
class LoadedEngine implements HealthCheck {
    private static final Logger LOG = Logger.getLogger(LoadedEngine.class);

    private final int threads;
    private final CompletableFuture<NativeEngine> engine;

    LoadedEngine(@ConfigProperty(name = "dartscc.trainer.threads") Optional<Integer> threads) {
        this.threads = threads.orElseGet(() -> Runtime.getRuntime().availableProcessors());
        if (this.threads < 1) {
            throw new IllegalArgumentException("dartscc.trainer.threads must be at least 1, not " + this.threads);
        }
        this.engine = CompletableFuture.supplyAsync(() -> NativeEngine.load(this.threads))
                .whenComplete((loaded, failure) -> {
                    if (failure != null) {
                        LOG.error("the tensor engine can't be loaded; the trainer ends", failure);
                        Quarkus.asyncExit(1);
                    }
                });
    }

    int threads() {
        return threads;
    }

    /** The engine, as soon as it is loaded. */
    NativeEngine await() {
        return engine.join();
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("tensor engine loaded")
                .status(engine.isDone() && !engine.isCompletedExceptionally())
                .withData("threads", threads)
                .build();
    }
}
