package org.dartscc.benchmarks.fidelity;

import java.util.List;
import java.util.Map;

import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;

/**
 * Everything that was measured; the rest is arithmetic.
 *
 * @param fingerprint what it was measured on
 * @param operatorMicros the agent's table
 * @param aloneMicros latency of each operator as a model of its own
 * @param calibrationMicros the networks that every device calibrates its table on, timed once
 * @param networks random ones
 * @param tableSeconds how long the table took, the process, sessions and warm-up included
 */
record Measurements(
        SearchSpace space,
        RuntimeFingerprint fingerprint,
        Map<OperatorSignature, Double> operatorMicros,
        Map<OperatorSignature, Double> aloneMicros,
        Map<Genotype, Double> calibrationMicros,
        List<Observation> networks,
        double tableSeconds) {}
