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
        return (device, own) -> verified == 0
                ? believed(search, device)
                : Verification.front(search, device, search.layers(device.latencies(), CANDIDATES), verified);
    }

    private static Outcome believed(Search search, Search.KnownDevice device) {
        var latencies = device.latencies();
        var scale = Scale.of(search.data().cells(), latencies, search.logErrors());
        var cells = Arrays.stream(search.data().cells()).boxed().toList();
        var selected = Scale.spread(
                cells, c -> scale.latency(latencies[c]), c -> scale.error(search.logErrors()[c]), Verification.ANSWERS);
        return Outcome.unverified(selected, search, device);
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
