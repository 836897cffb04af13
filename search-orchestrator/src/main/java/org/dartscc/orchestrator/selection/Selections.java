package org.dartscc.orchestrator.selection;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.persistence.Tuple;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import org.jboss.logging.Logger;

import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.selection.FrontPoint;
import org.dartscc.model.selection.Hypernetwork;
import org.dartscc.model.selection.Proposal;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.orchestrator.api.Problems;
import org.dartscc.orchestrator.cost.CostBook;
import org.dartscc.orchestrator.cost.CostNews;
import org.dartscc.orchestrator.cost.CostsChanged;
import org.dartscc.orchestrator.database.Database;
import org.dartscc.orchestrator.device.Devices;
import org.dartscc.orchestrator.search.Search;
import org.dartscc.orchestrator.search.SearchDeviceNews;
import org.dartscc.orchestrator.search.SearchEvents;
import org.dartscc.orchestrator.search.SpaceCache;

/**
 * Answers from memory: the newest fit of each search that was asked for, and a selection per device and cost version.
 * New costs make a new selection for whoever was asked for before, so that the next question finds it ready.
 */
@ApplicationScoped
public class Selections {
    private static final Logger LOG = Logger.getLogger(Selections.class);

    private final Database database;
    private final CostBook costs;
    private final Devices devices;
    private final SpaceCache spaces;
    private final ArtifactStore artifacts;
    private final Map<String, Fit> fits = new ConcurrentHashMap<>();
    private final Map<Key, Selection> selections = new ConcurrentHashMap<>();
    /** What somebody saw last. */
    private final Map<Key, Selection> shown = new ConcurrentHashMap<>();

    private final SearchEvents events;

    private record Key(String searchId, String deviceId) {}

    private record Fit(
            int number,
            SearchSpace space,
            AccuracyEstimate estimate,
            Optional<Hypernetwork> hypernetwork,
            List<Proposal> proposals) {}

    Selections(
            Database database,
            CostBook costs,
            Devices devices,
            SpaceCache spaces,
            ArtifactStore artifacts,
            SearchEvents events) {
        this.database = database;
        this.costs = costs;
        this.devices = devices;
        this.spaces = spaces;
        this.artifacts = artifacts;
        this.events = events;
    }

    /**
     * What a search answers for a device.
     *
     * @return fails with a problem when there is no such search or device, no front yet, or the device has not measured
     *     the whole space
     */
    public Uni<Selection> of(String searchId, String deviceId) {
        if (devices.byId(deviceId).isEmpty()) {
            return Uni.createFrom().failure(Problems.unknown("device", deviceId));
        }
        return fit(searchId).chain(fit -> current(new Key(searchId, deviceId), fit));
    }

    private Uni<Fit> fit(String searchId) {
        var known = fits.get(searchId);
        return known != null
                ? Uni.createFrom().item(known)
                : database.inTransaction(session -> session.find(Search.class, searchId))
                        .emitOn(Infrastructure.getDefaultWorkerPool())
                        .map(search -> load(searchId, search));
    }

    private Fit load(String searchId, Search search) {
        if (search == null) {
            throw Problems.unknown("search", searchId);
        }
        var estimate = search.estimate()
                .orElseThrow(() -> Problems.conflict(
                        "state",
                        "The search has no front yet: it is " + search.state() + ", its trade-off was not fitted"));
        var space = spaces.get(search.spaceSpec());
        var fit = new Fit(search.fitNumber(), space, estimate, hypernetwork(search, space), search.proposals());
        fits.merge(searchId, fit, (old, fresh) -> fresh.number >= old.number ? fresh : old);
        return fit;
    }

    /** Exact selection does not need the hypernetwork: a lost file costs some points of the front, not the answer. */
    private Optional<Hypernetwork> hypernetwork(Search search, SearchSpace space) {
        return search.hypernetwork().flatMap(ref -> {
            try {
                return Optional.of(Hypernetwork.of(space, SafeTensors.parse(artifacts.get(ref))));
            } catch (IOException | RuntimeException e) {
                LOG.warnf("The hypernetwork of search %s can't be used: %s", search.id(), e.getMessage());
                return Optional.empty();
            }
        });
    }

    private Uni<Selection> current(Key key, Fit fit) {
        var version = costs.of(key.deviceId).revision();
        var known = selections.get(key);
        if (known != null && known.isOf(fit.number, version)) {
            return Uni.createFrom().item(known);
        }
        return Uni.createFrom().item(() -> build(key, fit)).runSubscriptionOn(Infrastructure.getDefaultWorkerPool());
    }

    private Selection build(Key key, Fit fit) {
        var measured = costs.of(key.deviceId);
        var table = costs.table(measured, fit.space);
        return selections.compute(key, (k, known) -> {
            if (known != null && known.isOf(fit.number, table.version())) {
                return known;
            }
            if (!table.covers(fit.space)) {
                var coverage = measured.coverage(fit.space);
                throw Problems.conflict(
                        "device",
                        ("The device has costs for %d of %d operators of the space; it is served when it has all: %s")
                                .formatted(
                                        coverage.measured(),
                                        coverage.total(),
                                        measured.areImported()
                                                ? "its table lacks the others"
                                                : "its agent measures them once it has joined the search"));
            }
            return new Selection(
                    fit.space,
                    fit.estimate,
                    fit.hypernetwork,
                    fit.proposals,
                    fit.number,
                    table,
                    measured.watts(),
                    spaces.networksAwaited(fit.space, measured));
        });
    }

    void onCosts(@Observes CostsChanged change) {
        selections.keySet().stream()
                .filter(key -> change.deviceIds().contains(key.deviceId))
                .forEach(key -> of(key.searchId, key.deviceId)
                        .subscribe()
                        .with(ready -> {}, e -> LOG.debugf("No selection for %s: %s", key, e.getMessage())));
    }

    /** What users of a device's answers should know of its costs now; nothing for most. */
    Optional<String> note(String deviceId, Selection selection) {
        var notes = Stream.of(devices.staleNote(deviceId), selection.calibrationNote())
                .flatMap(Optional::stream)
                .collect(Collectors.joining("; "));
        return notes.isEmpty() ? Optional.empty() : Optional.of(notes);
    }

    /** The front of a selection, which somebody sees now. */
    List<FrontPoint> shown(String searchId, String deviceId, Selection selection) {
        shown.put(new Key(searchId, deviceId), selection);
        return selection.front();
    }

    /**
     * The front of a device is another than the one that was shown last.
     *
     * @param reason and {@code changes}: why, as in the event of the costs
     * @param pointsBefore null when nobody saw it before, as are {@code appeared} and {@code disappeared}
     * @param appeared architectures that were not on it
     */
    record FrontMoved(
            String device,
            String name,
            String reason,
            List<CostNews.Change> changes,
            long costVersion,
            Long costVersionBefore,
            int points,
            Integer pointsBefore,
            Integer appeared,
            Integer disappeared) {}

    void onNews(@ObservesAsync SearchDeviceNews told) {
        var key = new Key(told.searchId(), told.deviceId());
        if (told.trained()) {
            of(told.searchId(), told.deviceId())
                    .emitOn(Infrastructure.getDefaultWorkerPool())
                    .subscribe()
                    .with(
                            selection -> tellFront(key, selection, told),
                            e -> LOG.debugf("No front for %s: %s", key, e.getMessage()));
        }
    }

    private void tellFront(Key key, Selection selection, SearchDeviceNews told) {
        var before = Optional.ofNullable(shown.put(key, selection)).filter(b -> b != selection);
        var now = genotypes(selection);
        var old = before.map(Selections::genotypes);
        events.tell(
                key.searchId,
                "front",
                new FrontMoved(
                        key.deviceId,
                        devices.byId(key.deviceId).map(d -> d.name()).orElse(null),
                        told.news().reasonFor(true),
                        told.news().largest(SearchEvents.MOST_CHANGES),
                        selection.costVersion(),
                        before.map(Selection::costVersion).orElse(null),
                        now.size(),
                        old.map(Set::size).orElse(null),
                        old.map(o -> without(now, o)).orElse(null),
                        old.map(o -> without(o, now)).orElse(null)));
    }

    private static Set<Genotype> genotypes(Selection selection) {
        return selection.front().stream().map(FrontPoint::genotype).collect(Collectors.toSet());
    }

    private static int without(Set<Genotype> some, Set<Genotype> others) {
        return (int) some.stream().filter(g -> !others.contains(g)).count();
    }

    /** A search was fitted anew: by whoever's outcome, here or at another orchestrator. */
    @Scheduled(every = "2s", skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> followFits() {
        return fits.isEmpty()
                ? Uni.createFrom().voidItem()
                : database.inTransaction(session -> session.createQuery(
                                        "select id, fitNumber from Search where id in ?1", Tuple.class)
                                .setParameter(1, List.copyOf(fits.keySet()))
                                .getResultList())
                        .invoke(rows -> rows.forEach(
                                row -> forgetOlderThan(row.get(0, String.class), row.get(1, Integer.class))))
                        .replaceWithVoid();
    }

    /** The fit of that number is the newest. */
    public void forgetOlderThan(String searchId, int fitNumber) {
        fits.computeIfPresent(searchId, (id, known) -> known.number < fitNumber ? null : known);
    }
}
