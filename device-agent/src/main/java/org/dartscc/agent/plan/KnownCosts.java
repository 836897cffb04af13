package org.dartscc.agent.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jboss.logging.Logger;

import org.dartscc.agent.Json;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.message.CostUpdate.NetworkCost;
import org.dartscc.model.message.CostUpdate.OperatorCost;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;

/**
 * The newest cost of everything this agent has measured under its present fingerprint, so that a restart or a second
 * request needs no second measurement; and which of them no broker has taken yet. Kept in one file where there is a
 * state folder. For one thread at a time.
 */
public final class KnownCosts {
    private static final Logger LOG = Logger.getLogger(KnownCosts.class);

    private final Path file;
    private final String deviceId;
    private final RuntimeFingerprint fingerprint;
    private final Clock clock;
    private final Map<String, CostUpdate> costs = new LinkedHashMap<>();
    private final Set<String> untold = new LinkedHashSet<>();
    private double referenceMicros = Double.POSITIVE_INFINITY;
    private long lastVersion;

    private KnownCosts(Path file, String deviceId, RuntimeFingerprint fingerprint, Clock clock) {
        this.file = file;
        this.deviceId = deviceId;
        this.fingerprint = fingerprint;
        this.clock = clock;
    }

    /**
     * The file: also costs of the fingerprint before an update of the runtime, whose versions must not come again.
     *
     * @param untold keys of what was not sent yet; null in files of before
     */
    private record State(
            List<OperatorCost> operators, List<NetworkCost> networks, double referenceMicros, Set<String> untold) {
        State {
            untold = untold == null ? Set.of() : untold;
        }
    }

    /** Whether an earlier run of the agent measured something and could not send it. */
    public static boolean hasUntold(Path folder, String profile) {
        return stored(folder, profile).map(state -> !state.untold().isEmpty()).orElse(false);
    }

    /** Whether an earlier run of the agent measured something. */
    public static boolean hasAny(Path folder, String profile) {
        return stored(folder, profile)
                .map(state -> !state.operators().isEmpty())
                .orElse(false);
    }

    private static Optional<State> stored(Path folder, String profile) {
        var file = folder == null ? null : file(folder, profile);
        try {
            return file != null && Files.exists(file)
                    ? Optional.of(Json.MAPPER.readValue(file.toFile(), State.class))
                    : Optional.empty();
        } catch (IOException | RuntimeException e) {
            // Told where it is loaded.
            return Optional.empty();
        }
    }

    private static Path file(Path folder, String profile) {
        return folder.resolve("costs-" + profile + ".json");
    }

    /** @param folder null to remember nothing across restarts */
    public static KnownCosts in(Path folder, String deviceId, RuntimeFingerprint fingerprint, Clock clock) {
        var file = folder == null ? null : file(folder, fingerprint.profile());
        var known = new KnownCosts(file, deviceId, fingerprint, clock);
        if (file != null && Files.exists(file)) {
            known.load();
        }
        return known;
    }

    private void load() {
        try {
            var state = Json.MAPPER.readValue(file.toFile(), State.class);
            state.operators().forEach(c -> remember(c, c.version(), c.fingerprint()));
            state.networks().forEach(c -> remember(c, c.version(), c.fingerprint()));
            state.untold().stream().filter(costs::containsKey).forEach(untold::add);
            referenceMicros = costs.isEmpty() ? Double.POSITIVE_INFINITY : state.referenceMicros();
        } catch (IOException | RuntimeException e) {
            LOG.warnf("the measured costs in %s can't be read and will be measured again: %s", file, e.getMessage());
        }
    }

    private void remember(CostUpdate cost, long version, RuntimeFingerprint measuredOn) {
        lastVersion = Math.max(lastVersion, version);
        if (measuredOn.equals(fingerprint) && cost.deviceId().equals(deviceId)) {
            costs.put(cost.key(), cost);
        }
    }

    /** A version above all before, also those of earlier runs of this agent. */
    public long nextVersion() {
        lastVersion = Math.max(lastVersion + 1, clock.millis());
        return lastVersion;
    }

    public Optional<CostUpdate> operator(OperatorSignature signature) {
        return operators().stream()
                .filter(c -> c.signature().equals(signature))
                .map(c -> (CostUpdate) c)
                .findFirst();
    }

    public Optional<CostUpdate> network(SpaceSpec space, Genotype genotype) {
        return networks().stream()
                .filter(c -> c.space().equals(space) && c.genotype().equals(genotype))
                .map(c -> (CostUpdate) c)
                .findFirst();
    }

    public List<OperatorCost> operators() {
        return costs.values().stream()
                .filter(OperatorCost.class::isInstance)
                .map(OperatorCost.class::cast)
                .toList();
    }

    public List<NetworkCost> networks() {
        return costs.values().stream()
                .filter(NetworkCost.class::isInstance)
                .map(NetworkCost.class::cast)
                .toList();
    }

    /** What was measured and not sent yet, as far as this agent knows. */
    List<CostUpdate> untold() {
        return untold.stream().map(costs::get).toList();
    }

    /** These were sent. */
    void told(Collection<CostUpdate> updates) {
        boolean changed = false;
        for (var update : updates) {
            changed |= untold.remove(update.key());
        }
        if (changed) {
            save();
        }
    }

    /** Time of the reference operator beside these costs, in microseconds; infinite when it isn't known. */
    public double referenceMicros() {
        return referenceMicros;
    }

    /** Takes over new costs and saves; a full or read-only disk costs the memory, not the measurement. */
    public void put(Collection<CostUpdate> updates, double reference) {
        for (var update : updates) {
            if (update instanceof OperatorCost || update instanceof NetworkCost) {
                costs.put(update.key(), update);
                untold.add(update.key());
            }
        }
        referenceMicros = reference;
        save();
    }

    private void save() {
        if (file == null) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            var part = Files.createTempFile(file.toAbsolutePath().getParent(), ".costs-", "");
            try {
                Json.MAPPER.writeValue(part.toFile(), new State(operators(), networks(), referenceMicros, untold));
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            LOG.warnf(
                    "measured costs are not remembered across a restart: %s can't be written: %s",
                    file, e.getMessage());
        }
    }
}
