package org.dartscc.benchmarks.paper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingTask.FitTradeoff;
import org.dartscc.model.message.TrainingTask.TrainRound;
import org.dartscc.model.selection.Budget;
import org.dartscc.model.selection.BudgetScale;
import org.dartscc.model.selection.ExactSelector;
import org.dartscc.model.selection.Proposal;
import org.dartscc.model.selection.ProposalSelector;
import org.dartscc.model.selection.Selector;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.checkpoint.Checkpoint;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.finalise.Finalisation;
import org.dartscc.trainer.step.SearchMethod;
import org.dartscc.trainer.tradeoff.Baseline;
import org.dartscc.trainer.tradeoff.TradeoffFit;

/** One run of a method on one space, as the trainer does it: rounds that each leave a checkpoint, then the answers. */
final class SearchRun {
    private static final int ROUND = 200;
    static final double[] TRADEOFFS = {0, .25, .5, .75, 1};
    /** Rounding must not leave the cheapest out of its own budget. */
    static final double ROUNDING = 1 + 1e-9;

    private final Plan.SpacePlan plan;
    private final Workbench workbench;
    private final Pieces pieces;
    private final String dataset;
    private final Contender contender;
    private final long seed;

    SearchRun(Plan.SpacePlan plan, Workbench workbench, Pieces pieces, String dataset, Contender contender, long seed) {
        this.plan = plan;
        this.workbench = workbench;
        this.pieces = pieces;
        this.dataset = dataset;
        this.contender = contender;
        this.seed = seed;
    }

    /** @param cpuSeconds of all steps, whenever they were done */
    record Searched(int steps, double cpuSeconds, double lastLoss) {}

    /** Hears after each round. */
    @FunctionalInterface
    interface Listener {
        void advanced(int step, int total, double loss);
    }

    /** Trains from the last checkpoint to the end. */
    Searched train(String piece, List<CostTable> devices, Listener listener) {
        int total = workbench.steps(dataset, plan.searchPasses(), plan.searchBatch());
        var checkpoint = checkpoint(piece);
        var done = pieces.find(piece + "-progress", Searched.class).orElse(new Searched(0, 0, 0));
        for (int step = checkpoint.map(Checkpoint::step).orElse(0); step < total; ) {
            double start = Workbench.cpuSeconds();
            try (var manager = workbench.manager()) {
                var task = round(step, Math.min(ROUND, total - step), total, devices);
                var round = contender.method().train(task, checkpoint, workbench.bench(manager, dataset, plan));
                checkpoint = Optional.of(round.checkpoint());
                step = round.checkpoint().step();
                pieces.write(
                        pieces.file(piece + ".checkpoint"), round.checkpoint().toBytes());
                done = new Searched(step, done.cpuSeconds() + Workbench.cpuSeconds() - start, round.meanLoss());
                pieces.put(piece + "-progress", done);
            }
            listener.advanced(step, total, done.lastLoss());
        }
        return done;
    }

    private TrainRound round(int firstStep, int steps, int total, List<CostTable> devices) {
        return new TrainRound(
                Topics.SCHEMA_VERSION,
                "paper",
                "paper",
                0,
                workbench.space(dataset, plan.space()).spec(),
                workbench.datasetSpec(dataset),
                contender.search(),
                seed,
                firstStep / ROUND,
                0,
                1,
                firstStep,
                steps,
                total,
                plan.searchBatch(),
                null,
                devices);
    }

    private Optional<Checkpoint> checkpoint(String piece) {
        var file = pieces.file(piece + ".checkpoint");
        try {
            return Files.exists(file) ? Optional.of(Checkpoint.parse(Files.readAllBytes(file))) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be read: " + e.getMessage(), e);
        }
    }

    /** The answers along each device's trade-off, and to the complexity vectors. */
    Family family(String searchPiece, List<CostTable> devices) {
        double start = Workbench.cpuSeconds();
        try (var manager = workbench.manager()) {
            var bench = workbench.bench(manager, dataset, plan);
            var trained = checkpoint(searchPiece).orElseThrow();
            var weights = new SafeTensors(trained.weights(), Map.of());
            var fit = contender.method().fit(task(devices), trained, estimating(bench));
            var answers = answers(bench.space(), fit, devices);
            var members = evaluated(answers, weights, bench);
            return new Family(members, fit.diagnostics().orElseThrow(), Workbench.cpuSeconds() - start);
        }
    }

    private List<Answer> answers(SearchSpace space, TradeoffFit.Result fit, List<CostTable> devices) {
        if (fit.proposals().isEmpty()) {
            var estimate = contender.answeringFrom(fit.estimate());
            var answers =
                    alongTheTradeoff(space, d -> new ExactSelector(space, estimate, d, ExactSelector.ENOUGH), devices);
            for (var vector : ComplexityVector.published(space)) {
                answers.add(new Answer(vector.name(), null, vector.answer(space, estimate)));
            }
            return answers;
        }
        // Found for no trade-off in particular: the one that fits is looked for, as for an order.
        return fit.proposals().stream().allMatch(p -> p.label().equals(Baseline.LABEL))
                ? alongTheTradeoff(space, d -> new ProposalSelector(space, fit.estimate(), fit.proposals(), d), devices)
                : proposed(bestOfEachSetting(fit.proposals()), devices);
    }

    /** A setting with several answers, as FBNet draws them, is represented by the one with the highest validation accuracy. */
    private static Collection<Proposal> bestOfEachSetting(List<Proposal> proposals) {
        var best = new LinkedHashMap<List<String>, Proposal>();
        for (var proposal : proposals) {
            best.merge(
                    Arrays.asList(proposal.label(), proposal.deviceId()),
                    proposal,
                    (a, b) -> b.validationAccuracy() > a.validationAccuracy() ? b : a);
        }
        return best.values();
    }

    private SearchMethod.Bench estimating(SearchMethod.Bench bench) {
        var all = bench.dataset();
        var fewer = new Dataset(all.info(), all.train(), all.validation().spread(plan.subnetImages()), all.test());
        return new SearchMethod.Bench(bench.manager(), bench.space(), fewer, bench.threads(), bench.pace());
    }

    private FitTradeoff task(List<CostTable> devices) {
        return new FitTradeoff(
                Topics.SCHEMA_VERSION,
                "paper",
                "paper",
                0,
                workbench.space(dataset, plan.space()).spec(),
                workbench.datasetSpec(dataset),
                seed,
                plan.subnets(),
                null,
                devices);
    }

    /** What a method that knows its own answers gives. */
    private static List<Answer> proposed(Collection<Proposal> proposals, List<CostTable> devices) {
        return proposals.stream()
                .map(p -> new Answer(
                        p.label(),
                        devices.stream()
                                .filter(d -> d.deviceId().equals(p.deviceId()))
                                .findFirst()
                                .orElse(null),
                        p.genotype()))
                .toList();
    }

    private record Answer(String setting, CostTable device, Genotype genotype) {}

    private static List<Answer> alongTheTradeoff(
            SearchSpace space, Function<CostTable, Selector> selectors, List<CostTable> devices) {
        var answers = new ArrayList<Answer>();
        for (var device : devices) {
            var selector = selectors.apply(device);
            var scale = BudgetScale.of(space, device);
            for (double tradeoff : TRADEOFFS) {
                var budget = Budget.ofLatencyMicros(scale.micros(tradeoff) * ROUNDING);
                selector.best(budget, 1).stream()
                        .findFirst()
                        .ifPresent(c -> answers.add(new Answer("latency " + tradeoff, device, c.genotype())));
            }
        }
        return answers;
    }

    private List<Family.Member> evaluated(List<Answer> answers, SafeTensors weights, SearchMethod.Bench bench) {
        var finalisation = new Finalisation(bench.manager(), bench.space(), bench.dataset(), bench.pace());
        var models = new HashMap<Genotype, Finalisation.Model>();
        return answers.stream()
                .map(a -> {
                    var model = models.computeIfAbsent(a.genotype(), g -> finalisation.finalise(g, weights, 0, seed));
                    return new Family.Member(
                            contender.name(),
                            a.setting(),
                            a.device() == null ? null : a.device().deviceId(),
                            a.genotype(),
                            a.device() == null ? null : a.device().latencyMicros(bench.space(), a.genotype()),
                            model.validationAccuracy(),
                            model.testAccuracy());
                })
                .toList();
    }
}
