package org.dartscc.orchestrator.task;

import java.time.Instant;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import org.dartscc.model.message.TrainingTask;
import org.dartscc.orchestrator.messaging.MessageJson;

/** A training task and what became of it. */
@Entity
@Table(name = "task")
public class Task {
    enum State {
        OPEN,
        DONE,
        FAILED,
        CANCELLED
    }

    @Id
    private String id;

    @Column(name = "search_id")
    private String searchId;

    @Column(name = "model_id")
    private String modelId;

    private String payload;
    private int attempt;
    private int failures;

    @Enumerated(EnumType.STRING)
    private State state;

    private boolean started;

    @Column(name = "last_sign")
    private Instant lastSign;

    Task() {}

    Task(TrainingTask task, Instant now) {
        this.id = task.taskId();
        this.searchId = task.searchId();
        this.modelId = task instanceof TrainingTask.FinaliseModel finalise ? finalise.modelId() : null;
        this.payload = MessageJson.write(task);
        this.attempt = task.attempt();
        this.state = State.OPEN;
        this.lastSign = now;
    }

    /** Whether an outcome of that attempt counts: none has counted yet, and no newer attempt was published. */
    boolean accepts(int outcomeAttempt) {
        return state == State.OPEN && attempt == outcomeAttempt;
    }

    void done() {
        state = State.DONE;
    }

    void giveUp() {
        state = State.FAILED;
    }

    void signOfLife(Instant now) {
        started = true;
        lastSign = now;
    }

    /** The task under its next attempt, which fences off what older ones still send. */
    String again(Instant now) {
        attempt++;
        started = false;
        lastSign = now;
        payload = MessageJson.withAttempt(payload, attempt);
        return payload;
    }

    /** One more failed try; whether another may follow. */
    boolean failedOnce(int maxAttempts) {
        failures++;
        return failures < maxAttempts;
    }

    /** Why it counts as silent, in words for a user. */
    public String silence() {
        return started ? "the trainer of " + id + " fell silent" : "no trainer took " + id;
    }

    /** For the model's task, its model; null for a task of the search itself. */
    public String modelId() {
        return modelId;
    }

    public String id() {
        return id;
    }

    public String searchId() {
        return searchId;
    }
}
