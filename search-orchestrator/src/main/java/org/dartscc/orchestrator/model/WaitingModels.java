package org.dartscc.orchestrator.model;

import java.time.Duration;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import org.dartscc.orchestrator.device.Devices;

/** Models that wait for a device whose agent fell silent: they don't wait for ever. */
@ApplicationScoped
class WaitingModels {
    private final Models models;
    private final Devices devices;
    private final Duration patience;

    /** While no orchestrator ran, nobody heard the agents: their silence counts from now. */
    private final Instant listeningSince = Instant.now();

    WaitingModels(
            Models models, Devices devices, @ConfigProperty(name = "dartscc.model.device-timeout") Duration patience) {
        this.models = models;
        this.devices = devices;
        this.patience = patience;
    }

    @Scheduled(
            every = "{dartscc.task.check}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> giveUp() {
        var limit = Instant.now().minus(patience);
        return listeningSince.isAfter(limit)
                ? Uni.createFrom().voidItem()
                : devices.refresh().chain(() -> models.failWhereUnheardSince(limit));
    }
}
