package org.dartscc.trainer.step;

/**
 * What of our own recipe is on; benchmarks vary it.
 *
 * @param sandwich every step trains the costliest, the cheapest and two drawn networks; else four drawn ones
 * @param distillation the others learn from the first network's predictions; else all from the labels
 * @param finalists after a fifth of the steps most networks are drawn from a few that answers may come from; else uniformly
 *     throughout
 */
public record FleetRecipe(boolean sandwich, boolean distillation, boolean finalists) {
    public static final FleetRecipe DEFAULT = new FleetRecipe(true, false, true);
    public static final FleetRecipe UNIFORM = new FleetRecipe(true, false, false);
}
