package org.dartscc.benchmarks.tabular;

import java.util.Arrays;
import java.util.Random;

/**
 * Ours: the exact front of the believed errors and latencies over all cells, with some cells verified.
 *
 * @param verified true evaluations per device, 0 for the believed front as it is
 */
record ExactSelection(int verified) implements Method {
    private static final int CANDIDATES = 400;

    @Override
    public String name() {
        return "ours-exact-" + verified;
    }

    @Override
    public OnDevice prepare(Search search, Random random) {
        return (device, own) -> choose(search, device, search.layers(device.latencies(), CANDIDATES), verified);
    }

    /** The front among some candidates: as believed, or with so many of them verified. */
    static Outcome choose(Search search, Search.KnownDevice device, int[] candidates, int verified) {
        return verified == 0
                ? believed(search, device, candidates)
                : Verification.front(search, device, candidates, verified);
    }

    private static Outcome believed(Search search, Search.KnownDevice device, int[] candidates) {
        return Outcome.unverified(Arrays.stream(candidates).boxed().toList(), search, device);
    }

    /** Ours for single requests: each budget is answered on its own with so many true evaluations. */
    static Method perBudget(int verifiedPerBudget) {
        return new Method() {
            @Override
            public String name() {
                return "ours-request-" + verifiedPerBudget;
            }

            @Override
            public OnDevice prepare(Search search, Random random) {
                return (device, own) -> Verification.budgets(search, device, verifiedPerBudget);
            }
        };
    }
}
