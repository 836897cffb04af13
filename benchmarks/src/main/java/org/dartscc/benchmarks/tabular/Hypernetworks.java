package org.dartscc.benchmarks.tabular;

import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Hypernetworks as methods: trained once, then read out on each device. */
final class Hypernetworks {
    private static final int DRAWS_PER_RAY = 16;
    private static final int CANDIDATES = 400;

    private final String name;
    private final BiFunction<Search, Random, ConditionedPolicy> training;
    private ConditionedPolicy trained;

    private Hypernetworks(String name, BiFunction<Search, Random, ConditionedPolicy> training) {
        this.name = name;
        this.training = training;
    }

    /** The training runs once for all rows that are made of this, and its time is counted in the first of them. */
    static Hypernetworks of(String name, BiFunction<Search, Random, ConditionedPolicy> training) {
        return new Hypernetworks(name, training);
    }

    private ConditionedPolicy trained(Search search, Random random) {
        if (trained == null) {
            trained = training.apply(search, random);
        }
        return trained;
    }

    /** The most likely cell of each ray as it is. */
    Method argmax() {
        return method(
                name + "-argmax",
                policy -> (search, device, random) -> Outcome.unverified(policy.mostLikely(device), search, device));
    }

    /**
     * Chooses by belief among what the hypernetwork proposes and what differs from that in one edge, and spends true
     * evaluations on some of it.
     *
     * @param verified true evaluations per device, may be 0
     */
    Method choosing(int verified) {
        return method(
                name + "-" + verified,
                policy -> (search, device, random) ->
                        ExactSelection.choose(search, device, candidates(policy, search, device, random), verified));
    }

    private static int[] candidates(ConditionedPolicy policy, Search search, Search.KnownDevice device, Random random) {
        return policy.proposals(device, DRAWS_PER_RAY, random).stream()
                .flatMap(c -> IntStream.concat(IntStream.of(c), Arrays.stream(Cells.neighbours(c)))
                        .boxed())
                .filter(search.data()::takesPart)
                .distinct()
                .limit(CANDIDATES)
                .mapToInt(c -> c)
                .toArray();
    }

    private interface Readout {
        Outcome read(Search search, Search.KnownDevice device, Random random);
    }

    private Method method(String row, java.util.function.Function<ConditionedPolicy, Readout> readout) {
        return new Method() {
            @Override
            public String name() {
                return row;
            }

            @Override
            public OnDevice prepare(Search search, Random random) {
                var read = readout.apply(trained(search, random));
                return (device, own) -> read.read(search, device, own);
            }
        };
    }
}
