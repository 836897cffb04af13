package org.dartscc.orchestrator.model;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.persistence.LockModeType;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import org.dartscc.model.message.ExportedModel;
import org.dartscc.model.message.MeasurementRequest;
import org.dartscc.model.message.ModelMeasurement;
import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingOutcome;
import org.dartscc.model.selection.Budget;
import org.dartscc.orchestrator.api.Problems;
import org.dartscc.orchestrator.cost.CostBook;
import org.dartscc.orchestrator.database.Database;
import org.dartscc.orchestrator.device.DeviceDeleted;
import org.dartscc.orchestrator.device.Devices;
import org.dartscc.orchestrator.outbox.Outbox;
import org.dartscc.orchestrator.outbox.OutboxRelay;
import org.dartscc.orchestrator.search.Search;
import org.dartscc.orchestrator.search.SpaceCache;
import org.dartscc.orchestrator.selection.Architecture;
import org.dartscc.orchestrator.selection.Selection;
import org.dartscc.orchestrator.selection.Selections;
import org.dartscc.orchestrator.task.Tasks;

/** The models. Each change holds the lock of the model's row and is committed with the records that follow from it. */
@ApplicationScoped
public class Models {
    private static final Logger LOG = Logger.getLogger(Models.class);

    private final Database database;
    private final Tasks tasks;
    private final Outbox outbox;
    private final OutboxRelay relay;
    private final Selections selections;
    private final Devices devices;
    private final CostBook costs;
    private final SpaceCache spaces;

    Models(
            Database database,
            Tasks tasks,
            Outbox outbox,
            OutboxRelay relay,
            Selections selections,
            Devices devices,
            CostBook costs,
            SpaceCache spaces) {
        this.database = database;
        this.tasks = tasks;
        this.outbox = outbox;
        this.relay = relay;
        this.selections = selections;
        this.devices = devices;
        this.costs = costs;
        this.spaces = spaces;
    }

    /** Orders a model of an architecture. */
    Uni<Model> order(String architectureId, int fineTuneEpochs) {
        return database.inTransaction(session -> session.find(Architecture.class, architectureId)
                        .chain(architecture -> {
                            if (architecture == null) {
                                throw Problems.unknown("architecture", architectureId);
                            }
                            var model = new Model(
                                    UUID.randomUUID().toString(), architecture, fineTuneEpochs, Instant.now());
                            return session.persist(model)
                                    .chain(() -> finalise(session, model))
                                    .replaceWith(model);
                        }))
                .invoke(relay::wake);
    }

    private Uni<Void> finalise(Mutiny.Session session, Model model) {
        return session.find(Search.class, model.searchId())
                .chain(search -> tasks.plan(
                        session,
                        search.finalise(
                                model.id(), model.attempt(), model.current().genotype(), model.fineTuneEpochs())));
    }

    Uni<Optional<Model>> find(String id) {
        return database.inTransaction(session -> session.find(Model.class, id)).map(Optional::ofNullable);
    }

    Uni<Optional<ModelView>> view(String id) {
        return find(id).chain(found -> found.isEmpty()
                ? Uni.createFrom().item(Optional.empty())
                : view(found.get()).map(Optional::of));
    }

    private Uni<ModelView> view(Model model) {
        return waitsFor(model)
                .chain(waitsFor -> database.inTransaction(session -> session.find(Search.class, model.searchId()))
                        .map(search -> ModelView.from(model, search, waitsFor)));
    }

    private Uni<String> waitsFor(Model model) {
        return model.state() == ModelState.VERIFYING
                ? devices.refresh().map(known -> devices.inWords(model.deviceId()))
                : Uni.createFrom().nullItem();
    }

    // What a trainer says, within the transaction that its task is decided in.

    public Uni<Void> begun(Mutiny.Session session, String modelId) {
        return locked(session, modelId, model -> {
            model.begun(Instant.now());
            return Uni.createFrom().voidItem();
        });
    }

    public Uni<Void> finalised(Mutiny.Session session, Search search, TrainingOutcome.ModelFinalised outcome) {
        return locked(session, outcome.modelId(), model -> model.finalised(outcome, search.spaceSpec(), Instant.now())
                .map(request -> outbox.add(session, Topics.MODEL_REQUESTS, model.id(), request))
                .orElse(Uni.createFrom().voidItem()));
    }

    public Uni<Void> finalisationFailed(Mutiny.Session session, String modelId, String reason) {
        return locked(session, modelId, model -> {
            model.fail("The weights could not be finalised: " + reason, Instant.now());
            return Uni.createFrom().voidItem();
        });
    }

    // What an exporter says.

    Uni<Void> exported(ExportedModel answer) {
        return change(answer.modelId(), (session, model) -> {
            if (answer instanceof ExportedModel.Exported exported) {
                return publish(session, model.exported(exported, canBeTimed(model), Instant.now()));
            }
            model.exportFailed((ExportedModel.Failed) answer, Instant.now());
            return Uni.createFrom().voidItem();
        });
    }

    private boolean canBeTimed(Model model) {
        return devices.byId(model.deviceId()).map(d -> !d.isImported()).orElse(true);
    }

    // What the device's agent says.

    Uni<Void> measured(ModelMeasurement answer) {
        return find(answer.modelId()).chain(found -> {
            if (found.isEmpty()) {
                return Uni.createFrom().voidItem();
            }
            var model = found.get();
            // Of another runtime, all costs have to be measured anew: what is known must answer first.
            return isOfAnotherRuntime(model, answer)
                    ? judge(model, answer).chain(() -> learn(model, answer))
                    : learn(model, answer).chain(() -> judge(model, answer));
        });
    }

    private boolean isOfAnotherRuntime(Model model, ModelMeasurement answer) {
        return answer instanceof ModelMeasurement.Timed timed
                && costs.isOfAnotherRuntime(model.deviceId(), timed.fingerprint());
    }

    /** The selection is made ready before the lock is taken: it may have to be built, with what was learnt. */
    private Uni<Void> judge(Model found, ModelMeasurement answer) {
        return selection(found)
                .chain(selection ->
                        change(answer.modelId(), (session, model) -> measured(session, model, answer, selection)));
    }

    /** A timed model is one more whole network to calibrate its device's costs on. */
    private Uni<Void> learn(Model model, ModelMeasurement answer) {
        if (!(answer instanceof ModelMeasurement.Timed timed)) {
            return Uni.createFrom().voidItem();
        }
        return database.inTransaction(session -> session.find(Search.class, model.searchId()))
                .chain(search -> search == null
                        ? Uni.createFrom().voidItem()
                        : model.sample(timed, search.spaceSpec())
                                .map(cost -> costs.learn(cost, spaces.get(search.spaceSpec())))
                                .orElse(Uni.createFrom().voidItem()));
    }

    private Uni<Optional<Selection>> selection(Model model) {
        return selections
                .of(model.searchId(), model.deviceId())
                .map(Optional::of)
                .onFailure(io.quarkiverse.resteasy.problem.HttpProblem.class)
                .recoverWithItem(Optional.empty());
    }

    private Uni<Void> measured(
            Mutiny.Session session, Model model, ModelMeasurement answer, Optional<Selection> selection) {
        var now = Instant.now();
        if (answer instanceof ModelMeasurement.Failed failed) {
            return publish(session, model.measurementFailed(failed.requestId(), failed.reason(), now));
        }
        var timed = (ModelMeasurement.Timed) answer;
        if (!model.isOfItsFile(timed)) {
            return publish(
                    session,
                    model.measurementFailed(timed.requestId(), "it timed another file, " + timed.sha256(), now));
        }
        return model.timed(timed, now)
                ? tryNext(session, model, selection)
                : Uni.createFrom().voidItem();
    }

    private Uni<Void> tryNext(Mutiny.Session session, Model model, Optional<Selection> selection) {
        var now = Instant.now();
        var next =
                selection.filter(s -> model.hasAttemptsLeft()).flatMap(s -> s.next(model.budget(), model.measured()));
        if (next.isEmpty()) {
            model.fail(
                    "No architecture kept the budget of %s on the device: %s"
                            .formatted(inWords(model.budget()), model.measuredSoFar()),
                    now);
            return Uni.createFrom().voidItem();
        }
        LOG.infof("Model %s broke its budget, the next candidate follows: %s", model.id(), model.measuredSoFar());
        model.tryNext(next.get(), selection.get().costVersion(), now);
        return finalise(session, model);
    }

    /** The limits that only a device can tell. */
    private static String inWords(Budget budget) {
        var micros = budget.latencyMicros() == null ? "" : budget.latencyMicros() + " microseconds";
        return budget.energyMicrojoules() == null
                ? micros
                : micros + (micros.isEmpty() ? "" : " and ") + budget.energyMicrojoules() + " microjoules";
    }

    private Uni<Void> publish(Mutiny.Session session, Optional<MeasurementRequest> request) {
        return request.map(r -> outbox.add(session, Topics.MEASUREMENT_REQUESTS, r.deviceId(), r))
                .orElse(Uni.createFrom().voidItem());
    }

    /** Models that wait for a deleted device will never be timed; finished ones stay. */
    void onDeletion(@ObservesAsync DeviceDeleted deletion) {
        database.inTransaction(session -> session.createQuery(
                                "from Model where deviceId = ?1 and state not in (READY, FAILED)", Model.class)
                        .setParameter(1, deletion.deviceId())
                        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                        .getResultList()
                        .invoke(models -> models.forEach(model ->
                                model.fail("The device was deleted before it timed the model", Instant.now()))))
                .await()
                .indefinitely();
    }

    /** Models that have waited since then for a device whose agent has said nothing since then. */
    Uni<Void> failWhereUnheardSince(Instant limit) {
        return database.inTransaction(
                session -> session.createQuery("from Model where state = VERIFYING and updatedAt < ?1", Model.class)
                        .setParameter(1, limit)
                        .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                        .getResultList()
                        .invoke(models -> models.stream()
                                .filter(model -> !devices.wasHeardAfter(model.deviceId(), limit))
                                .forEach(this::failUnheard))
                        .replaceWithVoid());
    }

    private void failUnheard(Model model) {
        model.fail(
                "Nobody timed the model on %s; start the agent and order the model again"
                        .formatted(devices.inWords(model.deviceId())),
                Instant.now());
        LOG.infof("Model %s: VERIFYING -> FAILED %s", model.id(), model.failure());
    }

    private interface Change {
        Uni<Void> apply(Mutiny.Session session, Model model);
    }

    private Uni<Void> change(String id, Change change) {
        return database.inTransaction(session -> locked(session, id, model -> change.apply(session, model)))
                .invoke(relay::wake);
    }

    /** Nothing happens when there is no such model. */
    private static Uni<Void> locked(Mutiny.Session session, String id, Function<Model, Uni<Void>> change) {
        return session.find(Model.class, id, LockModeType.PESSIMISTIC_WRITE).chain(model -> {
            if (model == null) {
                return Uni.createFrom().voidItem();
            }
            var before = model.state();
            return change.apply(model).invoke(() -> {
                if (model.state() != before) {
                    LOG.infof(
                            "Model %s: %s -> %s %s",
                            id, before, model.state(), model.failure() == null ? "" : model.failure());
                }
            });
        });
    }
}
