package org.dartscc.model.selection;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.SearchSpace;

/** The Pareto front of one device: what is selected, joined with what the hypernetwork proposes along the budgets. */
public final class DeviceFront {
    /** Rays of the published protocol of MODNAS. */
    private static final int HYPERNETWORK_BUDGETS = 24;

    private DeviceFront() {}

    /** Points by rising latency. */
    public static List<FrontPoint> of(
            SearchSpace space, Selector selector, CostTable costs, Optional<Hypernetwork> hypernetwork) {
        var scale = BudgetScale.of(space, costs);
        var candidates = new ArrayList<>(selector.front());
        hypernetwork.ifPresent(h -> IntStream.range(0, HYPERNETWORK_BUDGETS)
                .mapToObj(i -> h.mostLikely(scale.micros(i / (HYPERNETWORK_BUDGETS - 1.0)), costs))
                .filter(space::isValid)
                .map(g -> selector.candidate(space.indices(g)))
                .forEach(candidates::add));
        return ParetoFront.of(candidates, Candidate::latencyMicros, c -> -c.estimatedAccuracy()).stream()
                .map(c -> new FrontPoint(
                        scale.position(c.latencyMicros()),
                        c.latencyMicros(),
                        c.estimatedAccuracy(),
                        c.parameters(),
                        c.macs(),
                        c.fileBytes(),
                        c.peakActivationBytes(),
                        c.genotype(),
                        costs.version()))
                .toList();
    }
}
