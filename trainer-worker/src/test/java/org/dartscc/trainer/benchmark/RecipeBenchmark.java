package org.dartscc.trainer.benchmark;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.message.DatasetSpec;
import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingTask.TrainRound;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.trainer.Small;
import org.dartscc.trainer.checkpoint.Checkpoint;
import org.dartscc.trainer.data.Datasets;
import org.dartscc.trainer.finalise.Finalisation;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.step.SearchMethod.Bench;
import org.dartscc.trainer.step.SearchMethods;
import org.dartscc.trainer.supernet.NativeEngine;
import org.dartscc.trainer.tradeoff.TradeoffFit;

/**
 * Trains the recipe as a search does and prints speed and accuracies. Arguments: steps, seed, threads, and optionally
 * the data set, the space and the batch size.
 */
final class RecipeBenchmark {
    private static final int ROUND = Integer.getInteger("round", 150);

    private RecipeBenchmark() {}

    public static void main(String[] args) {
        int steps = Integer.parseInt(args[0]);
        long seed = Long.parseLong(args[1]);
        int threads = Integer.parseInt(args[2]);
        var datasetSpec = new DatasetSpec(args.length > 3 ? args[3] : "fashion-mnist-sample", 0);
        var spaceName = args.length > 4 ? args[4] : "layerwise";
        int batchSize = args.length > 5 ? Integer.parseInt(args[5]) : 64;
        var dataset =
                new Datasets(Path.of(System.getProperty("user.home"), ".cache/dartscc/datasets")).load(datasetSpec);
        var spaceSpec = new SpaceSpec(
                spaceName, dataset.info().image(), dataset.info().classNames().size());
        var space = spaceSpec.create();
        var devices = List.of(Small.device(space, "a", 1), Small.device(space, "b", 2));
        var engine = NativeEngine.load(threads);
        Optional<Checkpoint> checkpoint = Optional.empty();
        long start = System.nanoTime();
        double cpuStart = cpuSeconds();
        try (var manager = engine.newManager()) {
            var bench = new Bench(manager, space, dataset, threads, Pace.undisturbed());
            for (int round = 0, step = 0; step < steps; round++, step += ROUND) {
                var task = new TrainRound(
                        Topics.SCHEMA_VERSION,
                        "t",
                        "s",
                        0,
                        spaceSpec,
                        datasetSpec,
                        "fleet",
                        seed,
                        round,
                        0,
                        1,
                        step,
                        Math.min(ROUND, steps - step),
                        steps,
                        batchSize,
                        null,
                        devices);
                var result = SearchMethods.of("fleet").train(task, checkpoint, bench);
                checkpoint = Optional.of(result.checkpoint());
                double seconds = (System.nanoTime() - start) / 1e9;
                System.out.printf(
                        "step %d loss %.4f wall %.1f s cpu %.1f s%n",
                        result.checkpoint().step(), result.meanLoss(), seconds, cpuSeconds() - cpuStart);
            }
            evaluate(bench, checkpoint.orElseThrow(), devices, seed);
        }
    }

    private static double cpuSeconds() {
        var os = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return os.getProcessCpuTime() / 1e9;
    }

    private static void evaluate(Bench bench, Checkpoint checkpoint, List<CostTable> devices, long seed) {
        var space = bench.space();
        var weights = new SafeTensors(checkpoint.weights(), Map.of());
        var finalisation = new Finalisation(bench.manager(), space, bench.dataset(), bench.pace());
        for (var e : architectures(space).entrySet()) {
            var model = finalisation.finalise(e.getValue(), weights, 0, seed);
            var network = space.network(e.getValue()).live();
            System.out.printf(
                    "%-12s params %7d macs %9d validation %.4f test %.4f%n",
                    e.getKey(),
                    network.parameterCount(),
                    network.macs(),
                    model.validationAccuracy(),
                    model.testAccuracy());
        }
        long start = System.nanoTime();
        var values = org.dartscc.trainer.supernet.Values.of(bench.manager(), space.parameters(), weights);
        var fit = new TradeoffFit(bench.manager(), space, bench.dataset(), bench.pace())
                .fit(values, devices, TradeoffFit.Effort.thorough(80), seed, 1_000_000, checkpoint.finalists());
        System.out.printf(
                "fit: tau %.3f intercept %.3f in %.1f s%n",
                fit.estimate().rankCorrelation(), fit.estimate().intercept(), (System.nanoTime() - start) / 1e9);
        for (int d = 0; d < space.decisions().size() && d < 8; d++) {
            System.out.println(space.decisions().get(d).name() + " "
                    + fit.estimate().effects().get(d).stream()
                            .map("%+.3f"::formatted)
                            .toList());
        }
    }

    private static Map<String, Genotype> architectures(SearchSpace space) {
        var all = new LinkedHashMap<String, Genotype>();
        all.put("costliest", space.costliest());
        all.put("cheapest", space.cheapest());
        for (var operator : List.of(Operator.SEP3, Operator.SEP5, Operator.MBCONV3_K3)) {
            if (space.name().equals("layerwise")) {
                all.put(
                        "all-" + operator.key(),
                        new Genotype("layerwise", java.util.Collections.nCopies(8, operator.key())));
            }
        }
        var random = new Random(5);
        for (int i = 0; i < 5; i++) {
            all.put("random " + i, space.random(random));
        }
        return all;
    }
}
