package org.dartscc.orchestrator.model;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.message.DatasetInfo;
import org.dartscc.model.selection.Budget;
import org.dartscc.model.space.Genotype;
import org.dartscc.orchestrator.search.Search;

/**
 * A model as users see it. The genotype and its figures are those of the candidate that ships, which is another than
 * the architecture's when that one broke the budget on the device. What is not known yet is null.
 *
 * @param waitsFor the device that is to time it now, and when its agent was last heard if it fell silent
 * @param residualShare how much more than predicted was measured, as .03; negative when it was less
 * @param note what to know about the figures, as that the device was busy; null when there is nothing
 * @param energyMicrojoules of one inference on its device, the rest of the machine included; null where it is not known
 * @param energyNote why there is no energy, as {@code not available: this host exposes no RAPL counters}
 * @param verification {@code pending}, {@code measured}, or {@code not possible: imported} where nobody can time it
 * @param predictedFileBytes size of the file as it was predicted; {@code sizeBytes} is the real one
 * @param peakActivationBytes most bytes of tensors alive at once, batch 1, float32
 * @param sha256 of the ONNX file
 */
public record ModelView(
        String id,
        ModelState state,
        String waitsFor,
        String architecture,
        Genotype genotype,
        String device,
        Budget budget,
        String strategy,
        double predictedLatencyMicros,
        Double measuredP50Micros,
        Double measuredP90Micros,
        Double residualShare,
        String note,
        Double energyMicrojoules,
        String energyNote,
        String verification,
        Double validationAccuracy,
        Double testAccuracy,
        Double parityMaxAbsDiff,
        String sha256,
        Long sizeBytes,
        long parameters,
        long macs,
        long predictedFileBytes,
        long peakActivationBytes,
        int fineTuneEpochs,
        Provenance provenance,
        String failure,
        Instant createdAt,
        Instant updatedAt) {
    /** Where it comes from. */
    public record Provenance(
            String search,
            String dataset,
            String space,
            String method,
            long seed,
            DatasetInfo datasetInfo,
            long costVersion,
            List<Attempt> attempts) {}

    private static String note(Attempt current) {
        return current.slowness() == null
                ? null
                : String.format(
                        Locale.ROOT,
                        "The device was %.2f times as slow as at its best while it timed this: the measured latency is"
                                + " the one at its best, and calibrates nothing",
                        current.slowness());
    }

    static ModelView from(Model model, Search search, String waitsFor) {
        var current = model.current();
        return new ModelView(
                model.id(),
                model.state(),
                waitsFor,
                model.architectureId(),
                current.genotype(),
                model.deviceId(),
                model.budget(),
                model.strategy(),
                current.predictedLatencyMicros(),
                current.measuredP50Micros(),
                current.measuredP90Micros(),
                current.residualShare(),
                note(current),
                current.energyMicrojoules(),
                current.energyNote(),
                model.verification().words(),
                current.validationAccuracy(),
                current.testAccuracy(),
                model.parityMaxAbsDiff(),
                model.onnx().map(ArtifactRef::sha256).orElse(null),
                model.onnx().map(ArtifactRef::sizeBytes).orElse(null),
                current.parameters(),
                current.macs(),
                current.fileBytes(),
                current.peakActivationBytes(),
                model.fineTuneEpochs(),
                new Provenance(
                        search.id(),
                        search.dataset(),
                        search.space(),
                        search.method(),
                        search.seed(),
                        model.datasetInfo(),
                        current.costVersion(),
                        model.attempts()),
                model.failure(),
                model.createdAt(),
                model.updatedAt());
    }
}
