package org.dartscc.benchmarks.tabular;

import java.util.Random;
import java.util.function.BiFunction;

/**
 * A hypernetwork as a method: its most likely cells as they are, or its proposals with some of them verified.
 *
 * @param training gives the trained hypernetwork
 * @param verified true evaluations per device, 0 for argmax alone
 */
record Hypernetworks(String name, BiFunction<Search, Random, ConditionedPolicy> training, int verified)
        implements Method {
    private static final int DRAWS_PER_RAY = 16;
    private static final int PROPOSALS = 400;

    @Override
    public OnDevice prepare(Search search, Random random) {
        var policy = training.apply(search, random);
        return (device, own) -> {
            if (verified == 0) {
                return Outcome.unverified(policy.mostLikely(device), search, device);
            }
            var proposals = policy.proposals(device, DRAWS_PER_RAY, own).stream()
                    .filter(search.data()::takesPart)
                    .limit(PROPOSALS)
                    .mapToInt(c -> c)
                    .toArray();
            return Verification.front(search, device, proposals, verified);
        };
    }
}
