package org.dartscc.trainer.hypernet;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.selection.BudgetScale;
import org.dartscc.model.selection.Hypernetwork;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;

/** Devices to train on: the real ones, and the same with costs changed, most of all by kind of operator. */
final class AugmentedDevices {
    private static final double KIND_SPREAD = .6;
    private static final double SIGNATURE_SPREAD = .1;
    private static final int ONE_REAL_IN = 4;

    private AugmentedDevices() {}

    /**
     * @param encoded the hypernetwork's input, the budget's place not yet set
     * @param assignmentMicros cost of every assignment of every group, in their order
     */
    record Device(CostTable costs, BudgetScale scale, float[] encoded, double[] assignmentMicros) {
        static Device of(SearchSpace space, CostTable costs) {
            var sums = Arrays.stream(costs.assignmentMicros(space))
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
            return new Device(
                    costs,
                    BudgetScale.of(space, costs),
                    Hypernetwork.encode(space, 0, costs.optionMicros(space)),
                    sums);
        }

        /** What fixed part and operators may add up to at a position of the scale. */
        double budget(double position) {
            return costs.sumOf(scale.micros(position));
        }
    }

    static List<Device> of(SearchSpace space, List<CostTable> real, int count, Random random) {
        var devices = new ArrayList<Device>();
        for (int i = 0; i < count; i++) {
            var costs = real.get(i % real.size());
            devices.add(Device.of(space, i % ONE_REAL_IN == 0 ? costs : changed(space, costs, random)));
        }
        return devices;
    }

    private static CostTable changed(SearchSpace space, CostTable costs, Random random) {
        var kinds = new EnumMap<Operator, Double>(Operator.class);
        for (var operator : Operator.values()) {
            kinds.put(operator, Math.exp(KIND_SPREAD * random.nextGaussian()));
        }
        Map<OperatorSignature, Double> micros = new HashMap<>();
        // In the space's order: that of the table's own map differs between runs.
        for (var signature : space.signatures()) {
            double factor = kinds.get(signature.operator()) * Math.exp(SIGNATURE_SPREAD * random.nextGaussian());
            micros.put(signature, factor * costs.operatorMicros().get(signature));
        }
        return new CostTable(
                costs.deviceId(),
                costs.version(),
                costs.fixedMicros(),
                costs.curve(),
                costs.mergesEqual(),
                costs.marginShare(),
                micros);
    }
}
