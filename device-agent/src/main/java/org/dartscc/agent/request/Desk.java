package org.dartscc.agent.request;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import org.jboss.logging.Logger;

import org.dartscc.agent.child.ChildBench;
import org.dartscc.agent.child.ChildSettings;
import org.dartscc.agent.child.ChildTimer;
import org.dartscc.agent.device.AgentSettings;
import org.dartscc.agent.device.Orchestrator;
import org.dartscc.agent.drift.DriftCheck;
import org.dartscc.agent.model.ModelCheck;
import org.dartscc.agent.plan.KnownCosts;
import org.dartscc.agent.plan.Survey;
import org.dartscc.agent.probe.Profile;
import org.dartscc.agent.report.Publisher;
import org.dartscc.model.message.MeasurementRequest;
import org.dartscc.model.message.MeasurementRequest.MeasureModel;
import org.dartscc.model.message.MeasurementRequest.MeasureOperators;

/**
 * Where requests are worked off, one after the other, on the only thread that measures; between them the drift check
 * runs there.
 */
@ApplicationScoped
public class Desk {
    private static final Logger LOG = Logger.getLogger(Desk.class);
    private static final int SECONDS_TO_STOP = 10;
    private static final Duration REST = Duration.ofSeconds(10);

    private final AgentSettings settings;
    private final Publisher publisher;
    private final MeterRegistry meters;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(work -> new Thread(work, "measuring"));
    private volatile boolean stopped;
    private Equipment equipment;
    private long lastWork;

    /** Built on the measuring thread at first use, so that the agent is ready before anything is measured. */
    private record Equipment(ChildBench bench, Survey survey, DriftCheck drift, ModelCheck models) {}

    @Inject
    Desk(AgentSettings settings, Publisher publisher, MeterRegistry meters) {
        this.settings = settings;
        this.publisher = publisher;
        this.meters = meters;
    }

    void start(@Observes StartupEvent event) {
        var child = childSettings();
        child.profile().requireHere(child.onednnFolder());
        if (KnownCosts.hasUntold(stateFolder(), child.profile().name())) {
            thread.execute(this::sendUntold);
        }
        var interval = settings.agent().driftInterval();
        if (!interval.isZero()) {
            var unused = thread.scheduleWithFixedDelay(
                    this::checkDrift, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Answers a request; completes exceptionally with a CancellationException when the agent stops before. */
    CompletionStage<Void> answer(MeasurementRequest request) {
        if (stopped) {
            return CompletableFuture.failedFuture(new CancellationException("the agent stops"));
        }
        return CompletableFuture.runAsync(() -> work(request), thread);
    }

    private void work(MeasurementRequest request) {
        LOG.infof("request %s: %s", request.requestId(), describe(request));
        var timer = io.micrometer.core.instrument.Timer.start(meters);
        if (request instanceof MeasureOperators operators) {
            equipment().survey().answer(operators);
        } else if (request instanceof MeasureModel model) {
            try {
                publisher.model(equipment().models().answer(model), this::isStopped);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while a model was timed");
            }
        }
        restLater();
        timer.stop(meters.timer(
                "dartscc_agent_requests", "kind", request.getClass().getSimpleName()));
    }

    private static String describe(MeasurementRequest request) {
        return request instanceof MeasureOperators operators
                ? "measure %d operators and %d networks"
                        .formatted(
                                operators.operators().size(),
                                operators.networks().size())
                : "time model " + ((MeasureModel) request).modelId();
    }

    private void checkDrift() {
        try {
            if (!stopped && hasMeasured()) {
                var moved = equipment().drift().run();
                restLater();
                meters.counter("dartscc_agent_drift_checks").increment();
                meters.counter("dartscc_agent_drifted_kinds").increment(moved.size());
            }
        } catch (CancellationException e) {
            LOG.debug("the drift check was stopped");
        } catch (RuntimeException e) {
            LOG.warnf("the drift check failed: %s", e.getMessage());
        }
    }

    /** In this run or in one before it. */
    private boolean hasMeasured() {
        return equipment != null
                || KnownCosts.hasAny(stateFolder(), settings.device().profile());
    }

    private void sendUntold() {
        try {
            LOG.info("an earlier run of this agent measured costs that it could not send; sending them now");
            equipment();
            restLater();
        } catch (CancellationException e) {
            LOG.debug("the agent stopped before old costs were sent");
        } catch (RuntimeException e) {
            LOG.warnf("old costs are not sent before the next request: %s", e.getMessage());
        }
    }

    private Equipment equipment() {
        if (equipment == null) {
            equipment = equip();
            equipment.survey().tellUntold();
        }
        return equipment;
    }

    private Path stateFolder() {
        return settings.agent().stateFolder().orElse(null);
    }

    private Equipment equip() {
        var device = settings.device();
        var child = childSettings();
        var bench = new ChildBench(child);
        var fingerprint = bench.fingerprint();
        var clock = Clock.systemUTC();
        var known = KnownCosts.in(stateFolder(), device.id(), fingerprint, clock);
        bench.remember(known.referenceMicros());
        meters.gauge("dartscc_agent_open_sessions", bench, ChildBench::openSessions);
        var survey = new Survey(
                bench, known, device.id(), fingerprint, clock, updates -> publisher.costs(updates, this::isStopped));
        var models = new ModelCheck(
                new Orchestrator(settings.orchestrator().url(), device.token()),
                new ChildTimer(child, settings.agent().modelTimeLimit()),
                fingerprint,
                bench::referenceMicros,
                clock);
        LOG.infof("measuring as %s", fingerprint);
        return new Equipment(bench, survey, new DriftCheck(bench, known, survey), models);
    }

    private ChildSettings childSettings() {
        return new ChildSettings(
                Profile.of(settings.device().profile()),
                settings.machineLock().folder().orElse(null),
                settings.agent().onednnFolder().orElse(null));
    }

    /** An agent without work holds no runtime: the process that measures ends when there was nothing for a while. */
    private void rest() {
        if (equipment != null && System.nanoTime() - lastWork >= REST.toNanos()) {
            equipment.bench().close();
        }
    }

    private void restLater() {
        lastWork = System.nanoTime();
        if (!stopped) {
            var unused = thread.schedule(this::rest, REST.toMillis() + 1, TimeUnit.MILLISECONDS);
        }
    }

    private boolean isStopped() {
        return stopped;
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopped = true;
        thread.shutdownNow();
        if (thread.awaitTermination(SECONDS_TO_STOP, TimeUnit.SECONDS) && equipment != null) {
            equipment.bench().close();
        }
    }
}
