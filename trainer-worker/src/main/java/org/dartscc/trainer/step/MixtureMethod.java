package org.dartscc.trainer.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import ai.djl.ndarray.NDManager;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.message.TrainingTask.FitTradeoff;
import org.dartscc.model.message.TrainingTask.TrainRound;
import org.dartscc.trainer.alpha.Alphas;
import org.dartscc.trainer.alpha.Discretisation;
import org.dartscc.trainer.alpha.OptionLayout;
import org.dartscc.trainer.alpha.Relaxation;
import org.dartscc.trainer.checkpoint.Checkpoint;
import org.dartscc.trainer.seed.Seeds;
import org.dartscc.trainer.supernet.Values;
import org.dartscc.trainer.tradeoff.TradeoffFit;

/**
 * The methods of the DARTS kind: weights are trained in the mixture of all options, alpha by the gradient of the
 * mixture's weights, and architectures are read out of alpha. What differs is the family of alphas and the recipe.
 */
record MixtureMethod(AlphaFamily.Kind kind, MixtureRecipe recipe) implements SearchMethod {
    private static final double LARGEST_GRADIENT_NORM = 5;
    private static final double INITIAL_DEVIATION = 1e-3;
    private static final int LARGEST_RUN_OF_SKIPPED = 10;

    @Override
    public Round train(TrainRound task, Optional<Checkpoint> from, Bench bench) {
        try (var manager = bench.manager().newSubManager()) {
            return new Run(task, from, bench, manager).train();
        }
    }

    /** One round under way. */
    private final class Run {
        private final TrainRound task;
        private final Bench bench;
        private final OptionLayout layout;
        private final Checkpoint.Origin origin;
        private final Values weights;
        private final Values momenta;
        private final OptionCounts counts;
        private final AlphaFamily family;
        private final Alphas alphas;
        private final MixtureStep step;
        private final Alphas.Adam adam;
        private final BatchOrder weightOrder;
        private final BatchOrder alphaOrder;

        Run(TrainRound task, Optional<Checkpoint> from, Bench bench, NDManager manager) {
            this.task = task;
            this.bench = bench;
            var space = bench.space();
            this.layout = new OptionLayout(space);
            this.origin = Checkpoint.Origin.of(space, task.dataset(), task.method(), task.seed());
            from.ifPresent(c -> c.requireNext(origin, task.firstStep()));
            this.weights = from.map(c -> Values.of(manager, space.parameters(), file(c.weights())))
                    .orElseGet(() -> Values.initial(manager, space.parameters(), task.seed()));
            this.momenta =
                    from.map(c -> weights.restored(manager, file(c.momenta()))).orElseGet(() -> weights.zeros(manager));
            this.counts = new OptionCounts(space);
            from.ifPresent(c -> counts.add(c.counts()));
            this.family = kind.on(space, task.devices());
            this.alphas = Alphas.of(layout.size(), from.map(Checkpoint::alphas).orElse(Map.of()));
            family.rows().forEach(row -> alphas.start(row, INITIAL_DEVIATION, Seeds.mix(task.seed(), Seeds.ALPHA, 0)));
            this.step = new MixtureStep(
                    manager, space, weights, momenta, recipe.weightDecay(), LARGEST_GRADIENT_NORM, bench.dataset());
            this.adam = adam();
            // Shards of a round see different images; which of them are alpha's is the same for all.
            long shard = Seeds.mix(task.seed(), Seeds.SHARD, task.shard());
            var images = shuffled(bench.dataset().train().size(), Seeds.random(task.seed(), Seeds.ALPHA_SPLIT, 0));
            int ofAlpha = (int) Math.round(recipe.alphaShare() * images.length);
            this.alphaOrder = new BatchOrder(
                    Seeds.mix(shard, Seeds.ALPHA_ORDER, 0),
                    java.util.Arrays.copyOfRange(images, 0, Math.max(1, ofAlpha)),
                    task.batchSize());
            this.weightOrder = new BatchOrder(
                    shard, java.util.Arrays.copyOfRange(images, ofAlpha, images.length), task.batchSize());
        }

        private Alphas.Adam adam() {
            double updates = (1 - recipe.warmUp()) * task.totalSteps() / recipe.alphaEvery();
            // Where each row is a trade-off of its own, they share the steps.
            double each = updates / (family.samples() > 0 ? family.rows().size() : 1);
            return new Alphas.Adam(recipe.alphaLearningRate(each), recipe.alphaBeta1(), recipe.alphaDecay());
        }

        Round train() {
            double lossSum = 0;
            int skipped = 0;
            for (int i = 0; i < task.steps(); i++) {
                long at = (long) task.firstStep() + i;
                var result = bench.pace().piece(() -> step(at));
                skipped = result.updated() ? 0 : skipped + 1;
                if (skipped >= Math.min(LARGEST_RUN_OF_SKIPPED, task.steps())) {
                    throw new NonFiniteTrainingException(skipped, at);
                }
                counts.countAll();
                lossSum += Double.isFinite(result.crossEntropy()) ? result.crossEntropy() : 0;
                bench.pace().report("training", i + 1, task.steps(), result.crossEntropy());
            }
            return new Round(checkpoint(), lossSum / task.steps());
        }

        private MixtureStep.Result step(long at) {
            double progress = Math.min(1, (double) at / task.totalSteps());
            double learningRate = recipe.learningRate(progress);
            var random = Seeds.random(task.seed(), Seeds.ALPHA, 1 + at);
            var condition = family.draw(at, random);
            boolean alphaToo = recipe.updatesAlpha(at, task.totalSteps());
            if (alphaToo && recipe.alphaShare() == 0) {
                var relaxed = relaxed(condition, progress, random);
                var result = step.trainAndDifferentiate(relaxed.weights(), weightOrder.at(at), learningRate);
                boolean updated = update(condition, relaxed, result);
                return new MixtureStep.Result(result.crossEntropy(), result.byMixture(), result.updated() && updated);
            }
            boolean updated = true;
            if (alphaToo) {
                var relaxed = relaxed(condition, progress, random);
                var result = recipe.secondOrder()
                        ? step.differentiateUnrolled(
                                relaxed.weights(), weightOrder.at(at), alphaOrder.at(at), learningRate)
                        : step.differentiate(relaxed.weights(), alphaOrder.at(at));
                updated = update(condition, relaxed, result);
            }
            var trained = step.train(relaxed(condition, progress, random).weights(), weightOrder.at(at), learningRate);
            return new MixtureStep.Result(trained.crossEntropy(), trained.byMixture(), trained.updated() && updated);
        }

        private Relaxation relaxed(AlphaFamily.Condition condition, double progress, Random random) {
            var logits = alphas.logits(condition.rows());
            return recipe.temperature()
                    .map(t -> Relaxation.gumbel(layout, logits, t.applyAsDouble(progress), random))
                    .orElseGet(() -> Relaxation.softmax(layout, logits));
        }

        private boolean update(AlphaFamily.Condition condition, Relaxation relaxed, MixtureStep.Result result) {
            var probabilities = Relaxation.softmax(layout, alphas.logits(condition.rows()));
            var gradient = gradient(condition.penalty(), relaxed, probabilities, result);
            return alphas.update(condition.rows(), gradient, adam);
        }

        private Checkpoint checkpoint() {
            var momentum = momenta.tensors();
            var trained = weights.tensors();
            trained.keySet().retainAll(momentum.keySet());
            return new Checkpoint(
                    origin,
                    task.firstStep() + task.steps(),
                    bench.threads(),
                    trained,
                    momentum,
                    counts.tensor(),
                    List.of(),
                    alphas.tensors());
        }
    }

    /** Of the penalised loss, by the logits. */
    static double[] gradient(Penalty penalty, Relaxation relaxed, Relaxation probabilities, MixtureStep.Result result) {
        var effect = penalty.at(result.crossEntropy(), relaxed.weights(), probabilities.weights());
        var byWeights = effect.byWeights().clone();
        for (int i = 0; i < byWeights.length; i++) {
            byWeights[i] += effect.factor() * result.byMixture()[i];
        }
        var gradient = relaxed.backward(byWeights);
        var ofExpectation = probabilities.backward(effect.byProbabilities());
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] += ofExpectation[i];
        }
        return gradient;
    }

    private static SafeTensors file(Map<String, SafeTensors.Tensor> tensors) {
        return new SafeTensors(tensors, Map.of());
    }

    private static int[] shuffled(int count, Random random) {
        var order = new int[count];
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    @Override
    public TradeoffFit.Result fit(FitTradeoff task, Checkpoint checkpoint, Bench bench) {
        var space = bench.space();
        var layout = new OptionLayout(space);
        var alphas = Alphas.of(layout.size(), checkpoint.alphas());
        var family = kind.on(space, task.devices());
        // A device that came after the last round has no alpha.
        var conditions = family.readouts().stream()
                .filter(c -> alphas.has(c.rows().keySet()))
                .toList();
        if (conditions.isEmpty()) {
            throw new IllegalArgumentException("no device of the search was there when its weights were trained");
        }
        var discretisation = new Discretisation(space);
        var readouts = readouts(discretisation, alphas, family, conditions, task.seed());
        double entropy = conditions.stream()
                .mapToDouble(c -> TradeoffFit.relativeEntropy(layout.table(
                        Relaxation.softmax(layout, alphas.logits(c.rows())).weights())))
                .average()
                .orElseThrow();
        var mostAccurate = alphas.logits(conditions.get(0).rows());
        try (var manager = bench.manager().newSubManager()) {
            var weights = Values.of(manager, space.parameters(), file(checkpoint.weights()));
            var fit = new TradeoffFit(manager, space, bench.dataset(), bench.pace());
            var evaluations = fit.evaluations(
                    weights, TradeoffFit.Effort.thorough(task.subnets()), task.seed(), checkpoint.step());
            return fit.propose(
                    evaluations,
                    readouts,
                    conditions.size() > 1,
                    Optional.of(g -> discretisation.logLikelihood(mostAccurate, g)),
                    entropy,
                    Seeds.random(task.seed(), Seeds.HELD_OUT, checkpoint.step()));
        }
    }

    private static List<TradeoffFit.Readout> readouts(
            Discretisation discretisation,
            Alphas alphas,
            AlphaFamily family,
            List<AlphaFamily.Condition> conditions,
            long seed) {
        var readouts = new ArrayList<TradeoffFit.Readout>();
        for (int c = 0; c < conditions.size(); c++) {
            var condition = conditions.get(c);
            var logits = alphas.logits(condition.rows());
            var random = Seeds.random(seed, Seeds.READOUT, c);
            readouts.add(
                    new TradeoffFit.Readout(discretisation.strongest(logits), condition.deviceId(), condition.label()));
            for (int s = 0; s < family.samples(); s++) {
                readouts.add(new TradeoffFit.Readout(
                        discretisation.sample(logits, random), condition.deviceId(), condition.label() + ", drawn"));
            }
        }
        return readouts;
    }
}
