package org.dartscc.benchmarks.paper;

import java.util.List;

/**
 * Everything that results depend on. It is kept in the work folder, so that a folder never mixes results of two plans.
 *
 * @param methods {@link Contender}s that are run on every space they take
 * @param searchSeeds how often each search is repeated; what it chooses is that of the first
 * @param seeds how often each chosen architecture is trained by the recipe
 * @param randomArchitectures trained by the recipe once each
 * @param searchBatch images of a search step
 * @param subnets evaluated for the trade-off after a search
 * @param testImages at most so many are looked at
 * @param precise whether latencies are measured to the agent's precision, or at a glance
 */
record Plan(
        List<String> datasets,
        List<SpacePlan> spaces,
        List<String> methods,
        int searchSeeds,
        int seeds,
        int randomArchitectures,
        int searchBatch,
        int subnets,
        int testImages,
        boolean precise) {

    /** Passes over the training images: of a search, and of the recipe. */
    record SpacePlan(String space, double searchPasses, double recipePasses) {}

    static final List<String> SPACES = List.of("layerwise", "dartscc-toy-3", "dartscc-toy-5", "darts");
    static final List<String> QUICK_SPACES = List.of("layerwise", "dartscc-toy-3");
    static final List<String> METHODS = List.of("fleet", "dartscc-vector", "darts", "fbnet");
    static final List<String> QUICK_METHODS = List.of("fleet");

    /** Validation images that each of the {@link #subnets} is evaluated on; more do not pay for their time. */
    static final int ESTIMATE_IMAGES = 2000;

    /**
     * What is meant to fit into 3 hours on 2 cores, all four spaces and methods together. A pass costs 6 to 20 times as
     * much in cells that work on the whole image, as all but layerwise do.
     */
    static SpacePlan full(String space) {
        return switch (space) {
            case "layerwise" -> new SpacePlan(space, 3, .8);
            case "dartscc-toy-3", "dartscc-toy-5" -> new SpacePlan(space, .3, .05);
            default -> new SpacePlan(space, .06, .02);
        };
    }

    /** Every path of the full one, in minutes. */
    static SpacePlan quick(String space) {
        return space.equals("layerwise") ? new SpacePlan(space, .5, .3) : new SpacePlan(space, .05, .05);
    }

    SpacePlan space(String name) {
        return spaces.stream()
                .filter(s -> s.space().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the plan has no space " + name));
    }
}
