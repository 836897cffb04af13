package org.dartscc.trainer.task;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.Record;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingOutcome;
import org.dartscc.model.message.TrainingTask;
import org.dartscc.model.turn.MachineTurn;
import org.dartscc.trainer.data.Datasets;
import org.dartscc.trainer.pace.Pace;

/**
 * Takes one task after the other. A task is acknowledged once the broker has its outcome; a task that the shutdown
 * breaks off is not, so that it is delivered again.
 */
@Liveness
@ApplicationScoped
public class TaskListener implements HealthCheck {
    private static final Logger LOG = Logger.getLogger(TaskListener.class);
    private static final long STEP_SECONDS = 60;

    private final LoadedEngine engine;
    private final Datasets datasets;
    private final ArtifactStore artifacts;
    private final MachineTurn turns;
    private final Emitter<Record<String, String>> outcomes;
    private final MeterRegistry meters;
    private final Pulse pulse = new Pulse(System::nanoTime);
    private volatile boolean stopping;

    TaskListener(
            LoadedEngine engine,
            Datasets datasets,
            ArtifactStore artifacts,
            MachineTurn turns,
            @Channel(Topics.TRAINING_RESULTS) Emitter<Record<String, String>> outcomes,
            MeterRegistry meters) {
        this.engine = engine;
        this.datasets = datasets;
        this.artifacts = artifacts;
        this.turns = turns;
        this.outcomes = outcomes;
        this.meters = meters;
    }

    @Incoming(Topics.TRAINING_TASKS)
    @Blocking("trainer")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    CompletionStage<Void> perform(Message<byte[]> message) {
        TrainingTask task;
        try {
            task = TaskJson.read(message.getPayload());
        } catch (IllegalArgumentException e) {
            meters.counter("dartscc.tasks.unreadable").increment();
            return message.nack(e);
        }
        try (var beat = pulse.begin()) {
            answer(task, perform(task));
            return message.ack();
        } catch (Pace.StoppedException e) {
            LOG.infof("task %s is left to be done again: %s", task.taskId(), e.getMessage());
            return CompletableFuture.completedFuture(null);
        }
    }

    private TrainingOutcome perform(TrainingTask task) {
        LOG.infof(
                "task %s of search %s: %s",
                task.taskId(), task.searchId(), task.getClass().getSimpleName());
        var timer = Timer.start(meters);
        var reports = new ProgressReports(task, System::nanoTime, this::send);
        var pace = new Pace(turns, () -> stopping, (what, done, total, loss) -> {
            pulse.beat();
            reports.advanced(what, done, total, loss);
        });
        pace.report("starting", 0, 1, null);
        var outcome = perform(task, pace);
        timer.stop(meters.timer("dartscc.tasks", "outcome", outcome.getClass().getSimpleName()));
        LOG.infof("task %s: %s", task.taskId(), outcome);
        return outcome;
    }

    /** A bug must not make a task come back for ever, nor leave its search waiting. */
    private TrainingOutcome perform(TrainingTask task, Pace pace) {
        try {
            return new TaskRunner(engine.await(), engine.threads(), datasets, artifacts).run(task, pace);
        } catch (Pace.StoppedException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.errorf(e, "task %s", task.taskId());
            return TaskRunner.failed(task, "the trainer failed: " + e, true);
        } catch (OutOfMemoryError e) {
            return TaskRunner.failed(task, "the trainer has too little memory: " + e.getMessage(), true);
        }
    }

    /** Waits until the broker has the outcome: the work behind it must not be lost to an absent broker. */
    private void answer(TrainingTask task, TrainingOutcome outcome) {
        while (true) {
            try {
                send(outcome).toCompletableFuture().join();
                return;
            } catch (RuntimeException e) {
                LOG.warnf("the outcome of task %s can't be sent yet: %s", task.taskId(), e.getMessage());
                pulse.beat();
                if (stopping) {
                    throw e;
                }
            }
        }
    }

    private CompletionStage<Void> send(TrainingOutcome outcome) {
        return outcomes.send(Record.of(outcome.searchId(), TaskJson.write(outcome)));
    }

    /** Lets the step under way end, since native code must not outlive what it works on. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        if (!pulse.awaitIdle(STEP_SECONDS, TimeUnit.SECONDS)) {
            LOG.warn("the task under way did not end its step in time");
        }
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("training goes on")
                .status(!pulse.isStuck())
                .build();
    }
}
