package org.dartscc.orchestrator.search;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.ObservesAsync;
import jakarta.persistence.LockModeType;

import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.message.MeasurementRequest;
import org.dartscc.model.message.Topics;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.orchestrator.cost.CostBook;
import org.dartscc.orchestrator.cost.CostNews;
import org.dartscc.orchestrator.cost.CostsChanged;
import org.dartscc.orchestrator.database.Database;
import org.dartscc.orchestrator.device.DeviceDeleted;
import org.dartscc.orchestrator.device.Devices;
import org.dartscc.orchestrator.outbox.Outbox;
import org.dartscc.orchestrator.outbox.OutboxRelay;
import org.dartscc.orchestrator.task.Tasks;

/**
 * The searches. Whatever happens to one happens under the lock of its row, in one transaction with the records that
 * follow from it.
 */
@ApplicationScoped
public class Searches {
    private static final Logger LOG = Logger.getLogger(Searches.class);

    private final Database database;
    private final Tasks tasks;
    private final Outbox outbox;
    private final OutboxRelay relay;
    private final CostBook costs;
    private final Devices devices;
    private final SpaceCache spaces;
    private final SearchEvents events;
    private final Duration silence;
    private final Event<SearchDeviceNews> deviceNews;
    private final Map<String, CostNews> devicesWithNews = new ConcurrentHashMap<>();
    private final AtomicBoolean advancing = new AtomicBoolean();

    Searches(
            Database database,
            Tasks tasks,
            Outbox outbox,
            OutboxRelay relay,
            CostBook costs,
            Devices devices,
            SpaceCache spaces,
            SearchEvents events,
            Event<SearchDeviceNews> deviceNews,
            @ConfigProperty(name = "dartscc.measurement.timeout") Duration silence) {
        this.database = database;
        this.tasks = tasks;
        this.outbox = outbox;
        this.relay = relay;
        this.costs = costs;
        this.devices = devices;
        this.spaces = spaces;
        this.events = events;
        this.deviceNews = deviceNews;
        this.silence = silence;
    }

    Uni<Search> accept(NewSearch order) {
        var search = new Search(UUID.randomUUID().toString(), order, Instant.now());
        return database.inTransaction(session -> session.persist(search)
                        .chain(() -> inOrder(order.devices(), id -> session.persist(new SearchDevice(search.id(), id))))
                        .chain(() -> advance(session, search))
                        .replaceWith(search))
                .invoke(relay::wake);
    }

    public Uni<Optional<SearchView>> find(String id) {
        return database.inTransaction(session -> session.find(Search.class, id)
                .chain(search -> search == null
                        ? Uni.createFrom().item(Optional.<SearchView>empty())
                        : view(session, search).map(Optional::of)));
    }

    Uni<List<SearchView>> all() {
        return database.inTransaction(
                session -> session.createQuery("from Search order by createdAt desc, id", Search.class)
                        .getResultList()
                        .chain(all -> Multi.createFrom()
                                .iterable(all)
                                .onItem()
                                .transformToUniAndConcatenate(search -> view(session, search))
                                .collect()
                                .asList()));
    }

    private Uni<SearchView> view(Mutiny.Session session, Search search) {
        return devicesOf(session, search.id())
                .map(rows -> SearchView.from(
                        search,
                        rows.stream()
                                .map(row -> coverage(search, row.deviceId()))
                                .toList()));
    }

    private SearchView.DeviceCoverage coverage(Search search, String deviceId) {
        var known = costs.of(deviceId);
        var space = space(search);
        var coverage = space.map(known::coverage);
        return new SearchView.DeviceCoverage(
                deviceId,
                devices.byId(deviceId).map(d -> d.name()).orElse(null),
                devices.state(deviceId).orElse(null),
                devices.staleNote(deviceId).isPresent(),
                coverage.map(c -> c.measured()).orElse(0),
                coverage.map(c -> c.total()).orElse(null),
                coverage.map(c -> c.failed()).orElse(java.util.Map.of()),
                space.map(s -> spaces.networksAwaited(s, known)).orElse(0),
                known.revision(),
                known.newest(),
                known.newest() == null
                        ? null
                        : Duration.between(known.newest(), Instant.now()).toMillis() / 1000.0);
    }

    /** The search's space, once its images are known and fit it. */
    private Optional<SearchSpace> space(Search search) {
        return search.isInspected() && !search.state().isOver()
                ? Optional.of(spaces.get(search.spaceSpec()))
                : Optional.empty();
    }

    /** Empty when there is no such search. */
    Uni<Optional<Search>> pause(String id) {
        return change(id, (session, search) -> {
            search.pause(Instant.now());
            return Uni.createFrom().voidItem();
        });
    }

    Uni<Optional<Search>> resume(String id) {
        return change(id, (session, search) -> {
            search.resume(Instant.now());
            return advance(session, search);
        });
    }

    Uni<Optional<Search>> cancel(String id) {
        return change(id, (session, search) -> {
            search.cancel(Instant.now());
            return tasks.cancel(session, id);
        });
    }

    /** A device joins: it measures, and is answered from the weights that are there. */
    Uni<Optional<Search>> addDevice(String id, String deviceId) {
        return change(id, (session, search) -> {
            if (search.state().isOver()) {
                throw new IllegalTransitionException("A search that is " + search.state() + " takes no new devices");
            }
            return session.find(SearchDevice.class, new SearchDevice.Key(id, deviceId))
                    .chain(known -> known != null
                            ? Uni.createFrom().voidItem()
                            : session.persist(new SearchDevice(id, deviceId)))
                    .chain(() -> session.flush())
                    .chain(() -> advance(session, search));
        });
    }

    /**
     * Changes a search under its lock, publishes what follows, and tells watchers. The result is empty when there is no
     * such search.
     */
    public Uni<Optional<Search>> change(String id, BiFunction<Mutiny.Session, Search, Uni<Void>> change) {
        return database.inTransaction(session -> session.find(Search.class, id, LockModeType.PESSIMISTIC_WRITE)
                        .chain(search -> {
                            if (search == null) {
                                return Uni.createFrom().item(Optional.<Search>empty());
                            }
                            var before = search.state();
                            return change.apply(session, search)
                                    .replaceWith(() -> Optional.of(search))
                                    .invoke(() -> logChange(search, before));
                        }))
                .invoke(changed -> {
                    relay.wake();
                    changed.ifPresent(this::tell);
                });
    }

    private static void logChange(Search search, SearchState before) {
        if (search.state() != before) {
            LOG.infof(
                    "Search %s: %s -> %s%s",
                    search.id(), before, search.state(), search.failure() == null ? "" : ", " + search.failure());
        }
    }

    private void tell(Search search) {
        events.tell(search.id(), "state", new SearchEvents.State(search.state(), search.failure()));
        events.tell(
                search.id(),
                "progress",
                new SearchEvents.Progress(
                        search.round(),
                        search.rounds(),
                        search.stepsDone(),
                        search.stepsTotal(),
                        search.activity(),
                        search.loss(),
                        search.etaSeconds()));
    }

    /** Does what is due: asks for missing measurements, starts to train when they are there, plans tasks. */
    public Uni<Void> advance(Mutiny.Session session, Search search) {
        if (search.state() == SearchState.PAUSED || search.state().isOver()) {
            return Uni.createFrom().voidItem();
        }
        return devicesOf(session, search.id()).chain(rows -> space(search)
                .map(space -> measure(session, search, space, rows))
                .orElse(Uni.createFrom().voidItem())
                .chain(() -> inOrder(search.due(tables(search, rows)), task -> tasks.plan(session, task))));
    }

    private Uni<Void> measure(Mutiny.Session session, Search search, SearchSpace space, List<SearchDevice> rows) {
        if (rows.stream()
                .allMatch(row -> costs.of(row.deviceId()).coverage(space).isSettled())) {
            search.measured(Instant.now());
        }
        return inOrder(rows, row -> request(session, space, row));
    }

    private Uni<Void> request(Mutiny.Session session, SearchSpace space, SearchDevice row) {
        var known = costs.of(row.deviceId());
        if (devices.byId(row.deviceId()).map(d -> d.isImported()).orElse(false)) {
            return Uni.createFrom().voidItem();
        }
        var operators = known.missing(space);
        var networks = known.missing(space, spaces.calibrationNetworks(space));
        var now = Instant.now();
        // Asked also when nothing is missing: the row has to know which runtime answered, to notice another.
        boolean isDue = row.needsRequest(known, silence, now);
        if (operators.isEmpty() && networks.isEmpty() || !isDue) {
            return Uni.createFrom().voidItem();
        }
        row.requested(known, now);
        return outbox.add(
                session,
                Topics.MEASUREMENT_REQUESTS,
                row.deviceId(),
                new MeasurementRequest.MeasureOperators(
                        Topics.SCHEMA_VERSION,
                        UUID.randomUUID().toString(),
                        row.deviceId(),
                        space.spec(),
                        operators,
                        networks));
    }

    /** Tables of the devices that have measured the whole space, in the order of their ids. */
    private List<CostTable> tables(Search search, List<SearchDevice> rows) {
        return space(search).stream()
                .flatMap(space -> rows.stream()
                        .map(row -> costs.table(row.deviceId(), space))
                        .filter(table -> table.covers(space)))
                .toList();
    }

    private static Uni<List<SearchDevice>> devicesOf(Mutiny.Session session, String searchId) {
        return session.createQuery(
                        "from SearchDevice where key.searchId = ?1 order by key.deviceId", SearchDevice.class)
                .setParameter(1, searchId)
                .getResultList();
    }

    // New costs.

    void onCosts(@Observes CostsChanged change) {
        change.news().forEach((id, news) -> devicesWithNews.merge(id, news, CostNews::and));
        advanceSearchesWithNews();
    }

    /** Costs come by the thousand: what came while the last ones were looked at is looked at together. */
    private void advanceSearchesWithNews() {
        if (!devicesWithNews.isEmpty() && advancing.compareAndSet(false, true)) {
            var news = new HashMap<String, CostNews>();
            Set.copyOf(devicesWithNews.keySet()).forEach(id -> news.put(id, devicesWithNews.remove(id)));
            affected(news).chain(ids -> advanceAll(ids)).subscribe().with(done -> goOn(), failure -> {
                // The sweep looks at every search again.
                LOG.warn("New costs could not be acted on yet: " + failure.getMessage());
                advancing.set(false);
            });
        }
    }

    private void goOn() {
        advancing.set(false);
        advanceSearchesWithNews();
    }

    private Uni<Set<String>> affected(Map<String, CostNews> news) {
        return database.inTransaction(
                session -> session.createQuery("from SearchDevice where key.deviceId in ?1", SearchDevice.class)
                        .setParameter(1, news.keySet())
                        .getResultList()
                        .call(rows -> tellCosts(session, rows, news))
                        .map(rows -> {
                            var ids = new HashSet<String>();
                            rows.forEach(row -> ids.add(row.searchId()));
                            return ids;
                        }));
    }

    private Uni<Void> tellCosts(Mutiny.Session session, List<SearchDevice> rows, Map<String, CostNews> news) {
        var watched =
                rows.stream().filter(row -> events.isWatched(row.searchId())).toList();
        return inOrder(watched, row -> session.find(Search.class, row.searchId())
                .invoke(search -> tellCosts(search, row.deviceId(), news.get(row.deviceId())))
                .replaceWithVoid());
    }

    private void tellCosts(Search search, String deviceId, CostNews news) {
        boolean trained = search.fitNumber() > 0;
        events.tell(
                search.id(),
                "costs",
                new SearchEvents.Costs(
                        coverage(search, deviceId),
                        news.reasonFor(trained),
                        news.changes().size(),
                        news.networks(),
                        news.largest(SearchEvents.MOST_CHANGES)));
        deviceNews.fireAsync(new SearchDeviceNews(search.id(), deviceId, trained, news));
    }

    private Uni<Void> advanceAll(Collection<String> ids) {
        return inOrder(ids, id -> change(id, this::advance).replaceWithVoid());
    }

    void onDeletion(@ObservesAsync DeviceDeleted deletion) {
        sweep().await().indefinitely();
    }

    /** Whatever a crash, a lost event or a silent agent left undone. */
    @Scheduled(
            every = "5s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> sweep() {
        return database.inTransaction(session -> session.createQuery(
                                "select id from Search where state in (CREATED, MEASURING, TRAINING, READY)",
                                String.class)
                        .getResultList())
                .chain(this::advanceAll);
    }

    private static <T> Uni<Void> inOrder(Collection<T> items, java.util.function.Function<T, Uni<Void>> step) {
        return Multi.createFrom()
                .iterable(new ArrayList<>(items))
                .onItem()
                .transformToUniAndConcatenate(step::apply)
                .collect()
                .last()
                .replaceWithVoid();
    }
}
