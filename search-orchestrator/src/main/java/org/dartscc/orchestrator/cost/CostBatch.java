package org.dartscc.orchestrator.cost;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.orchestrator.device.Tokens;
import org.dartscc.orchestrator.messaging.MessageJson;

import static java.nio.charset.StandardCharsets.UTF_8;

/** The costs of one poll, of each thing measured only the highest version, in the order of their keys. */
final class CostBatch {
    private static final int HASH_DIGITS = 16;

    /** Costs of one device under one fingerprint. */
    record Source(String deviceId, String fingerprintHash) {}

    /** Sorted, so that two orchestrators lock rows in one order. */
    private final Map<String, OperatorRow> operatorRows = new TreeMap<>();

    private final Map<String, NetworkRow> networkRows = new TreeMap<>();
    private final Map<String, FailureRow> failureRows = new TreeMap<>();
    private final Map<String, FingerprintRow> fingerprintRows = new TreeMap<>();
    private final Map<Source, Map<OperatorSignature, MeasuredCost>> operators = new HashMap<>();
    private final Map<Source, Map<MeasuredNetwork, MeasuredCost>> networks = new HashMap<>();
    private final Map<Source, Instant> newest = new HashMap<>();
    private final Map<String, Map<String, String>> failures = new HashMap<>();
    private final Set<String> devices = new HashSet<>();
    private final Map<RuntimeFingerprint, String> hashes = new HashMap<>();

    /** Rows as the statements take them: their names are those of the columns in the statements. */
    record OperatorRow(String d, String f, String s, double m, double h, int n, long v, Instant t) {}

    record NetworkRow(String d, String f, String s, String g, double m, double h, int n, long v, Instant t, Double w) {}

    record FailureRow(String d, String w, String r) {}

    record FingerprintRow(String d, String f, String j, Instant t) {}

    CostBatch(List<CostUpdate> updates) {
        updates.forEach(this::add);
    }

    private void add(CostUpdate update) {
        devices.add(update.deviceId());
        if (update instanceof CostUpdate.OperatorCost cost) {
            add(cost);
        } else if (update instanceof CostUpdate.NetworkCost cost) {
            add(cost);
        } else if (update instanceof CostUpdate.Failed failed) {
            failureRows.put(failed.key(), new FailureRow(failed.deviceId(), failed.what(), failed.reason()));
            failures.computeIfAbsent(failed.deviceId(), d -> new HashMap<>()).put(failed.what(), failed.reason());
        }
    }

    private void add(CostUpdate.OperatorCost cost) {
        var source = source(cost.deviceId(), cost.fingerprint(), cost.measuredAt());
        var measured = new MeasuredCost(
                cost.medianMicros(), cost.spreadMicros(), cost.samples(), cost.version(), cost.measuredAt(), null);
        var bySignature = operators.computeIfAbsent(source, s -> new HashMap<>());
        var known = bySignature.get(cost.signature());
        if (known == null || known.version() < cost.version()) {
            bySignature.put(cost.signature(), measured);
            operatorRows.put(
                    source.fingerprintHash + cost.key(),
                    new OperatorRow(
                            cost.deviceId(),
                            source.fingerprintHash,
                            cost.signature().toString(),
                            cost.medianMicros(),
                            cost.spreadMicros(),
                            cost.samples(),
                            cost.version(),
                            cost.measuredAt()));
        }
    }

    private void add(CostUpdate.NetworkCost cost) {
        var source = source(cost.deviceId(), cost.fingerprint(), cost.measuredAt());
        Double energy = cost.energyMicrojoules();
        Double watts = energy != null && energy > 0 && cost.medianMicros() > 0 ? energy / cost.medianMicros() : null;
        var measured = new MeasuredCost(
                cost.medianMicros(), cost.spreadMicros(), cost.samples(), cost.version(), cost.measuredAt(), watts);
        var network = new MeasuredNetwork(cost.space(), cost.genotype());
        var byNetwork = networks.computeIfAbsent(source, s -> new HashMap<>());
        var known = byNetwork.get(network);
        if (known == null || known.version() < cost.version()) {
            byNetwork.put(network, measured);
            networkRows.put(
                    source.fingerprintHash + cost.key(),
                    new NetworkRow(
                            cost.deviceId(),
                            source.fingerprintHash,
                            MessageJson.write(cost.space()),
                            cost.genotype().toString(),
                            cost.medianMicros(),
                            cost.spreadMicros(),
                            cost.samples(),
                            cost.version(),
                            cost.measuredAt(),
                            watts));
        }
    }

    private Source source(String deviceId, RuntimeFingerprint fingerprint, Instant measuredAt) {
        var hash = hashes.computeIfAbsent(fingerprint, CostBatch::hash);
        var source = new Source(deviceId, hash);
        var latest = newest.merge(source, measuredAt, (a, b) -> a.isAfter(b) ? a : b);
        fingerprintRows.put(
                deviceId + hash, new FingerprintRow(deviceId, hash, MessageJson.write(fingerprint), latest));
        return source;
    }

    static String hash(RuntimeFingerprint fingerprint) {
        var digest = Tokens.sha256(MessageJson.write(fingerprint).getBytes(UTF_8));
        return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
    }

    Set<String> devices() {
        return devices;
    }

    /** Devices of which something is not in the database yet, as far as the memory tells. */
    Set<String> changed(CostBook book) {
        var changed = new HashSet<String>();
        failures.forEach((device, whats) -> {
            if (!book.of(device).failures().entrySet().containsAll(whats.entrySet())) {
                changed.add(device);
            }
        });
        operators.forEach((source, costs) -> {
            var known = book.of(source.deviceId);
            if (isForeign(source, known)
                    || costs.entrySet().stream()
                            .anyMatch(e -> known.isNews(e.getKey(), e.getValue().version()))) {
                changed.add(source.deviceId);
            }
        });
        networks.forEach((source, costs) -> {
            var known = book.of(source.deviceId);
            if (isForeign(source, known)
                    || costs.entrySet().stream()
                            .anyMatch(e -> known.isNews(e.getKey(), e.getValue().version()))) {
                changed.add(source.deviceId);
            }
        });
        return changed;
    }

    private static boolean isForeign(Source source, DeviceCosts known) {
        return !source.fingerprintHash.equals(known.fingerprintHash());
    }

    /** Whether the memory can't tell the new state of a device, since costs of another fingerprint came. */
    boolean needsReload(DeviceCosts known) {
        return newest.keySet().stream()
                .anyMatch(source -> source.deviceId.equals(known.deviceId()) && isForeign(source, known));
    }

    /** The device's costs after this batch, all of it of the device's newest fingerprint. */
    DeviceCosts applyTo(DeviceCosts known, long revision) {
        var source = new Source(known.deviceId(), known.fingerprintHash());
        var batchNewest = newest.get(source);
        var latest =
                batchNewest == null || known.newest() != null && known.newest().isAfter(batchNewest)
                        ? known.newest()
                        : batchNewest;
        return known.with(
                revision,
                latest,
                operators.getOrDefault(source, Map.of()),
                networks.getOrDefault(source, Map.of()),
                failures.getOrDefault(known.deviceId(), Map.of()));
    }

    int size() {
        return operatorRows.size() + networkRows.size() + failureRows.size();
    }

    List<OperatorRow> operatorRows() {
        return List.copyOf(operatorRows.values());
    }

    List<NetworkRow> networkRows() {
        return List.copyOf(networkRows.values());
    }

    List<FailureRow> failureRows() {
        return List.copyOf(failureRows.values());
    }

    List<FingerprintRow> fingerprintRows() {
        return List.copyOf(fingerprintRows.values());
    }
}
