package org.dartscc.model.cost;

import java.util.HashMap;
import java.util.Map;

import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;

/**
 * The look-up table of one device (FBNet, section 3.2), calibrated on whole networks: sum = fixedMicros + sum of
 * operator costs, latency = sum + curvature * sum^2, in microseconds. The latency grows with the sum, so that whatever
 * keeps a limit of one keeps that of the other. Costs of different runtime fingerprints are never in one table.
 *
 * @param version grows with every change of an operator's cost or of the calibration
 * @param fixedMicros what every architecture of the space pays: stem, shortcuts, head, runtime overhead
 * @param curvature by how much operators get slower as the network grows, in 1 / microseconds; 0 or more
 * @param marginShare relative error of the prediction on networks left out of the calibration, as .03
 * @param operatorMicros what each operator adds to a network, calibrated
 */
public record CostTable(
        String deviceId,
        long version,
        double fixedMicros,
        double curvature,
        double marginShare,
        Map<OperatorSignature, Double> operatorMicros) {
    public CostTable {
        if (!(curvature >= 0)) {
            throw new IllegalArgumentException("a latency must grow with the sum, so no curvature of " + curvature);
        }
        operatorMicros = Map.copyOf(operatorMicros);
    }

    /** A table of latencies that are plain sums. */
    public CostTable(
            String deviceId,
            long version,
            double fixedMicros,
            double marginShare,
            Map<OperatorSignature, Double> operatorMicros) {
        this(deviceId, version, fixedMicros, 0, marginShare, operatorMicros);
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
        return new CostTable(
                deviceId,
                version,
                calibration.fixedMicros(),
                calibration.curvature(),
                calibration.marginShare(),
                calibrated);
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

    /** Latency of a network whose fixed part and operators add up to this. */
    public double latencyOf(double sumMicros) {
        return latencyOf(sumMicros, curvature);
    }

    static double latencyOf(double sumMicros, double curvature) {
        return sumMicros * (1 + curvature * sumMicros);
    }

    /** The sum that a network of this latency has. */
    public double sumOf(double latencyMicros) {
        return sumOf(latencyMicros, curvature);
    }

    static double sumOf(double latencyMicros, double curvature) {
        // Of the two ways to write the root of a quadratic, the one that loses no digits when the curve is slight.
        return 2 * latencyMicros / (1 + Math.sqrt(1 + 4 * curvature * latencyMicros));
    }

    /** Predicted latency of a whole network, in microseconds. */
    public double latencyMicros(SearchSpace space, Genotype genotype) {
        return latencyOf(sumMicros(space, genotype));
    }

    /** The fixed part and the operators of a network, in microseconds. */
    public double sumMicros(SearchSpace space, Genotype genotype) {
        var costs = optionMicros(space);
        var indices = space.indices(genotype);
        double sum = fixedMicros;
        for (int d = 0; d < indices.length; d++) {
            sum += costs[d][indices[d]];
        }
        return sum;
    }
}
