package org.dartscc.orchestrator.cost;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;

/** What was measured on a device under its newest fingerprint. */
public record DeviceCostsView(
        String deviceId,
        long costVersion,
        RuntimeFingerprint fingerprint,
        List<OperatorRow> operators,
        List<NetworkRow> networks,
        List<FailureRow> failures) {
    /** One operator; the kind is the operator's name in genotypes. */
    public record OperatorRow(
            OperatorSignature signature,
            String kind,
            double medianMicros,
            double spreadMicros,
            int samples,
            long version,
            Instant measuredAt) {}

    /** One whole network. */
    public record NetworkRow(
            SpaceSpec space,
            Genotype genotype,
            double medianMicros,
            double spreadMicros,
            int samples,
            long version,
            Instant measuredAt) {}

    /** What could not be measured. */
    public record FailureRow(String what, String reason) {}

    public static DeviceCostsView from(DeviceCosts costs) {
        return new DeviceCostsView(
                costs.deviceId(),
                costs.revision(),
                costs.fingerprint(),
                costs.operators().entrySet().stream()
                        .map(e -> row(e.getKey(), e.getValue()))
                        .sorted(Comparator.comparing(r -> r.signature().toString()))
                        .toList(),
                costs.networks().entrySet().stream()
                        .map(e -> row(e.getKey(), e.getValue()))
                        .sorted(Comparator.comparing(r -> r.genotype().toString()))
                        .toList(),
                costs.openFailures().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(e -> new FailureRow(e.getKey(), e.getValue()))
                        .toList());
    }

    private static OperatorRow row(OperatorSignature signature, MeasuredCost cost) {
        return new OperatorRow(
                signature,
                signature.operator().key(),
                cost.medianMicros(),
                cost.spreadMicros(),
                cost.samples(),
                cost.version(),
                cost.measuredAt());
    }

    private static NetworkRow row(MeasuredNetwork network, MeasuredCost cost) {
        return new NetworkRow(
                network.space(),
                network.genotype(),
                cost.medianMicros(),
                cost.spreadMicros(),
                cost.samples(),
                cost.version(),
                cost.measuredAt());
    }
}
