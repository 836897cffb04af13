package org.dartscc.orchestrator.cost;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.cost.Curve;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;

/**
 * All costs of one device under its newest runtime fingerprint. Immutable.
 *
 * @param revision grows with every change
 * @param fingerprintHash null before the first cost, as are {@code fingerprint} and {@code newest}
 * @param newest when the newest cost was measured
 * @param failures what could not be measured, and why
 * @param origin where they come from when no agent measured them; null for measured ones
 */
public record DeviceCosts(
        String deviceId,
        long revision,
        String fingerprintHash,
        RuntimeFingerprint fingerprint,
        Instant newest,
        Map<OperatorSignature, MeasuredCost> operators,
        Map<MeasuredNetwork, MeasuredCost> networks,
        Map<String, String> failures,
        CostOrigin origin) {
    private static final String NOT_IN_TABLE = "not in the imported table";

    static DeviceCosts none(String deviceId) {
        return new DeviceCosts(deviceId, 0, null, null, null, Map.of(), Map.of(), Map.of(), null);
    }

    /** Whether they were read from a table, so that there is nothing more to be measured. */
    public boolean areImported() {
        return origin != null && origin.kind() == CostOrigin.Kind.IMPORTED;
    }

    /** Whether an agent measured them on the device. */
    public boolean areMeasured() {
        return fingerprintHash != null && origin == null;
    }

    /** The same costs with newer ones in their place; of one thing, the highest version counts. */
    DeviceCosts with(
            long newRevision,
            Instant newNewest,
            Map<OperatorSignature, MeasuredCost> newOperators,
            Map<MeasuredNetwork, MeasuredCost> newNetworks,
            Map<String, String> newFailures) {
        var allFailures = new HashMap<>(failures);
        allFailures.putAll(newFailures);
        return new DeviceCosts(
                deviceId,
                newRevision,
                fingerprintHash,
                fingerprint,
                newNewest,
                merged(operators, newOperators),
                merged(networks, newNetworks),
                allFailures,
                origin);
    }

    private static <K> Map<K, MeasuredCost> merged(Map<K, MeasuredCost> old, Map<K, MeasuredCost> changes) {
        if (changes.isEmpty()) {
            return old;
        }
        var all = new HashMap<>(old);
        changes.forEach((k, cost) -> all.merge(k, cost, MeasuredCost::or));
        return all;
    }

    /** Whether a cost under the newest fingerprint is new, or newer than what is known. */
    boolean isNews(OperatorSignature signature, long version) {
        var known = operators.get(signature);
        return known == null || version > known.version();
    }

    boolean isNews(MeasuredNetwork network, long version) {
        var known = networks.get(network);
        return known == null || version > known.version();
    }

    /** What the device still has to measure for a space. */
    public List<OperatorSignature> missing(SearchSpace space) {
        return space.signatures().stream()
                .filter(s -> !operators.containsKey(s))
                .toList();
    }

    /** Those of the genotypes that were not measured yet. */
    public List<Genotype> missing(SearchSpace space, List<Genotype> genotypes) {
        return genotypes.stream()
                .filter(g -> !networks.containsKey(new MeasuredNetwork(space.spec(), g)))
                .toList();
    }

    public Coverage coverage(SearchSpace space) {
        var missing = missing(space);
        var failed = new LinkedHashMap<String, String>();
        for (var signature : missing) {
            var reason = areImported() ? NOT_IN_TABLE : failures.get(signature.toString());
            if (reason != null) {
                failed.put(signature.toString(), reason);
            }
        }
        int total = space.signatures().size();
        return new Coverage(total - missing.size(), total, failed);
    }

    /** What the device draws while it runs networks, the median of those whose energy is known; nothing before one is. */
    public Optional<Double> watts() {
        var known = networks.values().stream()
                .map(MeasuredCost::watts)
                .filter(Objects::nonNull)
                .sorted()
                .toList();
        return known.isEmpty() ? Optional.empty() : Optional.of(known.get(known.size() / 2));
    }

    /** The look-up table for a space, calibrated on the networks of that space. */
    CostTable table(SearchSpace space) {
        var operatorMicros = new HashMap<OperatorSignature, Double>();
        for (var signature : space.signatures()) {
            var cost = operators.get(signature);
            if (cost != null) {
                operatorMicros.put(signature, cost.medianMicros());
            }
        }
        if (origin != null) {
            // A curve is that of the space whose networks it was fitted to, as the fixed part is.
            var fixed = origin.fixedMicros().get(space.name());
            return new CostTable(
                    deviceId,
                    revision,
                    fixed == null ? 0 : fixed,
                    fixed == null ? Curve.STRAIGHT : origin.curve(),
                    origin.mergesEqual(),
                    origin.marginShareOrUsual(),
                    operatorMicros);
        }
        // The order of a hash map must not decide the last digits of a fit.
        var networkMicros = new TreeMap<Genotype, Double>(Comparator.comparing(Genotype::toString));
        networks.forEach((network, cost) -> {
            boolean isMember = network.space().equals(space.spec()) && space.isValid(network.genotype());
            if (isMember && cost.medianMicros() > 0) {
                networkMicros.put(network.genotype(), cost.medianMicros());
            }
        });
        return CostTable.of(deviceId, revision, space, operatorMicros, networkMicros);
    }

    /** What could not be measured and still is not. */
    Map<String, String> openFailures() {
        return failures.entrySet().stream()
                .filter(e ->
                        operators.keySet().stream().noneMatch(s -> s.toString().equals(e.getKey())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
