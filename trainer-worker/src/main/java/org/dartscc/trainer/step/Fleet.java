package org.dartscc.trainer.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import ai.djl.ndarray.NDManager;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.message.TrainingTask.FitTradeoff;
import org.dartscc.model.message.TrainingTask.TrainRound;
import org.dartscc.model.network.Network;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.checkpoint.Checkpoint;
import org.dartscc.trainer.seed.Seeds;
import org.dartscc.trainer.supernet.Values;
import org.dartscc.trainer.tradeoff.TradeoffFit;

/**
 * One supernet for a fleet of devices: sandwich steps, whose networks are drawn uniformly from the whole space for a
 * fifth of the steps, to learn what is good in it, and mostly from a few finalists from then on. What shares its
 * operators with a whole space is no good by itself: a network becomes as good as it is often trained.
 */
final class Fleet implements SearchMethod {
    private static final double WEIGHT_DECAY = 5e-4;
    private static final double LARGEST_GRADIENT_NORM = 5;
    private static final int SAMPLED = 2;
    private static final int LARGEST_RUN_OF_SKIPPED = 10;

    /** How many there are, over all devices. */
    private static final int FINALISTS = 8;

    /** Their share of what is drawn once they are chosen. */
    private static final double FINALISTS_SHARE = .9;

    private final FleetRecipe recipe;

    Fleet(FleetRecipe recipe) {
        this.recipe = recipe;
    }

    @Override
    public Round train(TrainRound task, Optional<Checkpoint> from, Bench bench) {
        try (var manager = bench.manager().newSubManager()) {
            return new Run(recipe, task, from, bench, manager).train();
        }
    }

    @Override
    public TradeoffFit.Result fit(FitTradeoff task, Checkpoint checkpoint, Bench bench) {
        try (var manager = bench.manager().newSubManager()) {
            var weights =
                    Values.of(manager, bench.space().parameters(), new SafeTensors(checkpoint.weights(), Map.of()));
            return new TradeoffFit(manager, bench.space(), bench.dataset(), bench.pace())
                    .fit(
                            weights,
                            task.devices(),
                            TradeoffFit.Effort.thorough(task.subnets()),
                            task.seed(),
                            checkpoint.step(),
                            checkpoint.finalists());
        }
    }

    /** One round under way. */
    private static final class Run {
        private final FleetRecipe recipe;
        private final TrainRound task;
        private final Bench bench;
        private final NDManager manager;
        private final SearchSpace space;
        private final Schedule schedule;
        private final Checkpoint.Origin origin;
        private final Values weights;
        private final Values momenta;
        private final OptionCounts counts;
        private List<Genotype> finalists;
        private final Network costliest;
        private final Network cheapest;

        Run(FleetRecipe recipe, TrainRound task, Optional<Checkpoint> from, Bench bench, NDManager manager) {
            this.recipe = recipe;
            this.task = task;
            this.bench = bench;
            this.manager = manager;
            this.space = bench.space();
            this.schedule = new Schedule(task.totalSteps());
            this.origin = Checkpoint.Origin.of(space, task.dataset(), task.method(), task.seed());
            from.ifPresent(c -> c.requireNext(origin, task.firstStep()));
            this.weights = from.map(c -> Values.of(manager, space.parameters(), file(c.weights())))
                    .orElseGet(() -> Values.initial(manager, space.parameters(), task.seed()));
            this.momenta =
                    from.map(c -> weights.restored(manager, file(c.momenta()))).orElseGet(() -> weights.zeros(manager));
            this.counts = new OptionCounts(space);
            from.ifPresent(c -> counts.add(c.counts()));
            this.costliest = space.network(space.costliest()).live();
            this.cheapest = space.network(space.cheapest()).live();
            this.finalists = from.map(Checkpoint::finalists).orElse(List.of());
        }

        private static SafeTensors file(Map<String, SafeTensors.Tensor> tensors) {
            return new SafeTensors(tensors, Map.of());
        }

        Round train() {
            // Shards of a round see different images and draw different architectures.
            long seed = Seeds.mix(task.seed(), Seeds.SHARD, task.shard());
            var order = new BatchOrder(seed, bench.dataset().train().size(), task.batchSize());
            var sgd = new Sgd(weights, momenta, WEIGHT_DECAY, LARGEST_GRADIENT_NORM);
            var sandwich = new SandwichStep(manager, weights, sgd, bench.dataset(), recipe.distillation());
            double lossSum = 0;
            int skipped = 0;
            for (int i = 0; i < task.steps(); i++) {
                long step = (long) task.firstStep() + i;
                if (finalistsAreDue(step)) {
                    finalists = chosen(step);
                }
                var networks = networks(step, seed);
                var result =
                        bench.pace().piece(() -> sandwich.run(networks, order.at(step), schedule.learningRate(step)));
                skipped = result.updated() ? 0 : skipped + 1;
                if (skipped >= Math.min(LARGEST_RUN_OF_SKIPPED, task.steps())) {
                    throw new NonFiniteTrainingException(skipped, step);
                }
                lossSum += Double.isFinite(result.loss()) ? result.loss() : 0;
                bench.pace().report("training", i + 1, task.steps(), result.loss());
            }
            return new Round(checkpoint(), lossSum / task.steps());
        }

        /** When the space was explored, or with the first round after that which knows a device. */
        private boolean finalistsAreDue(long step) {
            return recipe.finalists()
                    && finalists.isEmpty()
                    && !task.devices().isEmpty()
                    && step >= schedule.explored()
                    && (step == schedule.explored() || step == task.firstStep());
        }

        private List<Genotype> chosen(long step) {
            var trainedAnyway = recipe.sandwich() ? Set.of(space.cheapest(), space.costliest()) : Set.<Genotype>of();
            return new TradeoffFit(manager, space, bench.dataset(), bench.pace())
                    .finalists(
                            weights,
                            task.devices(),
                            TradeoffFit.Effort.GLANCE,
                            trainedAnyway,
                            FINALISTS,
                            task.seed(),
                            step);
        }

        private List<Network> networks(long step, long seed) {
            var random = Seeds.random(seed, Seeds.ARCHITECTURES, step);
            var networks = new ArrayList<Network>();
            if (recipe.sandwich()) {
                networks.addAll(List.of(costliest, cheapest));
                counts.count(space.costliest());
                counts.count(space.cheapest());
            }
            int drawn = recipe.sandwich() ? SAMPLED : 2 + SAMPLED;
            for (int i = 0; i < drawn; i++) {
                Genotype genotype = drawn(random);
                counts.count(genotype);
                networks.add(space.network(genotype).live());
            }
            return networks;
        }

        private Genotype drawn(Random random) {
            return finalists.isEmpty() || random.nextDouble() >= FINALISTS_SHARE
                    ? space.random(random)
                    : finalists.get(random.nextInt(finalists.size()));
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
                    finalists,
                    Map.of());
        }
    }
}
