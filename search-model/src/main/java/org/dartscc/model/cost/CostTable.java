package org.dartscc.model.cost;

import java.util.Map;

import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;

/**
 * The look-up table of one device (FBNet, section 3.2) with its calibration on whole networks: latency =
 * fixedMicros + scale * sum of operator costs, in microseconds. Costs of different runtime fingerprints are never in
 * one table.
 *
 * @param version grows with every change of an operator's cost or of the calibration
 * @param fixedMicros what every architecture of the space pays: stem, shortcuts, head, runtime overhead
 * @param scale factor from sums of single operators to whole networks; 1 without calibration
 * @param marginShare relative error of the calibrated prediction on networks left out of the fit, as .03
 */
public record CostTable(
        String deviceId,
        long version,
        double fixedMicros,
        double scale,
        double marginShare,
        Map<OperatorSignature, Double> operatorMicros) {
    public CostTable {
        operatorMicros = Map.copyOf(operatorMicros);
    }

    /** Whether every operator of the space has a cost. */
    public boolean covers(SearchSpace space) {
        return operatorMicros.keySet().containsAll(space.signatures());
    }

    /**
     * Calibrated cost of each option of each decision over all its positions, in microseconds: [decision][option].
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
            return scale * micros;
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
