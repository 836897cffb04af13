package org.dartscc.benchmarks.paper;

import java.util.Map;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.space.Genotype;
import org.dartscc.trainer.finalise.Finalisation;
import org.dartscc.trainer.step.FineTuning;
import org.dartscc.trainer.supernet.Values;

/**
 * The one recipe by which architectures are trained alone, from scratch: batches of 64, half of the images mirrored, SGD
 * with Nesterov momentum .9, learning rate from .1 to 0 by half a cosine, weight decay 5e-4, gradients of norm 5 at
 * most; then batch-norm statistics over 40 batches, as for every model.
 */
final class Recipe {
    static final int BATCH = FineTuning.BATCH;
    private static final double LEARNING_RATE = .1;

    private final Workbench workbench;

    Recipe(Workbench workbench) {
        this.workbench = workbench;
    }

    /** Accuracies in [0, 1]; CPU time of training and evaluation. */
    record Trained(
            Genotype genotype,
            long seed,
            int steps,
            double validationAccuracy,
            double testAccuracy,
            double cpuSeconds) {}

    Trained train(String dataset, Plan.SpacePlan plan, Genotype genotype, long seed) {
        double start = Workbench.cpuSeconds();
        var space = workbench.space(dataset, plan.space());
        var network = space.network(genotype).live();
        int steps = workbench.steps(dataset, plan.recipePasses(), BATCH);
        try (var manager = workbench.manager()) {
            var bench = workbench.bench(manager, dataset, plan);
            var weights = Values.initial(manager, network.parameters(), seed);
            new FineTuning(manager, network, weights, bench.dataset(), bench.pace()).train(steps, LEARNING_RATE, seed);
            var model = new Finalisation(manager, space, bench.dataset(), bench.pace())
                    .finalise(genotype, new SafeTensors(weights.tensors(), Map.of()), 0, seed);
            return new Trained(
                    genotype,
                    seed,
                    steps,
                    model.validationAccuracy(),
                    model.testAccuracy(),
                    Workbench.cpuSeconds() - start);
        }
    }
}
