package org.dartscc.trainer.step;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import org.dartscc.model.method.SearchMethodName;
import org.dartscc.trainer.tradeoff.Baseline;

/** What the registered search methods do. */
public final class SearchMethods {
    /** Weights of latency that FBNet's run covers for each device; the published one is .6. */
    private static final List<Double> BETAS = List.of(.2, .6, 2.0, 6.0);

    private static final List<Double> PUBLISHED_BETA = List.of(.6);

    private static final Map<SearchMethodName, SearchMethod> REGISTERED = new EnumMap<>(Map.of(
            SearchMethodName.DARTS, darts(MixtureRecipe.DARTS),
            SearchMethodName.DARTS_SECOND_ORDER, darts(MixtureRecipe.DARTS_SECOND_ORDER),
            SearchMethodName.DARTSCC, dartsCc(MixtureRecipe.DARTS_CC),
            SearchMethodName.DARTSCC_VECTOR, complexityVector(MixtureRecipe.COMPLEXITY_VECTOR),
            SearchMethodName.DARTSCC_VECTOR_TIME, complexityVectorOfTime(MixtureRecipe.COMPLEXITY_VECTOR),
            SearchMethodName.FBNET, fbnet(MixtureRecipe.FBNET, BETAS),
            SearchMethodName.SINGLE_RUN, singleRun(MixtureRecipe.FBNET, PUBLISHED_BETA),
            SearchMethodName.FLEET, fleet(FleetRecipe.DEFAULT),
            SearchMethodName.RANDOM, new BaselineMethod(FleetRecipe.UNIFORM, Baseline.RANDOM),
            SearchMethodName.EVOLUTION, new BaselineMethod(FleetRecipe.UNIFORM, Baseline.EVOLUTION)));

    private SearchMethods() {}

    /** @throws IllegalArgumentException naming the known methods when there is none of that name */
    public static SearchMethod of(String name) {
        return REGISTERED.get(SearchMethodName.of(name));
    }

    // With other settings than the registered ones, for those who compare.

    public static SearchMethod fleet(FleetRecipe recipe) {
        return new Fleet(recipe);
    }

    public static SearchMethod darts(MixtureRecipe recipe) {
        return new MixtureMethod((space, devices) -> new OneAlpha(), recipe);
    }

    public static SearchMethod dartsCc(MixtureRecipe recipe) {
        return new MixtureMethod((space, devices) -> new PiecewiseLinear(space), recipe);
    }

    public static SearchMethod complexityVector(MixtureRecipe recipe) {
        return new MixtureMethod((space, devices) -> ComplexityVector.ofShares(space), recipe);
    }

    public static SearchMethod complexityVectorOfTime(MixtureRecipe recipe) {
        return new MixtureMethod(ComplexityVector::ofTime, recipe);
    }

    /** @param betas exponents of latency in the loss, in rising order */
    public static SearchMethod fbnet(MixtureRecipe recipe, List<Double> betas) {
        return new MixtureMethod(
                (space, devices) -> new AlphaPerTarget(space, devices, betas, recipe.alphaEvery()), recipe);
    }

    /** For the first device alone. */
    public static SearchMethod singleRun(MixtureRecipe recipe, List<Double> betas) {
        return new MixtureMethod(
                (space, devices) ->
                        new AlphaPerTarget(space, devices.stream().limit(1).toList(), betas, recipe.alphaEvery()),
                recipe);
    }
}
