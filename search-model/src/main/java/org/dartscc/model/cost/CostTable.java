package org.dartscc.model.cost;

import java.util.HashMap;
import java.util.Map;

import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;

/**
 * The look-up table of one device (FBNet, section 3.2), calibrated on whole networks: sum = fixedMicros + sum of
 * operator costs, latency = curve of the sum, in microseconds. The latency grows with the sum, so that whatever
 * keeps a limit of one keeps that of the other. Costs of different runtime fingerprints are never in one table.
 *
 * @param version grows with every change of an operator's cost or of the calibration
 * @param fixedMicros what every architecture of the space pays: stem, shortcuts, head, runtime overhead
 * @param curve from the sum to the latency
 * @param mergesEqual whether the runtime runs equal operators on one input once: then {@link SearchSpace#repeated} ones
 *     cost nothing. ONNX Runtime does; whoever timed a published table mostly did not
 * @param marginShare relative error of the prediction on networks left out of the calibration, as .03
 * @param operatorMicros what each operator adds to a network, calibrated
 */
public record CostTable(
        String deviceId,
        long version,
        double fixedMicros,
        Curve curve,
        boolean mergesEqual,
        double marginShare,
        Map<OperatorSignature, Double> operatorMicros) {
    public CostTable {
        operatorMicros = Map.copyOf(operatorMicros);
    }

    /** A table of latencies that are plain sums. */
    public CostTable(
            String deviceId,
            long version,
            double fixedMicros,
            double marginShare,
            Map<OperatorSignature, Double> operatorMicros) {
        this(deviceId, version, fixedMicros, Curve.STRAIGHT, false, marginShare, operatorMicros);
    }

    /**
     * The table of what was measured so far. It is calibrated once every operator of the space is known; until then
     * its costs are those measured. Agents measure with ONNX Runtime, with every profile.
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
                calibration.curve(),
                true,
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

    /** Cost of each assignment of each group of the space, in microseconds: [group][assignment]. */
    public double[][] assignmentMicros(SearchSpace space) {
        var options = optionMicros(space);
        var table = new double[space.groups().size()][];
        for (int g = 0; g < table.length; g++) {
            var group = space.groups().get(g);
            table[g] = new double[group.assignments().size()];
            for (int k = 0; k < table[g].length; k++) {
                for (int i = 0; i < group.decisions().size(); i++) {
                    boolean isRun = !mergesEqual || !space.repeated(g, k)[i];
                    int option = group.assignments().get(k).get(i);
                    table[g][k] += isRun ? options[group.decisions().get(i)][option] : 0;
                }
            }
        }
        return table;
    }

    private boolean[] repeated(SearchSpace space, int[] indices) {
        return mergesEqual ? space.repeated(indices) : new boolean[indices.length];
    }

    /** Latency of a network whose fixed part and operators add up to this. */
    public double latencyOf(double sumMicros) {
        return curve.latencyOf(sumMicros);
    }

    /** The sum that a network of this latency has. */
    public double sumOf(double latencyMicros) {
        return curve.sumOf(latencyMicros);
    }

    /** Predicted latency of a whole network, in microseconds. */
    public double latencyMicros(SearchSpace space, Genotype genotype) {
        return latencyOf(sumMicros(space, genotype));
    }

    /** The fixed part and the operators of a network, in microseconds. */
    public double sumMicros(SearchSpace space, Genotype genotype) {
        return sumMicros(space, optionMicros(space), space.indices(genotype));
    }

    /** @param optionMicros {@link #optionMicros}, for whoever asks often */
    public double sumMicros(SearchSpace space, double[][] optionMicros, int[] indices) {
        var repeated = repeated(space, indices);
        double sum = fixedMicros;
        for (int d = 0; d < indices.length; d++) {
            sum += repeated[d] ? 0 : optionMicros[d][indices[d]];
        }
        return sum;
    }
}
