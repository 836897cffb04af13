package org.dartscc.orchestrator.selection;

import java.time.Instant;
import java.util.Optional;

import org.dartscc.model.selection.Budget;
import org.dartscc.model.space.Genotype;

/**
 * An architecture as users see it.
 *
 * @param estimatedAccuracy on the validation split, in [0, 1]
 * @param fileBytes size of the file to come, as predicted
 * @param peakActivationBytes most bytes of tensors alive at once, batch 1, float32
 * @param costVersion version of the device's costs behind the prediction
 * @param stale whether the device's agent is silent now; its costs are used as they are
 * @param note what to know of the costs; else null
 */
public record ArchitectureView(
        String id,
        String search,
        String device,
        Genotype genotype,
        double predictedLatencyMicros,
        double estimatedAccuracy,
        long parameters,
        long macs,
        long fileBytes,
        long peakActivationBytes,
        long costVersion,
        Budget budget,
        String strategy,
        boolean stale,
        String note,
        Instant createdAt) {
    static ArchitectureView from(Architecture architecture, boolean stale, Optional<String> note) {
        var candidate = architecture.candidate();
        return new ArchitectureView(
                architecture.id(),
                architecture.searchId(),
                architecture.deviceId(),
                candidate.genotype(),
                candidate.latencyMicros(),
                candidate.estimatedAccuracy(),
                candidate.parameters(),
                candidate.macs(),
                candidate.fileBytes(),
                candidate.peakActivationBytes(),
                architecture.costVersion(),
                architecture.budget(),
                architecture.strategy(),
                stale,
                note.orElse(null),
                architecture.createdAt());
    }
}
