package org.dartscc.trainer.step;

import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * How a mixture method trains. Weights: SGD with momentum .9, the learning rate half a cosine from the first to the
 * last. Alpha: Adam.
 *
 * @param alphaTravel sum of the learning rates of the published run: a shorter run takes larger steps, up to .1, so
 *     that alpha gets as far
 * @param alphaShare share of the training images that alpha learns from and weights do not; 0 = both learn from the
 *     same batch
 * @param alphaEvery every so many steps alpha is updated too
 * @param warmUp share of the steps before alpha's first update
 * @param secondOrder whether alpha's gradient looks through one step of the weights
 * @param temperature of Gumbel-softmax by progress in [0, 1]; empty = softmax without noise
 */
public record MixtureRecipe(
        double firstLearningRate,
        double lastLearningRate,
        double weightDecay,
        double alphaLearningRate,
        double alphaTravel,
        double alphaBeta1,
        double alphaDecay,
        double alphaShare,
        int alphaEvery,
        double warmUp,
        boolean secondOrder,
        Optional<DoubleUnaryOperator> temperature) {
    private static final double LARGEST_ALPHA_LEARNING_RATE = .1;

    /** Liu et al., ICLR 2019, section 3.1 and appendix A.1: 50 epochs of 391 steps. */
    public static final MixtureRecipe DARTS =
            new MixtureRecipe(.025, .001, 3e-4, 3e-4, 5.9, .5, 1e-3, .5, 1, 0, false, Optional.empty());

    public static final MixtureRecipe DARTS_SECOND_ORDER = DARTS.withSecondOrder();

    /** Yakovlev et al., AIST 2021: DARTS with Gumbel-softmax, whose temperature falls linearly from 1 to .2. */
    public static final MixtureRecipe DARTS_CC =
            new MixtureRecipe(.025, .001, 3e-4, 1e-3, 9.4, .5, 1e-3, .5, 1, 0, false, Optional.of(p -> 1 - .8 * p));

    /** Firsov and Bakhteev, 2025: the same in a single level, 20 epochs of 469 steps. */
    public static final MixtureRecipe COMPLEXITY_VECTOR =
            new MixtureRecipe(.025, .001, 3e-4, 1e-3, 9.4, .5, 1e-3, 0, 1, 0, false, Optional.of(p -> 1 - .8 * p));

    /** Wu et al., CVPR 2019, section 4: 90 epochs, the first 10 for weights only, then 80 % and 20 % of the images. */
    public static final MixtureRecipe FBNET = new MixtureRecipe(
            .1, 0, 1e-4, .01, 105, .9, 5e-4, .2, 5, 1 / 9.0, false, Optional.of(p -> 5 * Math.exp(-.045 * 90 * p)));

    private MixtureRecipe withSecondOrder() {
        return new MixtureRecipe(
                firstLearningRate,
                lastLearningRate,
                weightDecay,
                alphaLearningRate,
                alphaTravel,
                alphaBeta1,
                alphaDecay,
                alphaShare,
                alphaEvery,
                warmUp,
                true,
                temperature);
    }

    double learningRate(double progress) {
        return lastLearningRate + (firstLearningRate - lastLearningRate) / 2 * (1 + Math.cos(Math.PI * progress));
    }

    /** @param updates that one alpha gets in the whole search */
    double alphaLearningRate(double updates) {
        double needed = alphaTravel / Math.max(1, updates);
        return Math.max(alphaLearningRate, Math.min(LARGEST_ALPHA_LEARNING_RATE, needed));
    }

    boolean updatesAlpha(long step, int totalSteps) {
        return step >= warmUp * totalSteps && step % alphaEvery == alphaEvery - 1;
    }
}
