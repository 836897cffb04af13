package org.dartscc.trainer.step;

import java.util.List;

import ai.djl.ndarray.NDManager;

import org.dartscc.model.network.Network;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.seed.Seeds;
import org.dartscc.trainer.supernet.Values;

/** Trains one network alone, from the weights it inherited or from none: a sandwich of one, with labels as targets. */
public final class FineTuning {
    /** Images of a step. */
    public static final int BATCH = 64;

    private static final double LEARNING_RATE = .02;
    private static final double WEIGHT_DECAY = 5e-4;
    private static final double LARGEST_GRADIENT_NORM = 5;
    private static final int LARGEST_RUN_OF_SKIPPED = 10;

    private final NDManager manager;
    private final Network network;
    private final Values weights;
    private final Dataset dataset;
    private final Pace pace;

    /** @param weights of this network alone: they are changed */
    public FineTuning(NDManager manager, Network network, Values weights, Dataset dataset, Pace pace) {
        this.manager = manager;
        this.network = network;
        this.weights = weights;
        this.dataset = dataset;
        this.pace = pace;
    }

    /**
     * Goes on from inherited weights.
     *
     * @throws NonFiniteTrainingException when training diverges
     */
    public void train(int epochs, long seed) {
        train(Math.max(1, epochs * dataset.train().size() / BATCH), LEARNING_RATE, seed);
    }

    /**
     * Trains by half a cosine from a learning rate to 0.
     *
     * @throws NonFiniteTrainingException when training diverges
     */
    public void train(int steps, double firstLearningRate, long seed) {
        var order = new BatchOrder(
                Seeds.mix(seed, Seeds.FINE_TUNING, 0), dataset.train().size(), BATCH);
        var sgd = new Sgd(weights, weights.zeros(manager), WEIGHT_DECAY, LARGEST_GRADIENT_NORM);
        var sandwich = new SandwichStep(manager, weights, sgd, dataset, true);
        int skipped = 0;
        for (int i = 0; i < steps; i++) {
            int step = i;
            double learningRate = firstLearningRate / 2 * (1 + Math.cos(Math.PI * step / steps));
            var result = pace.piece(() -> sandwich.run(List.of(network), order.at(step), learningRate));
            skipped = result.updated() ? 0 : skipped + 1;
            if (skipped >= LARGEST_RUN_OF_SKIPPED) {
                throw new NonFiniteTrainingException(skipped, step);
            }
            pace.report("fine-tuning", step + 1, steps, result.loss());
        }
    }
}
