package org.dartscc.trainer.tradeoff;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;

import ai.djl.ndarray.NDManager;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.selection.Diagnostics;
import org.dartscc.model.selection.ExactSelector;
import org.dartscc.model.selection.Hypernetwork;
import org.dartscc.model.selection.Proposal;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.hypernet.HypernetworkTraining;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.seed.Seeds;
import org.dartscc.trainer.supernet.Subnet;
import org.dartscc.trainer.supernet.Values;

/** Learns from evaluated subnets which options cost accuracy, and from that estimate the hypernetwork. */
public final class TradeoffFit {
    /** How often the estimate is fitted anew on the way. */
    private static final int STAGES = 4;

    /** Random architectures beside a method's answers. */
    private static final int HELD_OUT = 12;

    /** Places along a device's budgets where the hypernetwork's entropy is looked at. */
    private static final int BUDGETS = 8;

    private static final int HYPERNETWORK_STEPS = 800;

    private final NDManager manager;
    private final SearchSpace space;
    private final Dataset dataset;
    private final Pace pace;

    public TradeoffFit(NDManager manager, SearchSpace space, Dataset dataset, Pace pace) {
        this.manager = manager;
        this.space = space;
        this.dataset = dataset;
        this.pace = pace;
    }

    /**
     * How much is spent on a fit.
     *
     * @param subnets to evaluate, at least 1
     * @param recalibrationBatches before each evaluation
     * @param validationImages at most so many
     */
    public record Effort(int subnets, int recalibrationBatches, int validationImages) {
        private static final int BATCH = 64;

        public Effort {
            if (subnets < 1) {
                throw new IllegalArgumentException("a fit needs at least one evaluated subnet, not " + subnets);
            }
        }

        /** Enough to choose which architectures are trained on. */
        public static final Effort GLANCE = new Effort(24, 6, 512);

        /** For the answers that users get. */
        public static Effort thorough(int subnets) {
            return new Effort(subnets, 12, Integer.MAX_VALUE);
        }

        private Subnet.Recalibration recalibration(long seed) {
            return new Subnet.Recalibration(recalibrationBatches, BATCH, seed);
        }
    }

    /**
     * What a method answers with.
     *
     * @param hypernetwork empty without devices
     * @param proposals empty when answers come from the estimate
     * @param diagnostics empty when there is nothing to look at: no device, and so no answer yet
     */
    public record Result(
            AccuracyEstimate estimate,
            Optional<SafeTensors> hypernetwork,
            List<Proposal> proposals,
            Optional<Diagnostics> diagnostics) {}

    /** Evaluations of subnets as a fit of that effort makes them. */
    public SubnetEvaluations evaluations(Values weights, Effort effort, long seed, long number) {
        var recalibration = effort.recalibration(Seeds.mix(seed, Seeds.RECALIBRATION, number));
        return new SubnetEvaluations(
                manager, space, weights, dataset, recalibration, effort.validationImages(), effort.subnets(), pace);
    }

    /**
     * What a supernet goes on with: the answers of its weights as they are, spread over the budgets of each device.
     *
     * @param trainedAnyway are not among them
     * @param count in all, but at least one for each device
     */
    public List<Genotype> finalists(
            Values weights,
            List<CostTable> devices,
            Effort effort,
            Set<Genotype> trainedAnyway,
            int count,
            long seed,
            long number) {
        var evaluations = evaluations(weights, effort, seed, number);
        var estimate = estimate(evaluations, new LinkedHashSet<>(), devices, effort, seed, number);
        return List.copyOf(
                new Promising(space, estimate, devices).notIn(trainedAnyway, Math.max(count, devices.size())));
    }

    /**
     * @param number tells fits of one seed apart
     * @param finalists are evaluated whatever the estimate says of them
     */
    public Result fit(
            Values weights, List<CostTable> devices, Effort effort, long seed, long number, List<Genotype> finalists) {
        var evaluations = evaluations(weights, effort, seed, number);
        finalists.stream().limit(effort.subnets() / 2).forEach(evaluations::accuracy);
        var spread = new LinkedHashSet<Genotype>();
        var estimate = estimate(evaluations, spread, devices, effort, seed, number);
        if (devices.isEmpty()) {
            return new Result(estimate, Optional.empty(), List.of(), Optional.empty());
        }
        var training = new HypernetworkTraining(
                manager, space, estimate, devices, Seeds.random(seed, Seeds.HYPERNETWORK, number));
        var hypernetwork = training.train(HYPERNETWORK_STEPS, pace);
        return new Result(
                estimate,
                Optional.of(hypernetwork),
                List.of(),
                Optional.of(diagnostics(evaluations, spread, estimate, hypernetwork, devices)));
    }

    /**
     * An architecture that a method answers with.
     *
     * @param deviceId null when it is of no device in particular
     * @param label the trade-off behind it
     */
    public record Readout(Genotype genotype, String deviceId, String label) {}

    /**
     * Evaluates what a method answers with, and a few random architectures beside it, which tell whether the method's
     * own ranking and its answers are better than chance, and estimate everything that was not proposed.
     *
     * @param tradeoffs whether the answers are of several trade-offs
     * @param ranking the method's own; empty when it ranks by evaluation, so that the estimate is judged instead
     * @param entropy relative, of the method's alphas; null without any
     */
    public Result propose(
            SubnetEvaluations evaluations,
            List<Readout> readouts,
            boolean tradeoffs,
            Optional<ToDoubleFunction<Genotype>> ranking,
            Double entropy,
            Random random) {
        var heldOut = new LinkedHashSet<Genotype>();
        var answers = readouts.stream().map(Readout::genotype).toList();
        for (int attempt = 0; attempt < 10 * HELD_OUT && heldOut.size() < HELD_OUT; attempt++) {
            heldOut.add(space.random(random));
        }
        var proposals = readouts.stream()
                .map(r -> new Proposal(r.genotype(), evaluations.accuracy(r.genotype()), r.deviceId(), r.label()))
                .toList();
        var accuracies = heldOut.stream().mapToDouble(evaluations::accuracy).toArray();
        var estimate = evaluations.estimate();
        double correlation = ranking.map(
                        r -> KendallTau.of(heldOut.stream().mapToDouble(r).toArray(), accuracies))
                .orElse(estimate.rankCorrelation());
        var diagnostics = new Collapse(space, evaluations.accuracies())
                .of(answers, tradeoffs, heldOut, entropy, true, correlation);
        return new Result(estimate, Optional.empty(), proposals, Optional.of(diagnostics));
    }

    /**
     * As many evaluated subnets as a fit takes, found by a baseline; all of them are proposed. Evolution minimises the
     * error and the latency on every device, or the multiply-accumulates without one.
     */
    public Result search(
            Baseline baseline, Values weights, List<CostTable> devices, Effort effort, long seed, long number) {
        var evaluations = evaluations(weights, effort, seed, number);
        var random = Seeds.random(seed, Seeds.SUBNETS, number);
        // Those that judge the answers are part of the number.
        int count = Math.max(1, effort.subnets() - HELD_OUT);
        var found = baseline == Baseline.RANDOM
                ? SubnetSample.draw(space, count, random)
                : new Nsga2(space, g -> objectives(g, evaluations, devices), random).evaluate(count);
        return propose(
                evaluations,
                found.stream().map(g -> new Readout(g, null, Baseline.LABEL)).toList(),
                true,
                Optional.empty(),
                null,
                Seeds.random(seed, Seeds.HELD_OUT, number));
    }

    private double[] objectives(Genotype genotype, SubnetEvaluations evaluations, List<CostTable> devices) {
        var objectives = new ArrayList<>(List.of(1 - evaluations.accuracy(genotype)));
        devices.forEach(d -> objectives.add(d.latencyMicros(space, genotype)));
        if (devices.isEmpty()) {
            objectives.add((double) space.network(genotype).macs());
        }
        return objectives.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Over the answers along the budgets of each device, as they are given. */
    private Diagnostics diagnostics(
            SubnetEvaluations evaluations,
            Set<Genotype> spread,
            AccuracyEstimate estimate,
            SafeTensors hypernetwork,
            List<CostTable> devices) {
        var answers = new ArrayList<Genotype>();
        double entropy = 0;
        var network = Hypernetwork.of(space, hypernetwork);
        for (var device : devices) {
            new ExactSelector(space, estimate, device, ExactSelector.ENOUGH)
                    .front()
                    .forEach(c -> answers.add(c.genotype()));
            for (int i = 0; i < BUDGETS; i++) {
                var policy = network.policy((i + .5) / BUDGETS, device.optionMicros(space));
                entropy += relativeEntropy(policy) / BUDGETS / devices.size();
            }
        }
        // A uniform hypernetwork harms nothing: it only adds to what the estimate finds.
        return new Collapse(space, evaluations.accuracies())
                .of(answers, true, spread, entropy, false, estimate.rankCorrelation());
    }

    /** Mean over the rows of entropy / ln(number of entries). */
    public static double relativeEntropy(double[][] probabilities) {
        double sum = 0;
        for (var row : probabilities) {
            double entropy = 0;
            for (double p : row) {
                entropy -= p > 0 ? p * Math.log(p) : 0;
            }
            sum += row.length > 1 ? entropy / Math.log(row.length) : 0;
        }
        return sum / probabilities.length;
    }

    /**
     * Half of the subnets are spread over the space, the others lie where answers will come from: they are the most
     * promising ones for the devices, by the estimate so far, which is fitted anew as they are evaluated.
     */
    private AccuracyEstimate estimate(
            SubnetEvaluations evaluations,
            Set<Genotype> spread,
            List<CostTable> devices,
            Effort effort,
            long seed,
            long number) {
        int left = effort.subnets() - evaluations.size();
        int evenly = devices.isEmpty() ? left : (left + 1) / 2;
        for (var genotype : SubnetSample.draw(space, evenly, Seeds.random(seed, Seeds.SUBNETS, number))) {
            evaluations.accuracy(genotype);
            spread.add(genotype);
        }
        for (int stage = 1; stage <= STAGES && !devices.isEmpty(); stage++) {
            int until = effort.subnets() - (left - evenly) * (STAGES - stage) / STAGES;
            // What was evaluated itself would take the places of what is looked for.
            var sums = evaluations.estimate().sums();
            var promising = new Promising(space, sums, devices)
                    .notIn(evaluations.accuracies().keySet(), until - evaluations.size());
            promising.forEach(evaluations::accuracy);
        }
        return evaluations.estimate();
    }
}
