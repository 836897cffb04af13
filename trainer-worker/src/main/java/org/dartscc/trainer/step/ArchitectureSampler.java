package org.dartscc.trainer.step;

import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.selection.Hypernetwork;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;

/**
 * Draws the architectures that a step trains: with the schedule's share uniformly, else from the hypernetwork's policy
 * for a random device and budget, so that training goes where answers will come from.
 */
final class ArchitectureSampler {
    private final SearchSpace space;
    private final Schedule schedule;
    private final Optional<Hypernetwork> policy;
    private final List<double[][]> deviceMicros;

    ArchitectureSampler(SearchSpace space, Schedule schedule, Optional<Hypernetwork> policy, List<CostTable> devices) {
        this.space = space;
        this.schedule = schedule;
        this.policy = policy;
        this.deviceMicros = devices.stream().map(d -> d.optionMicros(space)).toList();
    }

    Genotype draw(long step, Random random) {
        boolean uniform = policy.isEmpty()
                || deviceMicros.isEmpty()
                || schedule.isUniform(step)
                || random.nextDouble() < schedule.uniformShare(step);
        if (uniform) {
            return space.random(random);
        }
        var device = deviceMicros.get(random.nextInt(deviceMicros.size()));
        var probabilities = policy.get().policy(random.nextDouble(), device);
        return space.sample(random, (group, r) -> index(probabilities[group], r.nextDouble()));
    }

    private static int index(double[] probabilities, double u) {
        double sum = 0;
        for (int k = 0; k < probabilities.length - 1; k++) {
            sum += probabilities[k];
            if (u < sum) {
                return k;
            }
        }
        return probabilities.length - 1;
    }
}
