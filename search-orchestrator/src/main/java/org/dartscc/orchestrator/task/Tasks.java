package org.dartscc.orchestrator.task;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingTask;
import org.dartscc.orchestrator.messaging.MessageJson;
import org.dartscc.orchestrator.outbox.Outbox;

/**
 * The training tasks. All methods work in the caller's transaction, which holds the lock of the task's search, so that
 * one task is never decided on twice at a time.
 */
@ApplicationScoped
public class Tasks {
    private static final Logger LOG = Logger.getLogger(Tasks.class);

    private final Outbox outbox;
    private final TaskConfig config;
    private final MeterRegistry metrics;

    Tasks(Outbox outbox, TaskConfig config, MeterRegistry metrics) {
        this.outbox = outbox;
        this.config = config;
        this.metrics = metrics;
    }

    /** Publishes a task unless it was published before. */
    public Uni<Void> plan(Mutiny.Session session, TrainingTask task) {
        return session.find(Task.class, task.taskId())
                .chain(known -> known != null
                        ? Uni.createFrom().voidItem()
                        : session.persist(new Task(task, Instant.now()))
                                .chain(() -> publish(session, MessageJson.write(task))));
    }

    /** Trainers compete by partition, so that tasks go round. */
    private Uni<Void> publish(Mutiny.Session session, String task) {
        return session.createNativeQuery("select nextval('task_number')", Long.class)
                .getSingleResult()
                .chain(number -> outbox.addJson(
                        session, Topics.TRAINING_TASKS, (int) (number % Topics.TRAINING_TASK_PARTITIONS), task));
    }

    /** The task that an outcome is of, if the outcome counts. */
    public Uni<Optional<Task>> accepting(Mutiny.Session session, String taskId, int attempt) {
        return session.find(Task.class, taskId)
                .map(task -> Optional.ofNullable(task).filter(t -> t.accepts(attempt)));
    }

    /** While no orchestrator ran, nobody heard the trainers: their silence counts from now. */
    public Uni<Void> listenAnew(Mutiny.Session session) {
        return session.createMutationQuery("update Task set lastSign = ?1 where state = OPEN")
                .setParameter(1, Instant.now())
                .executeUpdate()
                .replaceWithVoid();
    }

    public void done(Task task) {
        task.done();
    }

    public void signOfLife(Task task) {
        task.signOfLife(Instant.now());
    }

    /**
     * A try failed, or gave no sign of life: publishes the next attempt if one is left.
     *
     * @return whether the task goes on
     */
    public Uni<Boolean> retry(Mutiny.Session session, Task task, String reason, boolean retryable) {
        if (!task.failedOnce(config.maxAttempts()) || !retryable) {
            task.giveUp();
            return Uni.createFrom().item(false);
        }
        LOG.warnf("Task %s is published again: %s", task.id(), reason);
        metrics.counter("dartscc.tasks.republished").increment();
        return publish(session, task.again(Instant.now())).replaceWith(true);
    }

    /** Cancels what a search itself waits for; its models go on. */
    public Uni<Void> cancel(Mutiny.Session session, String searchId) {
        return session.createMutationQuery("update Task set state = CANCELLED"
                        + " where searchId = ?1 and modelId is null and state = OPEN")
                .setParameter(1, searchId)
                .executeUpdate()
                .replaceWithVoid();
    }

    /**
     * Open tasks without a sign of life for too long. A task that was started is judged by its own signs; one that
     * still waits in the queue is judged by the last sign of any task, since trainers work one task after another.
     */
    public Uni<List<Task>> silent(Mutiny.Session session) {
        var limit = Instant.now().minus(config.timeout());
        return session.createQuery(
                        "from Task t where t.state = OPEN and t.lastSign < ?1 and (t.started or not exists"
                                + " (from Task other where other.lastSign >= ?1 and other.started))",
                        Task.class)
                .setParameter(1, limit)
                .getResultList();
    }

    /** The task under the search's lock, if nothing was heard of it meanwhile. */
    public Uni<Optional<Task>> stillSilent(Mutiny.Session session, String taskId) {
        return silent(session)
                .map(all -> all.stream().filter(t -> t.id().equals(taskId)).findFirst());
    }
}
