package org.dartscc.benchmarks.paper;

import java.util.List;
import java.util.Map;

import org.dartscc.model.selection.Diagnostics;
import org.dartscc.model.space.Genotype;

/** What is written as JSON. Accuracies are shares in [0, 1], of the test images unless it is said otherwise. */
record Report(String date, String machine, Plan plan, List<SpaceReport> spaces) {

    /**
     * One space on one data set.
     *
     * @param family of each method, read out of its one run
     * @param trained chosen architectures, each alone by the recipe
     * @param random architectures under the same recipe, one seed each
     * @param published rows of the ancestor's tables on this data set and space, where there are any
     */
    record SpaceReport(
            String dataset,
            String space,
            int searchSteps,
            int recipeSteps,
            List<Method> family,
            List<Trained> trained,
            List<Trained> random,
            List<Published> published,
            Cost cost) {}

    /**
     * @param diagnostics what shows whether the method collapsed, and how well it ranks
     * @param withinBudgets what of the family serves a device and budget, for comparing methods at equal latency
     */
    record Method(
            String method,
            double searchCpuSeconds,
            double fitCpuSeconds,
            Diagnostics diagnostics,
            List<Row> rows,
            List<WithinBudget> withinBudgets) {}

    /**
     * The member with the highest validation accuracy among those whose predicted latency keeps a budget.
     *
     * @param tradeoff where the budget lies between the cheapest and the costliest architecture
     * @param testAccuracies by seed of the search; without the seeds in which no member keeps it
     */
    record WithinBudget(String device, double tradeoff, double budgetMicros, List<Double> testAccuracies) {}

    /** @param measuredMicros by device; empty when it was not measured */
    record Row(
            String setting,
            String device,
            Genotype genotype,
            Facts facts,
            Double predictedMicros,
            Map<String, Double> measuredMicros,
            double validationAccuracy,
            double testAccuracy) {}

    /** @param chosenBy method, setting and device that chose it; empty for random ones */
    record Trained(
            Genotype genotype, List<String> chosenBy, Facts facts, List<Double> testAccuracies, double cpuSeconds) {
        double mean() {
            return testAccuracies.stream().mapToDouble(a -> a).average().orElse(0);
        }

        double spread() {
            return testAccuracies.stream().mapToDouble(a -> a).max().orElse(0)
                    - testAccuracies.stream().mapToDouble(a -> a).min().orElse(0);
        }
    }

    /** @param operatorWeights as {@link Facts#operatorWeights} */
    record Published(String setting, double accuracy, long operatorWeights) {}

    /**
     * CPU time for N devices and M budgets each.
     *
     * @param oneRun of our search and its fit
     * @param single of training one architecture alone, mean
     * @param singleRuns {@code devices * budgets * single}, which gives each answer its own training and no search
     */
    record Cost(double oneRun, double single, int devices, int budgets, double singleRuns) {}
}
