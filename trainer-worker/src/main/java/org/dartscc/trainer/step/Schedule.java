package org.dartscc.trainer.step;

/** What changes over a search, as functions of the global step. */
record Schedule(int totalSteps) {
    private static final double LEARNING_RATE = .1;
    private static final double UNIFORM_SHARE = .25;
    private static final double LEAST_UNIFORM = .3;

    Schedule {
        if (totalSteps < 1) {
            throw new IllegalArgumentException("a search takes at least one step, not " + totalSteps);
        }
    }

    private double progress(long step) {
        return Math.min(1, (double) step / totalSteps);
    }

    /** Half a cosine from .1 to 0. */
    double learningRate(long step) {
        return LEARNING_RATE / 2 * (1 + Math.cos(Math.PI * progress(step)));
    }

    /** Whether architectures are drawn uniformly only. */
    boolean isUniform(long step) {
        return progress(step) < UNIFORM_SHARE;
    }

    /** Share of uniform draws: 1 while uniform, then falling linearly to .3. */
    double uniformShare(long step) {
        double since = Math.max(0, (progress(step) - UNIFORM_SHARE) / (1 - UNIFORM_SHARE));
        return 1 - (1 - LEAST_UNIFORM) * since;
    }
}
