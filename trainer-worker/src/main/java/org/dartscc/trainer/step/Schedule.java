package org.dartscc.trainer.step;

/** What changes over a search, as functions of the global step. */
record Schedule(int totalSteps) {
    private static final double LEARNING_RATE = .1;

    /** The whole space has one of so many parts of the steps. */
    private static final int EXPLORED = 5;

    Schedule {
        if (totalSteps < 1) {
            throw new IllegalArgumentException("a search takes at least one step, not " + totalSteps);
        }
    }

    /** Half a cosine from .1 to 0. */
    double learningRate(long step) {
        double progress = Math.min(1, (double) step / totalSteps);
        return LEARNING_RATE / 2 * (1 + Math.cos(Math.PI * progress));
    }

    /** The first step after the whole space was explored: from then on mostly finalists are trained. */
    long explored() {
        return (totalSteps + EXPLORED - 1) / EXPLORED;
    }
}
