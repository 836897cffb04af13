package org.dartscc.agent.device;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import org.jboss.logging.Logger;

/** Tells the orchestrator now and then that this agent is there, also while it has nothing to measure. */
@ApplicationScoped
class SignOfLife {
    private static final Logger LOG = Logger.getLogger(SignOfLife.class);
    private static final Duration EVERY = Duration.ofSeconds(60);

    private final AgentSettings settings;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var made = new Thread(work, "sign-of-life");
        made.setDaemon(true);
        return made;
    });

    SignOfLife(AgentSettings settings) {
        this.settings = settings;
    }

    void start(@Observes StartupEvent event) {
        start(EVERY);
    }

    void start(Duration every) {
        var orchestrator = new Orchestrator(
                settings.orchestrator().url(), settings.device().token());
        var unused = thread.scheduleWithFixedDelay(
                () -> give(orchestrator), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void give(Orchestrator orchestrator) {
        try {
            orchestrator.identity();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RefusedException | IOException | RuntimeException e) {
            LOG.debugf("no sign of life could be given: %s", e.getMessage());
        }
    }

    void stop(@Observes ShutdownEvent event) {
        thread.shutdownNow();
    }
}
