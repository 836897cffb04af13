package org.dartscc.model.cost;

import java.util.HashMap;
import java.util.Map;

import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;

/**
 * The look-up table of one device (FBNet, section 3.2), calibrated on whole networks: latency = fixedMicros + sum of
 * operator costs, in microseconds. Costs of different runtime fingerprints are never in one table.
 *
 * @param version grows with every change of an operator's cost or of the calibration
 * @param fixedMicros what every architecture of the space pays: stem, shortcuts, head, runtime overhead
 * @param marginShare relative error of the prediction on networks left out of the calibration, as .03
 * @param operatorMicros what each operator adds to a network, calibrated
 */
public record CostTable(
        String deviceId,
        long version,
        double fixedMicros,
        double marginShare,
        Map<OperatorSignature, Double> operatorMicros) {
    public CostTable {
        operatorMicros = Map.copyOf(operatorMicros);
    }

    /**
     * The table of what was measured so far. It is calibrated once every operator of the space is known; until then
     * its costs are those measured.
     *
     * @param measuredMicros of operators, in microseconds
     * @param networkMicros latencies of whole networks of the space, in microseconds
     */
    public static CostTable of(
            String deviceId,
            long version,
            SearchSpace space,
            Map<OperatorSignature, Double> measuredMicros,
            Map<Genotype, Double> networkMicros) {
        var calibration = measuredMicros.keySet().containsAll(space.signatures())
                ? Calibration.of(space, measuredMicros, networkMicros)
                : Calibration.NONE;
        var calibrated = new HashMap<OperatorSignature, Double>();
        measuredMicros.forEach((s, micros) -> calibrated.put(s, calibration.scale(s.operator()) * micros));
        return new CostTable(deviceId, version, calibration.fixedMicros(), calibration.marginShare(), calibrated);
    }

    /** Whether every operator of the space has a cost. */
    public boolean covers(SearchSpace space) {
        return operatorMicros.keySet().containsAll(space.signatures());
    }

    /**
     * Cost of each option of each decision over all its positions, in microseconds: [decision][option].
     *
     * @throws IllegalStateException when a signature of the space has not been measured
     */
    public double[][] optionMicros(SearchSpace space) {
        return space.table((position, operator) -> {
            if (operator.isAbsent()) {
                return 0;
            }
            var micros = operatorMicros.get(position.signature(operator));
            if (micros == null) {
                throw new IllegalStateException(
                        "device " + deviceId + " has not measured " + position.signature(operator));
            }
            return micros;
        });
    }

    /** Predicted latency of a whole network, in microseconds. */
    public double latencyMicros(SearchSpace space, Genotype genotype) {
        var costs = optionMicros(space);
        var indices = space.indices(genotype);
        double sum = fixedMicros;
        for (int d = 0; d < indices.length; d++) {
            sum += costs[d][indices[d]];
        }
        return sum;
    }
}
