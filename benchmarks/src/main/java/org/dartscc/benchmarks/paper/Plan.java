package org.dartscc.benchmarks.paper;

import java.util.List;

/**
 * Everything that results depend on. It is kept in the work folder, so that a folder never mixes results of two plans.
 *
 * @param methods {@link Contender}s that are run on every space they take
 * @param searchSeeds how often each search is repeated; what it chooses is that of the first
 * @param seeds how often each chosen architecture is trained by the recipe
 * @param randomArchitectures trained by the recipe once each
 * @param precise whether latencies are measured to the agent's precision, or at a glance
 */
record Plan(
        List<String> datasets,
        List<SpacePlan> spaces,
        List<String> methods,
        int searchSeeds,
        int seeds,
        int randomArchitectures,
        boolean precise) {

    /**
     * How much is done on a space.
     *
     * @param searchBatch images of a search step
     * @param searchPasses passes of a search over the training images
     * @param recipePasses the same of the recipe
     * @param subnets evaluated for the trade-off after a search
     * @param subnetImages at most so many validation images for each of them
     * @param images at most so many validation and as many test images for what is reported
     */
    record SpacePlan(
            String space,
            int searchBatch,
            double searchPasses,
            double recipePasses,
            int subnets,
            int subnetImages,
            int images) {

        SpacePlan with(int batch, double passes) {
            return new SpacePlan(
                    space, batch, passes * searchPasses, passes * recipePasses, subnets, subnetImages, images);
        }
    }

    static final List<String> SPACES = List.of("layerwise", "dartscc-toy-3", "dartscc-toy-5", "darts");
    static final List<String> QUICK_SPACES = List.of("layerwise", "dartscc-toy-3");
    static final List<String> METHODS = List.of("fleet", "dartscc-vector", "darts", "fbnet");
    static final List<String> QUICK_METHODS = List.of("fleet");

    /**
     * What is meant to fit into 3 hours on 2 cores, all four spaces and methods together. An image costs 6 to 20 times
     * as much in cells that work on the whole image, as all but layerwise do, so less is done there; and in smaller
     * batches, since an image of theirs costs the same in a batch of any size.
     */
    static SpacePlan full(String space) {
        return switch (space) {
            case "layerwise" -> new SpacePlan(space, 64, 2, .8, 84, 2000, Integer.MAX_VALUE);
            case "dartscc-toy-3", "dartscc-toy-5" -> new SpacePlan(space, 32, .3, .05, 48, 1000, 2000);
            default -> new SpacePlan(space, 32, .04, .02, 48, 1000, 1000);
        };
    }

    /** Every path of the full one, in minutes. */
    static SpacePlan quick(String space) {
        return space.equals("layerwise")
                ? new SpacePlan(space, 64, .5, .3, 12, 500, 500)
                : new SpacePlan(space, 32, .05, .05, 12, 500, 500);
    }
}
