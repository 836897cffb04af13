package org.dartscc.trainer.tradeoff;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.selection.Budget;
import org.dartscc.model.selection.BudgetScale;
import org.dartscc.model.selection.ExactSelector;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;

/** Which architectures a supernet goes on with: those that its estimate answers with while the training is under way. */
final class Finalists {
    private Finalists() {}

    /**
     * The best for budgets spread evenly (in the logarithm) over each device's range; where two budgets have the same
     * answer, the next best takes the place. Neither the cheapest nor the costliest of the space is among them, which
     * every step trains.
     *
     * @param count in all, but at least one for each device
     */
    static List<Genotype> of(SearchSpace space, AccuracyEstimate estimate, List<CostTable> devices, int count) {
        var found = new LinkedHashSet<Genotype>();
        var ends = Set.of(space.cheapest(), space.costliest());
        int each = (count + devices.size() - 1) / devices.size();
        for (var device : devices) {
            var scale = BudgetScale.of(space, device);
            var selector = new ExactSelector(space, estimate, device, ExactSelector.ENOUGH);
            for (int i = 0; i < each; i++) {
                var budget = Budget.ofLatencyMicros(scale.micros((i + .5) / each));
                selector.best(budget, ExactSelector.ENOUGH).stream()
                        .map(c -> c.genotype())
                        .filter(g -> !ends.contains(g) && !found.contains(g))
                        .findFirst()
                        .ifPresent(found::add);
            }
        }
        return List.copyOf(found);
    }
}
