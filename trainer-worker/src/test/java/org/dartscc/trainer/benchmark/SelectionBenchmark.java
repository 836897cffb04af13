package org.dartscc.trainer.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingTask.TrainRound;
import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.selection.Budget;
import org.dartscc.model.selection.BudgetScale;
import org.dartscc.model.selection.ExactSelector;
import org.dartscc.model.space.Genotype;
import org.dartscc.trainer.Small;
import org.dartscc.trainer.checkpoint.Checkpoint;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.data.Datasets;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.step.SearchMethod.Bench;
import org.dartscc.trainer.step.SearchMethods;
import org.dartscc.trainer.supernet.NativeEngine;
import org.dartscc.trainer.supernet.Subnet;
import org.dartscc.trainer.supernet.Values;
import org.dartscc.trainer.tradeoff.TradeoffFit;

/**
 * How good the answers are that come of evaluated subnets: those spread over the space, against those of which half are
 * the most promising ones. One half of the validation images fits, the other judges; no test image is looked at.
 * Arguments: steps and seed of the supernet, which is kept in target/.
 */
final class SelectionBenchmark {
    private static final int BUDGETS = 8;
    private static final int SUBNETS = 84;
    private static final int FITS = 3;

    private SelectionBenchmark() {}

    public static void main(String[] args) throws Exception {
        int steps = Integer.parseInt(args[0]);
        long seed = Long.parseLong(args[1]);
        var whole = new Datasets(Path.of("target/no-datasets")).load(Small.SPEC);
        var validation = whole.validation();
        var fitting = new Dataset(
                whole.info(),
                whole.train(),
                validation.subset(IntStream.range(0, validation.size() / 2)
                        .map(i -> 2 * i)
                        .toArray()),
                whole.test());
        var judging = validation.subset(
                IntStream.range(0, validation.size() / 2).map(i -> 2 * i + 1).toArray());
        var space = Small.space("layerwise").create();
        var devices = List.of(Small.device(space, "a", 1), Small.device(space, "b", 2));
        var engine = NativeEngine.load(2);
        try (var manager = engine.newManager()) {
            var bench = new Bench(manager, space, fitting, 2, Pace.undisturbed());
            var checkpoint = Checkpoint.parse(supernet(bench, steps, seed, devices));
            var weights = Values.of(manager, space.parameters(), new SafeTensors(checkpoint.weights(), Map.of()));
            var accuracies = new HashMap<Genotype, Double>();
            for (int fit = 0; fit < FITS; fit++) {
                var tradeoff = new TradeoffFit(manager, space, fitting, bench.pace());
                var effort = new TradeoffFit.Effort(SUBNETS, 12, Integer.MAX_VALUE);
                var spread = tradeoff.fit(weights, List.of(), effort, seed, 1000 + fit, List.of())
                        .estimate();
                var promising = tradeoff.fit(weights, devices, effort, seed, 1000 + fit, List.of())
                        .estimate();
                for (var device : devices) {
                    var line = new StringBuilder("fit %d device %s:".formatted(fit, device.deviceId()));
                    double[] sums = new double[2];
                    for (int b = 0; b < BUDGETS; b++) {
                        var estimates = List.of(spread, promising);
                        for (int e = 0; e < 2; e++) {
                            var chosen = chosen(bench, estimates.get(e), device, (b + .5) / BUDGETS);
                            double accuracy = accuracies.computeIfAbsent(chosen, genotype -> {
                                try (var subnet = Subnet.recalibrated(
                                        manager,
                                        space.network(genotype).live(),
                                        weights,
                                        fitting,
                                        new Subnet.Recalibration(24, 64, 7),
                                        bench.pace())) {
                                    return subnet.accuracy(judging, bench.pace());
                                }
                            });
                            sums[e] += 100 * accuracy / BUDGETS;
                            line.append(" %s%.1f".formatted(e == 0 ? "" : "/", 100 * accuracy));
                        }
                    }
                    System.out.printf("%s  mean spread %.2f promising %.2f%n", line, sums[0], sums[1]);
                }
                System.out.printf("tau %.3f %.3f%n", spread.rankCorrelation(), promising.rankCorrelation());
            }
        }
    }

    private static Genotype chosen(Bench bench, AccuracyEstimate estimate, CostTable device, double position) {
        var budget = new Budget(BudgetScale.of(bench.space(), device).micros(position), null, null);
        return new ExactSelector(bench.space(), estimate, device, 1)
                .best(budget, 1)
                .get(0)
                .genotype();
    }

    private static byte[] supernet(Bench bench, int steps, long seed, List<CostTable> devices) throws Exception {
        var file = Path.of("target", "supernet-%d-%d".formatted(steps, seed));
        if (Files.exists(file)) {
            return Files.readAllBytes(file);
        }
        Optional<Checkpoint> checkpoint = Optional.empty();
        int round = 200;
        for (int step = 0; step < steps; step += round) {
            var task = new TrainRound(
                    Topics.SCHEMA_VERSION,
                    "t",
                    "s",
                    0,
                    bench.space().spec(),
                    Small.SPEC,
                    "fleet",
                    seed,
                    0,
                    0,
                    1,
                    step,
                    round,
                    steps,
                    32,
                    null,
                    devices);
            checkpoint = Optional.of(
                    SearchMethods.of("fleet").train(task, checkpoint, bench).checkpoint());
        }
        Files.write(file, checkpoint.orElseThrow().toBytes());
        return Files.readAllBytes(file);
    }
}
