package org.dartscc.benchmarks.tabular;

import java.util.ArrayList;
import java.util.Random;
import java.util.function.Function;

/**
 * An ancestor that is trained anew on every device, with the device's latencies as predicted from its reference
 * measurements, and read out at 24 trade-offs by argmax.
 */
record PerDevicePolicy(String name, Function<Random, Policy> policy) implements Method {
    private static final int STEPS = 1500;
    private static final int BATCH = 4;
    private static final double RATE = .03;
    private static final int RUNS = 24;
    private static final int KNOTS = 5;
    private static final int SINGLE_RUN_STEPS = 300;
    private static final double SINGLE_RUN_RATE = .1;

    /** DARTS-CC (Yakovlev et al., 2021): alpha(lambda) piecewise linear with 5 learnable knots. */
    static Method piecewiseLinear() {
        return new PerDevicePolicy(
                "piecewise-linear", random -> Policy.linear(KNOTS, c -> Tradeoff.hats(c[0], KNOTS), random));
    }

    /**
     * The form of target-hardware DARTS-CC (Firsov and Bakhteev, 2025): weights softmax(-||s - s_r||^2) of 5 references,
     * the paper's sign, over log10 lambda in place of its complexity vector, which knows no latency.
     */
    static Method radialBasis() {
        return new PerDevicePolicy(
                "rbf", random -> Policy.linear(KNOTS, c -> radial(Tradeoff.logLambda(c[0])), random));
    }

    private static double[] radial(double logLambda) {
        var weights = new double[KNOTS];
        double sum = 0;
        for (int r = 0; r < KNOTS; r++) {
            double distance = logLambda - Tradeoff.logLambda(r / (KNOTS - 1.0));
            weights[r] = Math.exp(-distance * distance);
            sum += weights[r];
        }
        for (int r = 0; r < KNOTS; r++) {
            weights[r] /= sum;
        }
        return weights;
    }

    @Override
    public OnDevice prepare(Search search, Random random) {
        return (device, own) -> {
            var tradeoff = Tradeoff.of(search, device.model().costs());
            var trained = policy.apply(own);
            new PolicyTraining(trained).descend(STEPS, BATCH, RATE, own, r -> {
                double place = r.nextDouble();
                return new PolicyTraining.Example(new double[] {place}, tradeoff.lambdaLoss(place));
            });
            var rays = Tradeoff.rays(Tradeoff.RAYS).stream()
                    .map(place -> new double[] {place})
                    .toList();
            var selected =
                    PolicyTraining.mostLikely(trained, rays).stream().distinct().toList();
            return Outcome.unverified(selected, search, device);
        };
    }

    /** DARTS or FBNet with latency: one alpha for one device and one trade-off, run again for each of 24 trade-offs. */
    static Method singleRuns() {
        return new SingleRuns();
    }

    private record SingleRuns() implements Method {
        @Override
        public String name() {
            return "single-runs-x" + RUNS;
        }

        @Override
        public OnDevice prepare(Search search, Random random) {
            return (device, own) -> {
                var tradeoff = Tradeoff.of(search, device.model().costs());
                var selected = new ArrayList<Integer>();
                for (double place : Tradeoff.rays(RUNS)) {
                    var example = new PolicyTraining.Example(new double[0], tradeoff.lambdaLoss(place));
                    var policy = Policy.linear(1, c -> new double[] {1}, own);
                    new PolicyTraining(policy).descend(SINGLE_RUN_STEPS, 1, SINGLE_RUN_RATE, own, r -> example);
                    selected.addAll(PolicyTraining.mostLikely(policy, java.util.List.of(example.condition())));
                }
                return Outcome.unverified(selected.stream().distinct().toList(), search, device);
            };
        }
    }
}
