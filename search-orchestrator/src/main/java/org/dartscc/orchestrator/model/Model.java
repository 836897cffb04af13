package org.dartscc.orchestrator.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

import com.fasterxml.jackson.core.type.TypeReference;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.message.DatasetInfo;
import org.dartscc.model.message.ExportedModel;
import org.dartscc.model.message.MeasurementRequest;
import org.dartscc.model.message.ModelMeasurement;
import org.dartscc.model.message.ModelRequest;
import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingOutcome;
import org.dartscc.model.selection.Budget;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.orchestrator.messaging.MessageJson;
import org.dartscc.orchestrator.selection.Architecture;
import org.dartscc.orchestrator.selection.Selection;

/**
 * A model on its way to a device: finalised, exported, timed; and when it turns out slower than its budget, the next
 * candidate in its place. What arrives late, twice, or for an older candidate is recognised and changes nothing.
 */
@Entity
@Table(name = "model")
class Model {
    static final int MOST_ATTEMPTS = 5;

    private static final int MOST_MEASUREMENT_FAILURES = 3;
    private static final String RANDOM = "random";
    /** Half an interquartile range of a normal distribution, per distance of the 90th percentile from the median. */
    private static final double HALF_RANGE_PER_TAIL = .6745 / 1.2816;

    private static final TypeReference<List<Attempt>> ATTEMPTS = new TypeReference<>() {};

    @Id
    private String id;

    @Column(name = "architecture_id")
    private String architectureId;

    @Column(name = "search_id")
    private String searchId;

    @Column(name = "device_id")
    private String deviceId;

    @Enumerated(EnumType.STRING)
    private ModelState state;

    private int attempt;

    @Column(name = "fine_tune_epochs")
    private int fineTuneEpochs;

    private String strategy;
    private String budget;
    private String attempts;
    private String onnx;

    @Column(name = "parity_max_abs_diff")
    private Double parityMaxAbsDiff;

    @Column(name = "dataset_info")
    private String datasetInfo;

    @Column(name = "measurement_failures")
    private int measurementFailures;

    @Enumerated(EnumType.STRING)
    private Verification verification = Verification.PENDING;

    private String failure;

    @Column(name = "created_at")
    private Instant createdAt;

    @Column(name = "updated_at")
    private Instant updatedAt;

    Model() {}

    Model(String id, Architecture architecture, int fineTuneEpochs, Instant now) {
        this.id = id;
        this.architectureId = architecture.id();
        this.searchId = architecture.searchId();
        this.deviceId = architecture.deviceId();
        this.fineTuneEpochs = fineTuneEpochs;
        this.strategy = architecture.strategy();
        this.budget = MessageJson.write(architecture.budget());
        this.attempts = "[]";
        this.createdAt = now;
        begin(Attempt.of(1, architecture.candidate(), architecture.costVersion(), null), now);
    }

    private void begin(Attempt next, Instant now) {
        attempt = next.attempt();
        state = ModelState.REQUESTED;
        onnx = null;
        parityMaxAbsDiff = null;
        measurementFailures = 0;
        var all = new ArrayList<>(attempts());
        all.add(next);
        attempts = MessageJson.write(all);
        updatedAt = now;
    }

    private void replaceCurrent(Attempt changed, Instant now) {
        var all = new ArrayList<>(attempts());
        all.set(all.size() - 1, changed);
        attempts = MessageJson.write(all);
        updatedAt = now;
    }

    /** A trainer gave a sign of life. */
    void begun(Instant now) {
        if (state == ModelState.REQUESTED) {
            state = ModelState.FINALISING;
            updatedAt = now;
        }
    }

    /** The weights are there: what the exporter is to make of them. */
    Optional<ModelRequest> finalised(TrainingOutcome.ModelFinalised outcome, SpaceSpec space, Instant now) {
        if (state != ModelState.REQUESTED && state != ModelState.FINALISING) {
            return Optional.empty();
        }
        state = ModelState.EXPORTING;
        datasetInfo = MessageJson.write(outcome.dataset());
        replaceCurrent(current().evaluated(outcome), now);
        return Optional.of(new ModelRequest(
                Topics.SCHEMA_VERSION,
                id,
                searchId,
                deviceId,
                attempt,
                space,
                current().genotype(),
                outcome.weights(),
                outcome.reference(),
                outcome.dataset(),
                outcome.validationAccuracy(),
                outcome.testAccuracy(),
                current().predictedLatencyMicros(),
                current().costVersion()));
    }

    /**
     * The file is there and equals the supernet: what the device's agent is to do with it. Nobody can time it on an
     * imported device; then it is ready, and says so.
     */
    Optional<MeasurementRequest> exported(ExportedModel.Exported exported, boolean canBeTimed, Instant now) {
        if (!isExporting(exported)) {
            return Optional.empty();
        }
        var fileLimit = budget().fileBytes();
        if (fileLimit != null && exported.onnx().sizeBytes() > fileLimit) {
            fail(
                    "The file has %d bytes, over the budget of %d"
                            .formatted(exported.onnx().sizeBytes(), fileLimit),
                    now);
            return Optional.empty();
        }
        onnx = MessageJson.write(exported.onnx());
        parityMaxAbsDiff = exported.parityMaxAbsDiff();
        updatedAt = now;
        if (!canBeTimed) {
            verification = Verification.NOT_POSSIBLE;
            state = ModelState.READY;
            return Optional.empty();
        }
        state = ModelState.VERIFYING;
        return Optional.of(measurementRequest());
    }

    void exportFailed(ExportedModel.Failed failed, Instant now) {
        if (isExporting(failed)) {
            fail("The export failed: " + failed.reason(), now);
        }
    }

    private boolean isExporting(ExportedModel answer) {
        return state == ModelState.EXPORTING && answer.attempt() == attempt;
    }

    private MeasurementRequest measurementRequest() {
        return new MeasurementRequest.MeasureModel(
                Topics.SCHEMA_VERSION,
                requestId(),
                deviceId,
                id,
                onnx().orElseThrow(),
                datasetInfo().image());
    }

    /** Of one try to time one candidate; an answer to another one is ignored. */
    private String requestId() {
        return id + "/measure-" + attempt + "-" + measurementFailures;
    }

    private boolean isVerifying(ModelMeasurement answer) {
        return state == ModelState.VERIFYING && requestId().equals(answer.requestId());
    }

    /**
     * The device timed the file. It is ready when it keeps its budget of latency and of energy; a random architecture is
     * there to be compared, whatever it takes.
     *
     * @return whether the budget is broken, so that another candidate must follow
     */
    boolean timed(ModelMeasurement.Timed timed, Instant now) {
        if (!isVerifying(timed)) {
            return false;
        }
        replaceCurrent(current().measured(timed), now);
        var budget = budget();
        boolean isRandom = strategy.equals(RANDOM);
        if (budget.energyMicrojoules() != null && timed.energyMicrojoules() == null && !isRandom) {
            fail(
                    "The device timed the model and could not measure its energy: "
                            + current().energyNote(),
                    now);
            return false;
        }
        if (isRandom
                || keeps(budget.latencyMicros(), timed.p50Micros())
                        && keeps(budget.energyMicrojoules(), timed.energyMicrojoules())) {
            state = ModelState.READY;
            verification = Verification.MEASURED;
            return false;
        }
        return true;
    }

    private static boolean keeps(Double limit, Double measured) {
        return limit == null || measured <= limit;
    }

    /** The device could not time it: another try, or the end. */
    Optional<MeasurementRequest> measurementFailed(String requestId, String reason, Instant now) {
        if (state != ModelState.VERIFYING || !requestId().equals(requestId)) {
            return Optional.empty();
        }
        measurementFailures++;
        if (measurementFailures >= MOST_MEASUREMENT_FAILURES) {
            fail("The device could not time the model: " + reason, now);
            return Optional.empty();
        }
        updatedAt = now;
        return Optional.of(measurementRequest());
    }

    boolean hasAttemptsLeft() {
        return attempt < MOST_ATTEMPTS;
    }

    void tryNext(Selection.Next next, long costVersion, Instant now) {
        begin(Attempt.of(attempt + 1, next.candidate(), costVersion, next.marginShare()), now);
    }

    void fail(String reason, Instant now) {
        state = ModelState.FAILED;
        failure = reason;
        updatedAt = now;
    }

    /** What was measured, in words for a failure. */
    String measuredSoFar() {
        var text = new StringBuilder();
        attempts().stream().filter(a -> a.measuredP50Micros() != null).forEach(a -> text.append(
                        text.isEmpty() ? "" : "; ")
                .append("%s predicted %.1f, measured %.1f"
                        .formatted(a.genotype(), a.predictedLatencyMicros(), a.measuredP50Micros()))
                .append(a.energyMicrojoules() == null ? "" : ", %.1f microjoules".formatted(a.energyMicrojoules())));
        return text.toString();
    }

    List<Attempt> attempts() {
        return MessageJson.stored(attempts, ATTEMPTS);
    }

    /** The candidate in hand; in the end, the one that ships. */
    Attempt current() {
        var all = attempts();
        return all.get(all.size() - 1);
    }

    /** What was measured of the candidates so far; of one that was tried twice, the slower time. */
    Map<Genotype, Selection.Measured> measured() {
        return attempts().stream()
                .filter(a -> a.measuredP50Micros() != null)
                .collect(Collectors.toMap(
                        Attempt::genotype,
                        a -> new Selection.Measured(a.measuredP50Micros(), a.energyMicrojoules()),
                        (a, b) -> b.p50Micros() > a.p50Micros() ? b : a));
    }

    boolean isOfItsFile(ModelMeasurement.Timed timed) {
        return onnx().map(file -> file.sha256().equals(timed.sha256())).orElse(true);
    }

    /**
     * What its device's timing says of a whole network, if it is an answer that is waited for, about this very file, and
     * the device was quiet.
     */
    Optional<CostUpdate.NetworkCost> sample(ModelMeasurement.Timed timed, SpaceSpec space) {
        return isVerifying(timed)
                        && isOfItsFile(timed)
                        && timed.slowness() == null
                        && timed.fingerprint() != null
                        && timed.measuredAt() != null
                ? Optional.of(new CostUpdate.NetworkCost(
                        Topics.SCHEMA_VERSION,
                        deviceId,
                        space,
                        current().genotype(),
                        timed.p50Micros(),
                        HALF_RANGE_PER_TAIL * (timed.p90Micros() - timed.p50Micros()),
                        timed.runs(),
                        timed.measuredAt().toEpochMilli(),
                        timed.energyMicrojoules(),
                        timed.fingerprint(),
                        timed.measuredAt()))
                : Optional.empty();
    }

    String id() {
        return id;
    }

    String architectureId() {
        return architectureId;
    }

    String searchId() {
        return searchId;
    }

    String deviceId() {
        return deviceId;
    }

    ModelState state() {
        return state;
    }

    int attempt() {
        return attempt;
    }

    int fineTuneEpochs() {
        return fineTuneEpochs;
    }

    String strategy() {
        return strategy;
    }

    Budget budget() {
        return MessageJson.stored(budget, Budget.class);
    }

    Optional<ArtifactRef> onnx() {
        return Optional.ofNullable(MessageJson.stored(onnx, ArtifactRef.class));
    }

    Double parityMaxAbsDiff() {
        return parityMaxAbsDiff;
    }

    DatasetInfo datasetInfo() {
        return MessageJson.stored(datasetInfo, DatasetInfo.class);
    }

    Verification verification() {
        return verification;
    }

    String failure() {
        return failure;
    }

    Instant createdAt() {
        return createdAt;
    }

    Instant updatedAt() {
        return updatedAt;
    }
}
