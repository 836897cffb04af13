package org.dartscc.model.selection;

import org.dartscc.model.space.Genotype;

/**
 * A point of a device's Pareto front.
 *
 * @param tradeoff place of the latency between the device's cheapest (0) and costliest (1) architecture, on a log
 *     scale; what the hypernetwork is conditioned on
 * @param fileBytes size of the exported file, as predicted
 * @param peakActivationBytes most bytes of tensors alive at once, batch 1, float32
 * @param costVersion version of the cost table behind it
 */
public record FrontPoint(
        double tradeoff,
        double latencyMicros,
        double estimatedAccuracy,
        long parameters,
        long macs,
        long fileBytes,
        long peakActivationBytes,
        Genotype genotype,
        long costVersion) {}
