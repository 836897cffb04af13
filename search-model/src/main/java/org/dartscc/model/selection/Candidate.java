package org.dartscc.model.selection;

import org.dartscc.model.space.Genotype;

/**
 * An architecture as the selection sees it.
 *
 * @param latencyMicros predicted by the device's cost table
 * @param estimatedAccuracy on the validation split, in [0, 1], by the additive surrogate
 * @param fileBytes size of the exported file, as {@link org.dartscc.model.network.Footprint} predicts it
 * @param peakActivationBytes most bytes of tensors alive at once, batch 1, float32
 */
public record Candidate(
        Genotype genotype,
        double latencyMicros,
        double estimatedAccuracy,
        long parameters,
        long macs,
        long fileBytes,
        long peakActivationBytes) {}
