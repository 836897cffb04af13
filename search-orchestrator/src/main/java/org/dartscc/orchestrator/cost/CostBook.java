package org.dartscc.orchestrator.cost;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.orchestrator.database.Database;
import org.dartscc.orchestrator.device.Devices;
import org.dartscc.orchestrator.device.KnownDevice;

/**
 * The costs of all devices in memory, so that selection never waits for the database, which holds the truth. What
 * another orchestrator stored is read when the device's revision tells of it.
 */
@ApplicationScoped
public class CostBook {
    private static final int BEFORE_CHANNELS = 2;
    private static final int FEWEST_TO_JUDGE = 3;
    private static final double LARGEST_FACTOR = 2;

    private final Database database;
    private final CostStore store;
    private final Devices devices;
    private final Event<CostsChanged> changes;
    private final Map<String, DeviceCosts> byDevice = new ConcurrentHashMap<>();
    private final Map<TableKey, CostTable> tables = new ConcurrentHashMap<>();

    private record TableKey(String deviceId, SpaceSpec space) {}

    CostBook(Database database, CostStore store, Devices devices, Event<CostsChanged> changes) {
        this.database = database;
        this.store = store;
        this.devices = devices;
        this.changes = changes;
    }

    void onStart(@Observes @Priority(BEFORE_CHANNELS) StartupEvent event) {
        refresh().await().indefinitely();
    }

    /** Follows what other orchestrators registered and stored. */
    @Scheduled(every = "2s", skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> refresh() {
        return devices.refresh().chain(this::reloadStale);
    }

    private Uni<Void> reloadStale(Collection<KnownDevice> known) {
        byDevice.keySet().removeIf(id -> devices.byId(id).isEmpty());
        tables.keySet().removeIf(key -> devices.byId(key.deviceId()).isEmpty());
        var stale = known.stream()
                .filter(d -> d.costRevision() > of(d.id()).revision())
                .map(KnownDevice::id)
                .toList();
        var before = now(stale);
        return reload(stale).invoke(() -> tell(before));
    }

    private Map<String, DeviceCosts> now(Collection<String> deviceIds) {
        return deviceIds.stream().collect(Collectors.toMap(Function.identity(), this::of));
    }

    private Uni<Void> reload(Collection<String> deviceIds) {
        return Multi.createFrom()
                .iterable(deviceIds)
                .onItem()
                .transformToUniAndConcatenate(id -> database.inTransaction(session -> store.load(session, id)))
                .invoke(loaded -> byDevice.merge(
                        loaded.deviceId(), loaded, (old, fresh) -> fresh.revision() >= old.revision() ? fresh : old))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private void tell(Map<String, DeviceCosts> before) {
        if (!before.isEmpty()) {
            var news = new HashMap<String, CostNews>();
            before.forEach((id, costs) -> news.put(id, CostNews.between(costs, of(id))));
            changes.fire(new CostsChanged(news));
        }
    }

    /** Stores costs of registered devices, then makes them count. */
    Uni<Void> accept(List<CostUpdate> updates) {
        var batch = new CostBatch(updates);
        var changed = batch.changed(this);
        var before = now(changed);
        return database.inTransaction(session ->
                        store.store(session, batch, changed).call(() -> store.seen(session, batch.devices())))
                .chain(revisions -> remember(batch, revisions).invoke(() -> {
                    before.keySet().retainAll(revisions.keySet());
                    tell(before);
                }));
    }

    /**
     * Takes over a whole network that was timed for its own sake. It calibrates only costs of the runtime that it ran
     * on, and only when it is no accident: on a table that is calibrated already, nothing is off by a factor of two. One
     * of another runtime, as after an update of the agent or under another profile, is the first of a new table: nothing
     * of the old one counts any more, so that all is asked for again.
     */
    public Uni<Void> learn(CostUpdate.NetworkCost cost, SearchSpace space) {
        var known = of(cost.deviceId());
        boolean counts = isOfAnotherRuntime(cost.deviceId(), cost.fingerprint())
                ? cost.measuredAt().isAfter(known.newest())
                : known.origin() == null && isPlausible(cost, known, space);
        return counts ? accept(List.of(cost)) : Uni.createFrom().voidItem();
    }

    /** Whether the device's costs were measured under another runtime than this, which it has by now. */
    public boolean isOfAnotherRuntime(String deviceId, RuntimeFingerprint fingerprint) {
        var known = of(deviceId);
        return known.fingerprintHash() != null
                && known.origin() == null
                && fingerprint != null
                && !CostBatch.hash(fingerprint).equals(known.fingerprintHash());
    }

    private boolean isPlausible(CostUpdate.NetworkCost cost, DeviceCosts known, SearchSpace space) {
        long calibrating = known.networks().keySet().stream()
                .filter(network -> network.space().equals(cost.space()))
                .count();
        if (calibrating < FEWEST_TO_JUDGE || !known.missing(space).isEmpty()) {
            return true;
        }
        double share = cost.medianMicros() / table(cost.deviceId(), space).latencyMicros(space, cost.genotype());
        return share > 1 / LARGEST_FACTOR && share < LARGEST_FACTOR;
    }

    /**
     * Takes over costs that no agent measured, all of one device and fingerprint, in one transaction with what must come
     * before them.
     */
    public Uni<Void> adopt(
            String deviceId,
            List<CostUpdate> updates,
            RuntimeFingerprint fingerprint,
            CostOrigin origin,
            Before before) {
        var batch = new CostBatch(updates);
        return database.inTransaction(session -> before.in(session)
                        .chain(() -> store.store(session, batch, Set.of(deviceId)))
                        .call(() -> store.originate(session, deviceId, CostBatch.hash(fingerprint), origin)))
                .chain(devices::refresh)
                .chain(() -> {
                    var known = now(Set.of(deviceId));
                    return reload(Set.of(deviceId)).invoke(() -> tell(known));
                });
    }

    /** What happens in a transaction before costs are stored in it. */
    public interface Before {
        Uni<Void> in(Mutiny.Session session);
    }

    private Uni<Void> remember(CostBatch batch, Map<String, Long> revisions) {
        var unsure = new HashSet<String>();
        revisions.forEach((id, revision) -> {
            if (batch.needsReload(of(id))) {
                unsure.add(id);
            } else {
                byDevice.compute(
                        id, (k, known) -> batch.applyTo(known == null ? DeviceCosts.none(id) : known, revision));
            }
        });
        return reload(unsure);
    }

    /** What is known of a device; nothing for an unknown one. */
    public DeviceCosts of(String deviceId) {
        var known = byDevice.get(deviceId);
        return known == null ? DeviceCosts.none(deviceId) : known;
    }

    /** The calibrated look-up table of a device for a space. */
    public CostTable table(String deviceId, SearchSpace space) {
        return table(of(deviceId), space);
    }

    /** The same of costs that were read before, so that what else is told of them is of that table. */
    public CostTable table(DeviceCosts costs, SearchSpace space) {
        return tables.compute(
                new TableKey(costs.deviceId(), space.spec()),
                (key, known) -> known != null && known.version() == costs.revision() ? known : costs.table(space));
    }
}
