package org.dartscc.trainer.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.message.TrainingTask.TrainRound;
import org.dartscc.model.method.SearchMethodName;
import org.dartscc.model.selection.Proposal;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.Small;
import org.dartscc.trainer.alpha.Alphas;
import org.dartscc.trainer.alpha.Discretisation;
import org.dartscc.trainer.alpha.OptionLayout;
import org.dartscc.trainer.alpha.Relaxation;
import org.dartscc.trainer.checkpoint.Checkpoint;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.supernet.NativeEngine;
import org.dartscc.trainer.supernet.Values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class MixtureMethodTest {
    private static final Dataset DATASET = Small.tiny();
    private static final int BATCH = 8;
    private static final String QUICK_SPACE = "layerwise";
    private static final String DEEPEST_SPACE = "fbnet";

    /** A method, and the family that it trains, to look into what it learned. */
    private record Subject(String name, SearchMethod method, AlphaFamily.Kind family, boolean costsMatter) {}

    private static final MixtureRecipe QUICK_FBNET = new MixtureRecipe(
            .025, 0, 1e-4, .1, 105, .9, 5e-4, .5, 1, 0, false, Optional.of(p -> 5 * Math.exp(-.045 * 90 * p)));

    private static final List<Subject> SUBJECTS = List.of(
            new Subject("darts", SearchMethods.of("darts"), (s, d) -> new OneAlpha(), false),
            new Subject("darts-second-order", SearchMethods.of("darts-second-order"), (s, d) -> new OneAlpha(), false),
            new Subject("dartscc", SearchMethods.of("dartscc"), (s, d) -> new PiecewiseLinear(s), true),
            new Subject(
                    "dartscc-vector", SearchMethods.of("dartscc-vector"), (s, d) -> ComplexityVector.ofShares(s), true),
            new Subject("dartscc-vector-time", SearchMethods.of("dartscc-vector-time"), ComplexityVector::ofTime, true),
            // Two trade-offs that take turns at every step: the registered ones take turns at every fifth.
            new Subject(
                    "fbnet",
                    SearchMethods.fbnet(QUICK_FBNET, List.of(.2, 6.0)),
                    (s, d) -> new AlphaPerTarget(s, d, List.of(.2, 6.0), 1),
                    true),
            new Subject(
                    "single-run",
                    SearchMethods.singleRun(QUICK_FBNET, List.of(.2, 6.0)),
                    (s, d) -> new AlphaPerTarget(s, d, List.of(.2, 6.0), 1),
                    true));

    private static TrainRound round(SearchSpace space, String method, int batch, int firstStep, int steps, int total) {
        return Small.round(space.spec(), method, 3, firstStep, steps, total, batch, devices(space));
    }

    private static List<CostTable> devices(SearchSpace space) {
        return List.of(Small.device(space, "a", 1));
    }

    private static Checkpoint train(
            Subject subject, SearchSpace space, Checkpoint from, int firstStep, int steps, int total, Pace pace) {
        try (var manager = NativeEngine.load(1).newManager()) {
            var task = round(space, subject.name(), BATCH, firstStep, steps, total);
            var bench = new SearchMethod.Bench(manager, space, DATASET, 1, pace);
            return subject.method()
                    .train(task, Optional.ofNullable(from), bench)
                    .checkpoint();
        }
    }

    @TestFactory
    Stream<DynamicTest> everyMixtureMethodLearnsOnEverySpaceAndItsAlphaFollowsTheTradeoff() {
        return Small.tinySpaces().flatMap(space -> SUBJECTS.stream()
                .map(subject ->
                        DynamicTest.dynamicTest(subject.name() + " on " + space.name(), () -> learns(subject, space))));
    }

    private static void learns(Subject subject, SearchSpace space) {
        var losses = new ArrayList<Double>();
        var pace = new Pace(
                org.dartscc.model.turn.MachineTurn.free(), () -> false, (what, done, total, loss) -> losses.add(loss));
        int steps = steps(subject, space);
        var checkpoint = train(subject, space, null, 0, steps, steps, pace);
        assertThat(losses).hasSize(steps).allMatch(Double::isFinite);
        if (showsThatItLearns(subject, space)) {
            int third = steps / 3;
            assertThat(mean(losses.subList(steps - third, steps))).isLessThan(mean(losses.subList(0, third)));
        }

        var layout = new OptionLayout(space);
        var alphas = Alphas.of(layout.size(), checkpoint.alphas());
        var family = subject.family().on(space, devices(space));
        var readouts = family.readouts();
        for (var readout : readouts) {
            var logits = alphas.logits(readout.rows());
            assertThat(Arrays.stream(logits).boxed()).allMatch(Double::isFinite);
            assertThat(Arrays.stream(logits).map(Math::abs).max().orElseThrow()).isGreaterThan(.02);
            assertThat(space.isValid(new Discretisation(space).strongest(logits)))
                    .isTrue();
        }
        if (subject.costsMatter()) {
            assertThatAlphaAvoidsWhatItsTradeoffPenalises(layout, alphas, readouts);
        }
    }

    /**
     * Where the loss above is too noisy to fall in so few steps: black is told from white. Medians, since noise on alpha
     * now and then takes a step through operators that have hardly learned anything. The deepest space learns slowly, so
     * it is asked for little.
     */
    @TestFactory
    Stream<DynamicTest> noisyMethodsTellBlackFromWhite() {
        return Small.tinySpaces().flatMap(space -> SUBJECTS.stream()
                .filter(subject -> !showsThatItLearns(subject, space))
                .map(subject -> DynamicTest.dynamicTest(
                        subject.name() + " on " + space.name(), () -> tellsBlackFromWhite(subject, space))));
    }

    private static void tellsBlackFromWhite(Subject subject, SearchSpace space) {
        boolean deep = space.name().equals(DEEPEST_SPACE);
        int steps = (deep ? 36 : 12) / (subject.name().equals("darts-second-order") ? 2 : 1);
        var losses = new ArrayList<Double>();
        var pace = new Pace(
                org.dartscc.model.turn.MachineTurn.free(), () -> false, (what, done, total, loss) -> losses.add(loss));
        try (var manager = NativeEngine.load(1).newManager()) {
            var bench = new SearchMethod.Bench(manager, space, Small.blackAndWhite(), 1, pace);
            subject.method().train(round(space, subject.name(), 4, 0, steps, steps), Optional.empty(), bench);
        }
        int third = steps / 3;
        assertThat(median(losses.subList(steps - third, steps)))
                .isLessThan(mostThatIsLeft(space) * median(losses.subList(0, third)));
    }

    /** Of the loss; where every node mixes all of its edges and keeps them, noise on alpha is felt most. */
    private static double mostThatIsLeft(SearchSpace space) {
        return switch (space.name()) {
            case DEEPEST_SPACE -> .95;
            case "darts-every-edge" -> .8;
            default -> .5;
        };
    }

    private static double median(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    /** A pass through hundreds of operators takes long, however small they are; the second order makes six a step. */
    private static int steps(Subject subject, SearchSpace space) {
        if (space.name().equals(QUICK_SPACE)) {
            return 12;
        }
        if (space.name().startsWith("dartscc-toy") && subject.name().equals("dartscc")) {
            return 36;
        }
        return subject.name().equals("darts-second-order") ? 3 : 6;
    }

    /** Twelve steps show it but under FBNet's noise; six do where every step sees the same images. */
    private static boolean showsThatItLearns(Subject subject, SearchSpace space) {
        if (List.of("fbnet", "single-run").contains(subject.name())) {
            return false;
        }
        return space.name().equals(QUICK_SPACE) || List.of("darts", "dartscc").contains(subject.name());
    }

    /** The cost that a trade-off penalises is less under its own alpha than under that of another one. */
    private static void assertThatAlphaAvoidsWhatItsTradeoffPenalises(
            OptionLayout layout, Alphas alphas, List<AlphaFamily.Condition> readouts) {
        var first = Relaxation.softmax(layout, alphas.logits(readouts.get(0).rows()));
        var last = readouts.get(readouts.size() - 1);
        var own = Relaxation.softmax(layout, alphas.logits(last.rows()));
        double costOfOwn = last.penalty().at(1, own.weights(), own.weights()).loss();
        double costOfFirst =
                last.penalty().at(1, first.weights(), first.weights()).loss();
        assertThat(costOfOwn).isLessThan(costOfFirst);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    @TestFactory
    Stream<DynamicTest> aStoppedSearchEndsBitwiseWhereAnUninterruptedOneDoes() {
        var space = Small.tinySpace("layerwise");
        return SUBJECTS.stream()
                .map(subject -> DynamicTest.dynamicTest(subject.name(), () -> {
                    var whole = train(subject, space, null, 0, 4, 4, Pace.undisturbed());
                    var half = train(subject, space, null, 0, 2, 4, Pace.undisturbed());
                    var resumed = train(subject, space, Checkpoint.parse(half.toBytes()), 2, 2, 4, Pace.undisturbed());
                    assertThat(resumed.toBytes()).isEqualTo(whole.toBytes());
                }));
    }

    private static final List<SearchMethodName> WITHOUT_ALPHA =
            List.of(SearchMethodName.FLEET, SearchMethodName.RANDOM, SearchMethodName.EVOLUTION);

    @TestFactory
    Stream<DynamicTest> everyMethodAnswersWithValidArchitecturesAndTellsWhetherItCollapsed() {
        var space = Small.tinySpace("layerwise");
        return Arrays.stream(SearchMethodName.values())
                .map(name -> DynamicTest.dynamicTest(name.key(), () -> {
                    var method = SearchMethods.of(name.key());
                    try (var manager = NativeEngine.load(1).newManager()) {
                        var bench = new SearchMethod.Bench(manager, space, DATASET, 1, Pace.undisturbed());
                        var checkpoint = method.train(round(space, name.key(), BATCH, 0, 2, 2), Optional.empty(), bench)
                                .checkpoint();
                        var fit = Small.fit(space.spec(), 3, 24, devices(space));
                        var result = method.fit(fit, Checkpoint.parse(checkpoint.toBytes()), bench);
                        result.estimate().requireFits(space);
                        assertThat(result.proposals().isEmpty()).isEqualTo(name == SearchMethodName.FLEET);
                        assertThat(result.proposals()).allMatch(p -> space.isValid(p.genotype()));
                        var diagnostics = result.diagnostics().orElseThrow();
                        assertThat(diagnostics.skipShare()).isBetween(0.0, 1.0);
                        assertThat(diagnostics.rankCorrelation()).isBetween(-1.0, 1.0);
                        assertThat(diagnostics.architectures()).isPositive();
                        assertThat(diagnostics.warnings().stream().anyMatch(w -> w.contains("hardly moved")))
                                .as("alphas are nearly where they began")
                                .isEqualTo(!WITHOUT_ALPHA.contains(name));
                    }
                }));
    }

    @Test
    void aSingleRunIsForTheFirstDeviceAlone() {
        var space = Small.tinySpace("layerwise");
        var both = List.of(Small.device(space, "a", 1), Small.device(space, "b", 2));
        for (var name : List.of("single-run", "fbnet")) {
            var method = SearchMethods.of(name);
            try (var manager = NativeEngine.load(1).newManager()) {
                var bench = new SearchMethod.Bench(manager, space, DATASET, 1, Pace.undisturbed());
                var round = Small.round(space.spec(), name, 3, 0, 2, 2, BATCH, both);
                var checkpoint = method.train(round, Optional.empty(), bench).checkpoint();
                var proposals = method.fit(Small.fit(space.spec(), 3, 24, both), checkpoint, bench)
                        .proposals();
                assertThat(proposals.stream().map(Proposal::deviceId).distinct())
                        .containsExactlyElementsOf(name.equals("fbnet") ? List.of("a", "b") : List.of("a"));
            }
        }
    }

    @Test
    void latencyInTheLossIsRefusedWithoutADevice() {
        var space = Small.tinySpace("layerwise");
        for (var family : List.<AlphaFamily.Kind>of(
                (s, d) -> new AlphaPerTarget(s, d, List.of(.6), 1), ComplexityVector::ofTime)) {
            assertThatThrownBy(() -> family.on(space, List.of())).hasMessageContaining("needs a device");
        }
    }

    /** Weights, momenta and a step of their own, all from one seed. */
    private static MixtureStep step(NDManager manager, SearchSpace space) {
        var weights = Values.initial(manager, space.parameters(), 1);
        return new MixtureStep(manager, space, weights, weights.zeros(manager), 3e-4, 1e9, DATASET);
    }

    private static final BatchOrder.Batch SOME = new BatchOrder(1, 16, BATCH).at(0);
    private static final BatchOrder.Batch OTHERS = new BatchOrder(2, 32, BATCH).at(0);

    @Test
    void theGradientOfAlphaIsThatOfDifferencesThroughEveryRelaxationAndPenalty() {
        var space = Small.smoothSpace();
        var layout = new OptionLayout(space);
        var random = new Random(5);
        var logits = random.doubles(layout.size(), -1, 1).toArray();
        var device = devices(space).get(0);
        var micros = layout.flat(device.optionMicros(space));
        var penalties = List.of(
                Penalty.none(),
                Penalty.expected(Arrays.stream(micros).map(m -> m / 100).toArray()),
                Penalty.fbnet(device.fixedMicros(), micros, .2, 2));
        try (var manager = NativeEngine.load(1).newManager()) {
            var step = step(manager, space);
            for (var penalty : penalties) {
                for (double temperature : new double[] {0, .7}) {
                    var gradient =
                            loss(layout, step, penalty, temperature, logits).gradient();
                    for (int i : largest(gradient, 4)) {
                        double difference =
                                difference(logits, i, .02, moved -> loss(layout, step, penalty, temperature, moved)
                                        .value());
                        assertThat(gradient[i]).isCloseTo(difference, within(.01 * Math.abs(difference) + 1e-4));
                    }
                }
            }
        }
    }

    private record Loss(double value, double[] gradient) {}

    private static Loss loss(
            OptionLayout layout, MixtureStep step, Penalty penalty, double temperature, double[] logits) {
        var probabilities = Relaxation.softmax(layout, logits);
        var relaxed = temperature == 0 ? probabilities : Relaxation.gumbel(layout, logits, temperature, new Random(9));
        var result = step.differentiate(relaxed.weights(), SOME);
        double value = penalty.at(result.crossEntropy(), relaxed.weights(), probabilities.weights())
                .loss();
        return new Loss(value, MixtureMethod.gradient(penalty, relaxed, probabilities, result));
    }

    private static double difference(
            double[] at, int i, double by, java.util.function.ToDoubleFunction<double[]> function) {
        var above = at.clone();
        above[i] += by;
        var below = at.clone();
        below[i] -= by;
        return (function.applyAsDouble(above) - function.applyAsDouble(below)) / (2 * by);
    }

    private static int[] largest(double[] values, int count) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(java.util.Comparator.comparingDouble(i -> -Math.abs(values[i])))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Test
    void theSecondOrderGradientIsThatOfTheLossAfterAStepAndTheFirstOrderOneIsNot() {
        var space = Small.smoothSpace();
        var layout = new OptionLayout(space);
        double xi = .1;
        var mixture = Relaxation.softmax(layout, new double[layout.size()]).weights();
        try (var manager = NativeEngine.load(1).newManager()) {
            var unrolled = step(manager, space).differentiateUnrolled(mixture, SOME, OTHERS, xi);
            var afterStep = step(manager, space);
            afterStep.train(mixture, SOME, xi);
            var outer = afterStep.differentiate(mixture, OTHERS);
            assertThat(unrolled.crossEntropy()).isCloseTo(outer.crossEntropy(), within(1e-3));
            var correction = new double[mixture.length];
            Arrays.setAll(correction, i -> unrolled.byMixture()[i] - outer.byMixture()[i]);
            for (int i : largest(correction, 3)) {
                double difference = difference(mixture, i, .01, moved -> {
                    try (var own = manager.newSubManager()) {
                        var fresh = step(own, space);
                        fresh.train(moved, SOME, xi);
                        return fresh.differentiate(moved, OTHERS).crossEntropy();
                    }
                });
                double firstOrderError = Math.abs(outer.byMixture()[i] - difference);
                assertThat(Math.abs(unrolled.byMixture()[i] - difference)).isLessThan(.1 * firstOrderError);
            }
        }
    }

    @Test
    void anAlphaThatIsNotFiniteEndsTrainingWithAClearError() {
        var space = Small.tinySpace("layerwise");
        var subject = SUBJECTS.get(0);
        var good = train(subject, space, null, 0, 1, 30, Pace.undisturbed());
        var alphas = new java.util.LinkedHashMap<>(good.alphas());
        var poisoned = alphas.get("alpha").values().clone();
        poisoned[0] = Float.NaN;
        alphas.put("alpha", new SafeTensors.Tensor(List.of((long) poisoned.length), poisoned));
        var bad = new Checkpoint(good.origin(), 1, 1, good.weights(), good.momenta(), good.counts(), List.of(), alphas);
        assertThatThrownBy(() -> train(subject, space, bad, 1, 20, 30, Pace.undisturbed()))
                .isInstanceOf(NonFiniteTrainingException.class);
    }

    @Test
    void stepsLeaveNoTensorsBehind() {
        var space = Small.tinySpace("layerwise");
        try (var manager = NativeEngine.load(1).newManager()) {
            var step = step(manager, space);
            var mixture = Relaxation.softmax(new OptionLayout(space), new double[new OptionLayout(space).size()])
                    .weights();
            step.differentiateUnrolled(mixture, SOME, OTHERS, .1);
            step.train(mixture, SOME, .01);
            int before = manager.getManagedArrays().size();
            for (int i = 0; i < 5; i++) {
                step.differentiateUnrolled(mixture, SOME, OTHERS, .1);
                step.differentiate(mixture, OTHERS);
                step.train(mixture, SOME, .01);
            }
            assertThat(manager.getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void aPieceOfTheFamilyIsMixedFromItsNeighbours() {
        var family = new PiecewiseLinear(Small.tinySpace("layerwise"));
        assertThat(family.at(.375).rows()).isEqualTo(Map.of("knot1", .5, "knot2", .5));
        assertThat(family.at(1).rows()).containsEntry("knot4", 1.0);
    }
}
