package org.dartscc.trainer.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.alpha.OptionLayout;

/**
 * FBNet (Wu et al., CVPR 2019): one alpha for each device and each weight of its latency, the exponent beta. The
 * original makes one run of each; here they take turns on shared weights.
 */
final class AlphaPerTarget implements AlphaFamily {
    private static final double A = .2;
    private static final int SAMPLES = 6;

    private final List<Condition> conditions = new ArrayList<>();
    private final int stepsOfATurn;

    /**
     * @param betas in rising order
     * @param stepsOfATurn steps until the next condition's turn
     */
    AlphaPerTarget(SearchSpace space, List<CostTable> devices, List<Double> betas, int stepsOfATurn) {
        if (devices.isEmpty()) {
            throw new IllegalArgumentException(
                    "latency in the loss needs a device that has measured the whole space, and there is none");
        }
        this.stepsOfATurn = stepsOfATurn;
        var layout = new OptionLayout(space);
        for (var device : devices) {
            var micros = layout.flat(device.optionMicros(space));
            for (double beta : betas) {
                conditions.add(new Condition(
                        "beta " + beta,
                        device.deviceId(),
                        Map.of(device.deviceId() + "/beta" + beta, 1.0),
                        Penalty.fbnet(device.fixedMicros(), micros, A, beta)));
            }
        }
    }

    @Override
    public List<String> rows() {
        return conditions.stream().flatMap(c -> c.rows().keySet().stream()).toList();
    }

    @Override
    public Condition draw(long step, Random random) {
        return conditions.get((int) (step / stepsOfATurn % conditions.size()));
    }

    @Override
    public List<Condition> readouts() {
        return conditions;
    }

    @Override
    public int samples() {
        return SAMPLES;
    }
}
