package org.dartscc.orchestrator.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import org.dartscc.model.message.ModelMeasurement;
import org.dartscc.model.message.TrainingOutcome;
import org.dartscc.model.selection.Candidate;
import org.dartscc.model.space.Genotype;

/**
 * One candidate of a model: what was predicted, and as far as it came what was evaluated and measured.
 *
 * @param attempt from 1
 * @param marginShare for which the budget was tightened because of the candidates before; null for the first
 * @param slowness how many times as slow as at its best the device was throughout, while the times are those at its
 *     best; null where it was quiet
 * @param energyMicrojoules of one inference, as its device measured it; null where it can't
 * @param energyNote why the device could not measure it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Attempt(
        int attempt,
        Genotype genotype,
        double predictedLatencyMicros,
        double estimatedAccuracy,
        long parameters,
        long macs,
        long fileBytes,
        long peakActivationBytes,
        long costVersion,
        Double marginShare,
        Double validationAccuracy,
        Double testAccuracy,
        Double measuredP50Micros,
        Double measuredP90Micros,
        Double slowness,
        Double energyMicrojoules,
        String energyNote) {
    private static final int LONGEST_NOTE = 300;

    static Attempt of(int attempt, Candidate candidate, long costVersion, Double marginShare) {
        return new Attempt(
                attempt,
                candidate.genotype(),
                candidate.latencyMicros(),
                candidate.estimatedAccuracy(),
                candidate.parameters(),
                candidate.macs(),
                candidate.fileBytes(),
                candidate.peakActivationBytes(),
                costVersion,
                marginShare,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    Attempt evaluated(TrainingOutcome.ModelFinalised outcome) {
        return new Attempt(
                attempt,
                genotype,
                predictedLatencyMicros,
                estimatedAccuracy,
                parameters,
                macs,
                fileBytes,
                peakActivationBytes,
                costVersion,
                marginShare,
                outcome.validationAccuracy(),
                outcome.testAccuracy(),
                null,
                null,
                null,
                null,
                null);
    }

    /** How much more than predicted was measured, as a share of the prediction; null before the measurement. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public Double residualShare() {
        return measuredP50Micros == null ? null : measuredP50Micros / predictedLatencyMicros - 1;
    }

    Attempt measured(ModelMeasurement.Timed timed) {
        var note = timed.energyNote();
        return new Attempt(
                attempt,
                genotype,
                predictedLatencyMicros,
                estimatedAccuracy,
                parameters,
                macs,
                fileBytes,
                peakActivationBytes,
                costVersion,
                marginShare,
                validationAccuracy,
                testAccuracy,
                timed.p50Micros(),
                timed.p90Micros(),
                timed.slowness(),
                timed.energyMicrojoules(),
                note != null && note.length() > LONGEST_NOTE ? note.substring(0, LONGEST_NOTE) : note);
    }
}
