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

/** What an estimate would answer: the best architectures of each device along its budgets. */
final class Promising {
    /** Architectures that are looked at for one budget. */
    private static final int BEST = 8;

    private final SearchSpace space;
    private final AccuracyEstimate estimate;
    private final List<CostTable> devices;

    Promising(SearchSpace space, AccuracyEstimate estimate, List<CostTable> devices) {
        this.space = space;
        this.estimate = estimate;
        this.devices = devices;
    }

    /**
     * The best for budgets that are spread evenly (in the logarithm) over each device's range; devices share the count.
     *
     * @param excluded are left out; the next best takes the place
     * @return at most {@code count}
     */
    Set<Genotype> notIn(Set<Genotype> excluded, int count) {
        var found = new LinkedHashSet<Genotype>();
        for (int d = 0; d < devices.size(); d++) {
            var device = devices.get(d);
            int own = count / devices.size() + (d < count % devices.size() ? 1 : 0);
            var scale = BudgetScale.of(space, device);
            var selector = new ExactSelector(space, estimate, device, BEST);
            for (int i = 0; i < own; i++) {
                var budget = new Budget(scale.micros((i + .5) / own), null, null);
                selector.best(budget, BEST).stream()
                        .map(c -> c.genotype())
                        .filter(g -> !excluded.contains(g) && !found.contains(g))
                        .findFirst()
                        .ifPresent(found::add);
            }
        }
        return found;
    }
}
