package org.dartscc.trainer.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.Small;
import org.dartscc.trainer.checkpoint.Checkpoint;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.supernet.NativeEngine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The registered recipes are the published ones: every number here is from the papers or docs/methods.md. */
class MixtureRecipeTest {
    private static final SearchSpace SPACE = Small.tinySpace("layerwise");
    private static final List<CostTable> DEVICES = List.of(Small.device(SPACE, "a", 1), Small.device(SPACE, "b", 2));
    private static final List<String> OF_DARTS =
            List.of("darts", "darts-second-order", "dartscc", "dartscc-vector", "dartscc-vector-time");
    private static final List<String> OF_FBNET = List.of("fbnet", "single-run");

    private static MixtureRecipe recipe(String method) {
        return ((MixtureMethod) SearchMethods.of(method)).recipe();
    }

    private static AlphaFamily family(String method) {
        return ((MixtureMethod) SearchMethods.of(method)).kind().on(SPACE, DEVICES);
    }

    private static double temperature(String method, double progress) {
        return recipe(method).temperature().orElseThrow().applyAsDouble(progress);
    }

    /** Steps of a search that update alpha. */
    private static List<Integer> alphaSteps(String method, int totalSteps) {
        return IntStream.range(0, totalSteps)
                .filter(step -> recipe(method).updatesAlpha(step, totalSteps))
                .boxed()
                .toList();
    }

    private static String target(AlphaFamily.Condition condition) {
        return condition.deviceId() + ", " + condition.label();
    }

    @Test
    void fbnetsTemperatureFallsFromFiveByAFactorOfExpMinus045InEachOf90Epochs() {
        for (var method : OF_FBNET) {
            assertThat(temperature(method, 0)).isCloseTo(5, within(1e-9));
            assertThat(temperature(method, 10 / 90.0)).isCloseTo(3.188, within(1e-3));
            assertThat(temperature(method, .5)).isCloseTo(.660, within(1e-3));
            assertThat(temperature(method, 1)).isCloseTo(.0871, within(1e-4));
        }
    }

    @Test
    void theTemperatureOfDartsCcFallsLinearlyFromOneToAFifthAndDartsHasNone() {
        for (var method : List.of("dartscc", "dartscc-vector", "dartscc-vector-time")) {
            assertThat(temperature(method, 0)).isCloseTo(1, within(1e-9));
            assertThat(temperature(method, .5)).isCloseTo(.6, within(1e-9));
            assertThat(temperature(method, 1)).isCloseTo(.2, within(1e-9));
        }
        assertThat(recipe("darts").temperature()).isEmpty();
        assertThat(recipe("darts-second-order").temperature()).isEmpty();
    }

    @Test
    void fbnetTrainsWeightsAloneForTenOf90EpochsAndThenAlphaAtEveryFifthStep() {
        int stepsOfAnEpoch = 20;
        for (var method : OF_FBNET) {
            var steps = alphaSteps(method, 90 * stepsOfAnEpoch);
            assertThat(steps).hasSize(80 * stepsOfAnEpoch / 5);
            assertThat(steps).first().satisfies(first -> assertThat(first)
                    .isBetween(10 * stepsOfAnEpoch, 10 * stepsOfAnEpoch + 4));
            for (int i = 1; i < steps.size(); i++) {
                assertThat(steps.get(i) - steps.get(i - 1)).isEqualTo(5);
            }
        }
    }

    @Test
    void theMethodsOfDartsUpdateAlphaAtEveryStep() {
        for (var method : OF_DARTS) {
            assertThat(alphaSteps(method, 100)).as(method).hasSize(100);
        }
    }

    @Test
    void alphaLearnsFromImagesOfItsOwnUnlessThereIsOneLevel() {
        OF_FBNET.forEach(
                method -> assertThat(recipe(method).alphaShare()).as(method).isEqualTo(.2));
        List.of("darts", "darts-second-order", "dartscc")
                .forEach(method ->
                        assertThat(recipe(method).alphaShare()).as(method).isEqualTo(.5));
        List.of("dartscc-vector", "dartscc-vector-time")
                .forEach(method ->
                        assertThat(recipe(method).alphaShare()).as(method).isZero());
    }

    @Test
    void onlyTheSecondOrderLooksThroughAStepOfTheWeights() {
        for (var method : OF_DARTS) {
            assertThat(recipe(method).secondOrder()).as(method).isEqualTo(method.equals("darts-second-order"));
        }
    }

    @Test
    void theWeightsLearningRateFallsByHalfACosine() {
        for (var method : OF_DARTS) {
            assertThatRateFalls(recipe(method), .025, .001);
            assertThat(recipe(method).weightDecay()).isEqualTo(3e-4);
        }
        for (var method : OF_FBNET) {
            assertThatRateFalls(recipe(method), .1, 0);
            assertThat(recipe(method).weightDecay()).isEqualTo(1e-4);
        }
    }

    private static void assertThatRateFalls(MixtureRecipe recipe, double from, double to) {
        assertThat(recipe.learningRate(0)).isCloseTo(from, within(1e-12));
        assertThat(recipe.learningRate(1 / 3.0)).isCloseTo(to + .75 * (from - to), within(1e-12));
        assertThat(recipe.learningRate(.5)).isCloseTo((from + to) / 2, within(1e-12));
        assertThat(recipe.learningRate(1)).isCloseTo(to, within(1e-12));
    }

    @Test
    void alphasLearningRateIsThePublishedOneInALongSearchAndLargerInAShorterOne() {
        var published = Map.of("darts", 3e-4, "darts-second-order", 3e-4, "fbnet", .01, "single-run", .01);
        published.forEach((method, rate) -> {
            assertThat(recipe(method).alphaLearningRate(1e6)).as(method).isEqualTo(rate);
            assertThat(recipe(method).alphaLearningRate(1)).as(method).isEqualTo(.1);
        });
        // As far as in 50 epochs of 391 steps of 3e-4.
        assertThat(1_000 * recipe("darts").alphaLearningRate(1_000)).isCloseTo(50 * 391 * 3e-4, within(.05));
        assertThat(recipe("darts").alphaBeta1()).isEqualTo(.5);
        assertThat(recipe("darts").alphaDecay()).isEqualTo(1e-3);
        assertThat(recipe("fbnet").alphaDecay()).isEqualTo(5e-4);
    }

    @Test
    void everyDeviceAndWeightOfLatencyHasEquallyManyTurnsOfFiveSteps() {
        var family = family("fbnet");
        assertThat(family.readouts())
                .extracting(MixtureRecipeTest::target)
                .containsExactly(
                        "a, beta 0.2",
                        "a, beta 0.6",
                        "a, beta 2.0",
                        "a, beta 6.0",
                        "b, beta 0.2",
                        "b, beta 0.6",
                        "b, beta 2.0",
                        "b, beta 6.0");
        int totalSteps = 45 * family.readouts().size();
        var turns = new TreeMap<String, Integer>();
        for (int step : alphaSteps("fbnet", totalSteps)) {
            turns.merge(target(family.draw(step, new Random(1))), 1, Integer::sum);
        }
        // An alpha step in five, over 8 of 9 parts of the search.
        assertThat(turns).hasSize(8).allSatisfy((target, updates) -> assertThat(updates)
                .isEqualTo(8));
        for (int step = 0; step < totalSteps; step++) {
            int firstOfTurn = step / 5 * 5;
            assertThat(family.draw(step, new Random(step))).isSameAs(family.draw(firstOfTurn, new Random(1)));
        }
    }

    @Test
    void fbnetsLossIsTheCrossEntropyTimesAFifthOfAPowerOfTheLogarithmOfLatency() {
        var first = SPACE.genotype(new int[SPACE.decisions().size()]);
        var choice = new ArrayList<Double>();
        SPACE.decisions()
                .forEach(d -> d.options().forEach(o -> choice.add(d.options().indexOf(o) == 0 ? 1.0 : 0)));
        var weights = choice.stream().mapToDouble(Double::doubleValue).toArray();
        double logarithm = Math.log(DEVICES.get(0).latencyMicros(SPACE, first));
        var betas = List.of(.2, .6, 2.0, 6.0);
        for (int t = 0; t < betas.size(); t++) {
            var penalty = family("fbnet").readouts().get(t).penalty();
            assertThat(penalty.at(1.5, weights, weights).loss())
                    .isCloseTo(1.5 * .2 * Math.pow(logarithm, betas.get(t)), within(1e-6));
        }
    }

    @Test
    void aSingleRunHasThePublishedWeightOfLatencyForTheFirstDevice() {
        assertThat(family("single-run").readouts())
                .extracting(MixtureRecipeTest::target)
                .containsExactly("a, beta 0.6");
    }

    @Test
    void dartsCcCoversFourDecadesOfLambda() {
        assertThat(family("dartscc").readouts())
                .hasSize(17)
                .extracting(AlphaFamily.Condition::label)
                .startsWith("lambda 1.0e-08")
                .endsWith("lambda 1.0e-04");
    }

    @Test
    void alphasStayAsTheyAreInFbnetsWarmUpAndEachIsUpdatedInItsTurnAfterIt() {
        int totalSteps = 45;
        var warm = train("fbnet", null, 0, 5, totalSteps);
        assertThat(updates(warm)).hasSize(4).allSatisfy(n -> assertThat(n).isZero());
        var aTurnEach = train("fbnet", warm, 5, 20, totalSteps);
        assertThat(updates(aTurnEach)).hasSize(4).allSatisfy(n -> assertThat(n).isOne());
    }

    private static Checkpoint train(String method, Checkpoint from, int firstStep, int steps, int totalSteps) {
        try (var manager = NativeEngine.load(1).newManager()) {
            var round = Small.round(SPACE.spec(), method, 3, firstStep, steps, totalSteps, 8, DEVICES.subList(0, 1));
            var bench = new SearchMethod.Bench(manager, SPACE, Small.tiny(), 1, Pace.undisturbed());
            return SearchMethods.of(method)
                    .train(round, Optional.ofNullable(from), bench)
                    .checkpoint();
        }
    }

    /** Of each alpha. */
    private static List<Float> updates(Checkpoint checkpoint) {
        var updates = new ArrayList<Float>();
        checkpoint.alphas().forEach((name, tensor) -> {
            if (name.endsWith(".updates")) {
                updates.add(tensor.values()[0]);
            }
        });
        return updates;
    }
}
