package org.dartscc.trainer.tradeoff;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import ai.djl.ndarray.NDManager;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.selection.AccuracyEstimate;
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
     * @param hypernetworkSteps of its training
     */
    public record Effort(int subnets, int recalibrationBatches, int validationImages, int hypernetworkSteps) {
        private static final int BATCH = 64;

        public Effort {
            if (subnets < 1) {
                throw new IllegalArgumentException("a fit needs at least one evaluated subnet, not " + subnets);
            }
        }

        /** Enough to guide which architectures are trained. */
        public static final Effort GLANCE = new Effort(24, 6, 512, 300);

        /** For the answers that users get. */
        public static Effort thorough(int subnets) {
            return new Effort(subnets, 12, Integer.MAX_VALUE, 800);
        }

        private Subnet.Recalibration recalibration(long seed) {
            return new Subnet.Recalibration(recalibrationBatches, BATCH, seed);
        }
    }

    /** @param hypernetwork empty without devices */
    public record Result(AccuracyEstimate estimate, Optional<SafeTensors> hypernetwork) {}

    /** @param number tells fits of one seed apart */
    public Result fit(Values weights, List<CostTable> devices, Effort effort, long seed, long number) {
        var estimate = estimate(weights, devices, effort, seed, number);
        if (devices.isEmpty()) {
            return new Result(estimate, Optional.empty());
        }
        var training = new HypernetworkTraining(
                manager, space, estimate, devices, Seeds.random(seed, Seeds.HYPERNETWORK, number));
        return new Result(estimate, Optional.of(training.train(effort.hypernetworkSteps(), pace)));
    }

    /**
     * Half of the subnets are spread over the space, the others lie where answers will come from: they are the most
     * promising ones for the devices, by the estimate so far, which is fitted anew as they are evaluated.
     */
    private AccuracyEstimate estimate(Values weights, List<CostTable> devices, Effort effort, long seed, long number) {
        var recalibration = effort.recalibration(Seeds.mix(seed, Seeds.RECALIBRATION, number));
        var logErrors = new LinkedHashMap<Genotype, Double>();
        int spread = devices.isEmpty() ? effort.subnets() : (effort.subnets() + 1) / 2;
        for (var genotype : SubnetSample.draw(space, spread, Seeds.random(seed, Seeds.SUBNETS, number))) {
            evaluate(genotype, weights, effort, recalibration, logErrors);
        }
        for (int stage = 1; stage <= STAGES && !devices.isEmpty(); stage++) {
            int until = spread + (effort.subnets() - spread) * stage / STAGES;
            var promising = new Promising(space, Ridge.fit(space, logErrors), devices)
                    .notIn(logErrors.keySet(), until - logErrors.size());
            for (var genotype : promising) {
                evaluate(genotype, weights, effort, recalibration, logErrors);
            }
        }
        return Ridge.fit(space, logErrors);
    }

    private void evaluate(
            Genotype genotype,
            Values weights,
            Effort effort,
            Subnet.Recalibration recalibration,
            Map<Genotype, Double> logErrors) {
        var images = dataset.validation().spread(effort.validationImages());
        var network = space.network(genotype).live();
        try (var subnet = Subnet.recalibrated(manager, network, weights, dataset, recalibration, pace)) {
            double error = 1 - subnet.accuracy(images, pace);
            // Half an image keeps the logarithm finite when none is wrong.
            logErrors.put(genotype, Math.log(Math.max(error, .5 / images.size())));
        }
        pace.report("evaluating architectures", logErrors.size(), effort.subnets(), null);
    }
}
