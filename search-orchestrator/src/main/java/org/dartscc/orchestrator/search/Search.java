package org.dartscc.orchestrator.search;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import com.fasterxml.jackson.core.type.TypeReference;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.message.DatasetInfo;
import org.dartscc.model.message.DatasetSpec;
import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingOutcome;
import org.dartscc.model.message.TrainingTask;
import org.dartscc.model.method.SearchMethodName;
import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.selection.Diagnostics;
import org.dartscc.model.selection.Proposal;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SpaceDefinition;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.orchestrator.messaging.MessageJson;

/**
 * A search: what happened to it so far, and the tasks that are due because of it. It decides alone; loading, publishing
 * and locking are others' work.
 */
@Entity
@Table(name = "search")
public class Search {
    private static final int FIRST_ATTEMPT = 1;
    private static final int SHARDS = 1;
    /** A search of fewer rounds is over before an early front would be of use. */
    private static final int FEWEST_ROUNDS_FOR_EARLY_FIT = 4;
    /** Supernet steps for each subnet evaluated in a fit, which keeps the share of time that fits take. */
    private static final int STEPS_PER_SUBNET = 30;

    private static final int FEWEST_SUBNETS = 16;
    private static final int MOST_SUBNETS = 96;
    private static final TypeReference<List<RoundLoss>> LOSSES = new TypeReference<>() {};
    private static final TypeReference<List<Proposal>> PROPOSALS = new TypeReference<>() {};

    @Id
    private String id;

    private String name;
    private String dataset;
    private String space;

    /** Of a user's own space, as JSON; null for a registered one. */
    @Column(name = "space_definition")
    private String spaceDefinition;

    private String method;
    private long seed;
    private Integer epochs;

    @Column(name = "steps_total")
    private Integer stepsTotal;

    @Column(name = "round_steps")
    private int roundSteps;

    @Column(name = "batch_size")
    private int batchSize;

    @Enumerated(EnumType.STRING)
    private SearchState state;

    @Enumerated(EnumType.STRING)
    @Column(name = "paused_state")
    private SearchState pausedState;

    private String failure;

    @Column(name = "dataset_info")
    private String datasetInfo;

    private int round;

    @Column(name = "steps_done")
    private int stepsDone;

    @Column(name = "steps_live")
    private int stepsLive;

    private Double loss;
    private String losses;

    @Column(name = "seconds_per_step")
    private Double secondsPerStep;

    private String activity;
    private String checkpoint;
    private String estimate;
    private String hypernetwork;
    private String proposals;
    private String diagnostics;

    @Column(name = "fit_number")
    private int fitNumber;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "updated_at")
    private Instant updatedAt;

    Search() {}

    Search(String id, NewSearch order, Instant now) {
        this.id = id;
        this.name = order.name();
        this.dataset = order.dataset();
        var definition = order.definition();
        this.space = definition.map(SpaceDefinition::id).orElse(order.space());
        this.spaceDefinition = definition.map(MessageJson::write).orElse(null);
        this.method = order.method();
        this.seed = order.seed();
        this.epochs = order.epochs();
        this.stepsTotal = order.steps();
        this.roundSteps = NewSearch.ROUND_STEPS;
        this.batchSize = NewSearch.BATCH_SIZE;
        this.state = SearchState.CREATED;
        this.losses = "[]";
        this.createdAt = now;
        this.updatedAt = now;
    }

    // What happens.

    /**
     * The data set is known. A space that can't take its images, or too few classes, fails the search.
     */
    public void inspected(DatasetInfo info, Instant now) {
        datasetInfo = MessageJson.write(info);
        updatedAt = now;
        if (stepsTotal == null) {
            stepsTotal = Math.max(1, epochs * ceilDiv(info.trainImages(), batchSize));
        }
        try {
            SearchMethodName.of(method).requireTakes(spaceSpec().create());
        } catch (IllegalArgumentException e) {
            fail(e.getMessage(), now);
            return;
        }
        move(current().inspected());
    }

    /** The devices have measured what they can. */
    void measured(Instant now) {
        if (current() == SearchState.MEASURING) {
            move(current().measured());
            updatedAt = now;
        }
    }

    public void progressed(TrainingOutcome.Progress progress, Instant now) {
        activity = progress.what();
        if (progress.taskId().equals(roundTaskId()) && progress.loss() != null && Double.isFinite(progress.loss())) {
            loss = progress.loss();
            stepsLive = Math.max(0, Math.min(progress.done(), roundSteps));
        }
        updatedAt = now;
    }

    public void roundCompleted(TrainingOutcome.RoundCompleted outcome, Instant now) {
        round = outcome.round() + 1;
        stepsDone = Math.min(stepsTotal, stepsDone + outcome.steps());
        stepsLive = 0;
        if (Double.isFinite(outcome.meanLoss())) {
            loss = outcome.meanLoss();
            var all = new ArrayList<>(losses());
            all.add(new RoundLoss(outcome.round(), stepsDone, outcome.meanLoss()));
            losses = MessageJson.write(all);
        }
        double seconds = outcome.seconds() / Math.max(1, outcome.steps());
        secondsPerStep = secondsPerStep == null ? seconds : (secondsPerStep + seconds) / 2;
        checkpoint = MessageJson.write(outcome.checkpoint());
        updatedAt = now;
    }

    /** The newest fit counts; the one after the last round makes the search ready. */
    public void tradeoffFitted(TrainingOutcome.TradeoffFitted outcome, Instant now) {
        boolean isLast = outcome.taskId().equals(taskId("fit-final"));
        if (isLast || current() != SearchState.READY) {
            estimate = MessageJson.write(outcome.estimate());
            hypernetwork = outcome.hypernetwork() == null ? null : MessageJson.write(outcome.hypernetwork());
            proposals = MessageJson.write(outcome.proposals());
            diagnostics = outcome.diagnostics() == null ? null : MessageJson.write(outcome.diagnostics());
            fitNumber++;
        }
        if (isLast) {
            activity = null;
            move(current().fitted());
        }
        updatedAt = now;
    }

    void pause(Instant now) {
        var before = state;
        state = state.paused();
        pausedState = before;
        updatedAt = now;
    }

    void resume(Instant now) {
        state = state.resumedTo(pausedState);
        pausedState = null;
        updatedAt = now;
    }

    void cancel(Instant now) {
        state = state.cancelled();
        pausedState = null;
        activity = null;
        updatedAt = now;
    }

    public void fail(String reason, Instant now) {
        state = state.failed();
        pausedState = null;
        activity = null;
        failure = reason;
        updatedAt = now;
    }

    /** Where the search stands, or stood when it was paused: what ran then still ends. */
    private SearchState current() {
        return state == SearchState.PAUSED ? pausedState : state;
    }

    private void move(SearchState next) {
        if (state == SearchState.PAUSED) {
            pausedState = next;
        } else {
            state = next;
        }
    }

    // What is due.

    /**
     * The tasks that are due. Their ids are made of the search and the place in its plan, so that planning one twice
     * makes one.
     *
     * @param devices newest tables of the devices that have measured the whole space
     */
    List<TrainingTask> due(List<CostTable> devices) {
        if (state == SearchState.CREATED) {
            return List.of(new TrainingTask.InspectDataset(
                    Topics.SCHEMA_VERSION, taskId("inspect"), id, FIRST_ATTEMPT, datasetSpec()));
        }
        if (state != SearchState.TRAINING) {
            return List.of();
        }
        if (stepsDone >= stepsTotal) {
            return List.of(fit("fit-final", subnets(), devices));
        }
        return isEarlyFitDue()
                ? List.of(fit("fit-early", Math.max(FEWEST_SUBNETS, subnets() / 2), devices), nextRound(devices))
                : List.of(nextRound(devices));
    }

    private boolean isEarlyFitDue() {
        return rounds() >= FEWEST_ROUNDS_FOR_EARLY_FIT && 2 * stepsDone >= stepsTotal;
    }

    private TrainingTask nextRound(List<CostTable> devices) {
        return new TrainingTask.TrainRound(
                Topics.SCHEMA_VERSION,
                roundTaskId(),
                id,
                FIRST_ATTEMPT,
                spaceSpec(),
                datasetSpec(),
                method,
                seed,
                round,
                0,
                SHARDS,
                stepsDone,
                Math.min(roundSteps, stepsTotal - stepsDone),
                stepsTotal,
                batchSize,
                checkpoint().orElse(null),
                devices);
    }

    private TrainingTask fit(String what, int subnets, List<CostTable> devices) {
        return new TrainingTask.FitTradeoff(
                Topics.SCHEMA_VERSION,
                taskId(what),
                id,
                FIRST_ATTEMPT,
                spaceSpec(),
                datasetSpec(),
                seed,
                subnets,
                checkpoint().orElse(null),
                devices);
    }

    private int subnets() {
        return Math.max(FEWEST_SUBNETS, Math.min(MOST_SUBNETS, stepsTotal / STEPS_PER_SUBNET));
    }

    /** The task that finalises a candidate of a model with the newest weights. */
    public TrainingTask finalise(String modelId, int candidate, Genotype genotype, int fineTuneEpochs) {
        return new TrainingTask.FinaliseModel(
                Topics.SCHEMA_VERSION,
                modelId + "/finalise-" + candidate,
                id,
                FIRST_ATTEMPT,
                spaceSpec(),
                datasetSpec(),
                seed,
                modelId,
                genotype,
                fineTuneEpochs,
                checkpoint().orElseThrow());
    }

    private String roundTaskId() {
        return taskId("round-" + round + "-shard-0");
    }

    private String taskId(String what) {
        return id + "/" + what;
    }

    private static int ceilDiv(int dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    // What is known.

    public String id() {
        return id;
    }

    public String name() {
        return name;
    }

    public String dataset() {
        return dataset;
    }

    public String space() {
        return space;
    }

    /** Null for a registered space. */
    SpaceDefinition spaceDefinition() {
        return MessageJson.stored(spaceDefinition, SpaceDefinition.class);
    }

    public String method() {
        return method;
    }

    public long seed() {
        return seed;
    }

    public SearchState state() {
        return state;
    }

    public String failure() {
        return failure;
    }

    public int fitNumber() {
        return fitNumber;
    }

    int round() {
        return round;
    }

    /** Null while the length of an epoch is unknown. */
    Integer stepsTotal() {
        return stepsTotal;
    }

    int stepsDone() {
        return stepsDone + stepsLive;
    }

    /** Null while the number of steps is unknown. */
    Integer rounds() {
        return stepsTotal == null ? null : ceilDiv(stepsTotal, roundSteps);
    }

    Double loss() {
        return loss;
    }

    List<RoundLoss> losses() {
        return MessageJson.stored(losses, LOSSES);
    }

    String activity() {
        return activity;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant updatedAt() {
        return updatedAt;
    }

    /** Seconds until the last step, from the rounds so far; null before the first, and after the last: answers follow. */
    Double etaSeconds() {
        return secondsPerStep == null
                        || stepsTotal == null
                        || state != SearchState.TRAINING
                        || stepsDone() >= stepsTotal
                ? null
                : secondsPerStep * (stepsTotal - stepsDone());
    }

    public DatasetInfo datasetInfo() {
        return MessageJson.stored(datasetInfo, DatasetInfo.class);
    }

    /** The space for the data set's images; only after the data set was inspected. */
    public SpaceSpec spaceSpec() {
        var info = datasetInfo();
        return new SpaceSpec(space, info.image(), info.classNames().size(), spaceDefinition());
    }

    boolean isInspected() {
        return datasetInfo != null;
    }

    private DatasetSpec datasetSpec() {
        return new DatasetSpec(dataset, seed);
    }

    public Optional<ArtifactRef> checkpoint() {
        return Optional.ofNullable(MessageJson.stored(checkpoint, ArtifactRef.class));
    }

    /** Empty before the first fit. */
    public Optional<AccuracyEstimate> estimate() {
        return Optional.ofNullable(MessageJson.stored(estimate, AccuracyEstimate.class));
    }

    public Optional<ArtifactRef> hypernetwork() {
        return Optional.ofNullable(MessageJson.stored(hypernetwork, ArtifactRef.class));
    }

    /** What the method answers with; empty when answers come from the estimate. */
    public List<Proposal> proposals() {
        return proposals == null ? List.of() : MessageJson.stored(proposals, PROPOSALS);
    }

    /** Null before the first fit. */
    Diagnostics diagnostics() {
        return MessageJson.stored(diagnostics, Diagnostics.class);
    }
}
