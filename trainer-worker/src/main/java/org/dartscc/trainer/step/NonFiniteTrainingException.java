package org.dartscc.trainer.step;

/** Losses or gradients are not finite, again and again: training has diverged. */
public final class NonFiniteTrainingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NonFiniteTrainingException(int skipped, long step) {
        super("training diverged: %d steps in a row up to step %d had a loss or gradient that is not finite"
                .formatted(skipped, step));
    }
}
