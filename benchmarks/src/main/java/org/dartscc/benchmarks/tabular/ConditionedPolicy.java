package org.dartscc.benchmarks.tabular;

import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A hypernetwork over trade-off and device, trained once on the train devices and devices imagined between and around
 * them, and read out on a device it has never seen.
 */
final class ConditionedPolicy {
    private static final int STEPS = 6000;
    private static final int BATCH = 8;
    private static final double BANK_RATE = 1e-2;
    private static final int KNOTS = 24;
    private static final int HIDDEN = 64;
    private static final int KNOT_STEPS = 4000;
    private static final int KNOT_BATCH = 16;
    private static final double KNOT_RATE = 1e-2;
    private static final int BANKS = 11;

    private final Policy policy;
    private final Function<Search.KnownDevice, List<double[]>> rays;

    private ConditionedPolicy(Policy policy, Function<Search.KnownDevice, List<double[]>> rays) {
        this.policy = policy;
        this.rays = rays;
    }

    /** Ours, conditioned on lambda (log-uniform). */
    static ConditionedPolicy lambda(Search search, Random random) {
        return knots(search, random, Teacher::lambda);
    }

    /** Ours, conditioned on the budget's place between the device's cheapest and costliest cell. */
    static ConditionedPolicy budget(Search search, Random random) {
        return knots(search, random, Teacher::budget);
    }

    private static ConditionedPolicy knots(
            Search search, Random random, BiFunction<Teacher, Double, PolicyTraining.Lesson> lesson) {
        var teachers = search.teachers();
        var real = teachers.subList(0, search.latency().trainDevices().size());
        var policy = new Knots(real.get(0).features().length - 1, HIDDEN, KNOTS, random);
        new PolicyTraining(policy).imitate(KNOT_STEPS, KNOT_BATCH, KNOT_RATE, random, r -> {
            var from = r.nextInt(4) == 0 ? real : teachers;
            return lesson.apply(from.get(r.nextInt(from.size())), r.nextDouble());
        });
        return new ConditionedPolicy(policy, device -> {
            var tradeoff = Tradeoff.of(search, device.model().costs());
            return Tradeoff.rays(Tradeoff.RAYS).stream()
                    .map(tradeoff::condition)
                    .toList();
        });
    }

    private static List<Tradeoff> devices(Search search, List<DeviceCosts> costs) {
        return costs.stream().map(c -> Tradeoff.of(search, c)).toList();
    }

    /**
     * After MODNAS (Sukthanker et al., 2025): banks of logits, interpolated linearly between preferences, each linear
     * in the device's embedding, the latencies of the reference cells; preferences uniform. Trained on the train
     * devices by the weighted sum averaged over them, where MODNAS descends by MGDA.
     */
    static ConditionedPolicy banks(Search search, Random random) {
        var devices = devices(search, search.latency().trainDevices());
        int embedding = Search.REFERENCE_CELLS + 1;
        var policy = Policy.linear(BANKS * embedding, ConditionedPolicy::banked, random);
        new PolicyTraining(policy).descend(STEPS, BATCH, BANK_RATE, random, r -> {
            var device = devices.get(r.nextInt(devices.size()));
            double preference = r.nextDouble();
            var latencies = Vectors.at(device.latencies(), search.reference());
            return new PolicyTraining.Example(
                    Tradeoff.embedded(preference, latencies), device.preferenceLoss(preference));
        });
        return new ConditionedPolicy(policy, device -> Tradeoff.rays(Tradeoff.RAYS).stream()
                .map(preference -> Tradeoff.embedded(preference, device.measured()))
                .toList());
    }

    private static double[] banked(double[] condition) {
        var banks = Tradeoff.hats(condition[0], BANKS);
        var values = new double[BANKS * condition.length];
        for (int b = 0; b < BANKS; b++) {
            values[b * condition.length] = banks[b];
            for (int i = 1; i < condition.length; i++) {
                values[b * condition.length + i] = banks[b] * condition[i];
            }
        }
        return values;
    }

    /** The most likely cells along the rays. */
    List<Integer> mostLikely(Search.KnownDevice device) {
        return PolicyTraining.mostLikely(policy, rays.apply(device)).stream()
                .distinct()
                .toList();
    }

    /** The most likely cells and some drawn, to choose from. */
    List<Integer> proposals(Search.KnownDevice device, int drawsPerRay, Random random) {
        return Stream.concat(
                        mostLikely(device).stream(),
                        PolicyTraining.draws(policy, rays.apply(device), drawsPerRay, random).stream())
                .distinct()
                .toList();
    }
}
