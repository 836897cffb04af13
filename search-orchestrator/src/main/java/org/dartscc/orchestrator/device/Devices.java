package org.dartscc.orchestrator.device;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.hibernate.reactive.mutiny.Mutiny;

import org.dartscc.orchestrator.database.Database;

/**
 * The registered devices. They are kept in memory, since every record and every call of an agent names one; another
 * orchestrator's registrations are seen at the next {@link #refresh()}.
 */
@ApplicationScoped
public class Devices {
    private final Database database;
    private final Event<DeviceDeleted> deletions;
    private final Duration staleAfter;
    private volatile Index index = new Index(List.of());

    Devices(
            Database database,
            Event<DeviceDeleted> deletions,
            @ConfigProperty(name = "dartscc.device.stale-after") Duration staleAfter) {
        this.database = database;
        this.deletions = deletions;
        this.staleAfter = staleAfter;
    }

    /** Whether somebody speaks for a registered device now, as far as the memory tells. */
    public Optional<DeviceState> state(String id) {
        return byId(id).map(d -> state(d.isImported(), d.lastSeen()));
    }

    /** What users of a device's costs should know when its agent fell silent; nothing as long as it speaks. */
    public Optional<String> staleNote(String id) {
        return state(id)
                .filter(state -> state == DeviceState.STALE)
                .map(state -> "the device's agent was last heard at %s; its costs of then are used"
                        .formatted(byId(id).orElseThrow().lastSeen().truncatedTo(ChronoUnit.SECONDS)));
    }

    /** A device in words for who waits for it: its name, and when its agent was last heard if it fell silent. */
    public String inWords(String id) {
        var name = "device " + byId(id).map(KnownDevice::name).orElse(id);
        return switch (state(id).orElse(DeviceState.ONLINE)) {
            case ONLINE, IMPORTED -> name;
            case NEVER_SEEN -> name + ", whose agent was never heard";
            case STALE ->
                name + ", whose agent was last heard at "
                        + byId(id).orElseThrow().lastSeen().truncatedTo(ChronoUnit.SECONDS);
        };
    }

    /** Whether the agent of the device said something after that time, as far as the memory tells. */
    public boolean wasHeardAfter(String id, Instant time) {
        return byId(id).map(KnownDevice::lastSeen).filter(time::isBefore).isPresent();
    }

    DeviceState state(Device device) {
        return state(device.tokenHash == null, device.lastSeen);
    }

    private DeviceState state(boolean imported, Instant lastSeen) {
        return DeviceState.of(imported, lastSeen, staleAfter, Instant.now());
    }

    /** Reads all devices anew. */
    public Uni<Collection<KnownDevice>> refresh() {
        return all().map(devices -> {
            index = new Index(devices.stream().map(KnownDevice::from).toList());
            return index.byId.values();
        });
    }

    public Optional<KnownDevice> byId(String id) {
        return Optional.ofNullable(index.byId.get(id));
    }

    public Optional<KnownDevice> byToken(String token) {
        return byTokenHash(Tokens.hash(token));
    }

    public Optional<KnownDevice> byToken(byte[] token) {
        return byTokenHash(Tokens.hash(token));
    }

    private Optional<KnownDevice> byTokenHash(String hash) {
        return Optional.ofNullable(index.byTokenHash.get(hash));
    }

    Uni<RegisteredDevice> register(String name, String description) {
        var token = Tokens.create();
        var device = new Device(UUID.randomUUID().toString(), name, description, Tokens.hash(token), Instant.now());
        return database.inTransaction(session -> session.persist(device))
                .chain(this::refresh)
                .replaceWith(new RegisteredDevice(device.id, name, token));
    }

    /** Registers a device whose costs come from a table: nobody can speak for it. */
    public Uni<Void> registerImported(Mutiny.Session session, String id, String name, String description) {
        return session.persist(new Device(id, name, description, null, Instant.now()))
                .chain(session::flush);
    }

    Uni<List<Device>> all() {
        return database.inTransaction(session -> session.createQuery("from Device order by createdAt, id", Device.class)
                .getResultList());
    }

    Uni<Optional<Device>> find(String id) {
        return database.inTransaction(session -> session.find(Device.class, id)).map(Optional::ofNullable);
    }

    /** Whether there was such a device. */
    Uni<Boolean> delete(String id) {
        return database.inTransaction(session -> session.createMutationQuery("delete Device where id = ?1")
                        .setParameter(1, id)
                        .executeUpdate())
                .call(this::refresh)
                .map(deleted -> deleted > 0)
                .invoke(deleted -> {
                    if (deleted) {
                        deletions.fireAsync(new DeviceDeleted(id));
                    }
                });
    }

    /** The agent of the device said something. */
    public Uni<Void> seen(String id) {
        return database.inTransaction(
                        session -> session.createMutationQuery("update Device set lastSeen = ?1 where id = ?2")
                                .setParameter(1, Instant.now())
                                .setParameter(2, id)
                                .executeUpdate())
                .replaceWithVoid();
    }

    private static final class Index {
        private final Map<String, KnownDevice> byId;
        private final Map<String, KnownDevice> byTokenHash;

        Index(List<KnownDevice> devices) {
            byId = devices.stream().collect(Collectors.toUnmodifiableMap(KnownDevice::id, Function.identity()));
            byTokenHash = devices.stream()
                    .filter(d -> !d.isImported())
                    .collect(Collectors.toUnmodifiableMap(KnownDevice::tokenHash, Function.identity()));
        }
    }
}
