package org.dartscc.benchmarks.tabular;

import java.util.List;
import java.util.Map;

/** What is written as JSON. */
record Report(
        List<MethodReport> methods, int seeds, List<String> trainDevices, List<String> testDevices, Protocol protocol) {

    /**
     * One method over all seeds and test devices.
     *
     * @param evaluationsPerDevice true evaluations (accuracy and latency) of one device beyond its reference cells, at
     *     most; {@code ours-request-N} spends N for each of ten budgets, many on the same cells
     * @param distinctArchitectures mean size of the answer per device
     * @param budgetViolations answers to budgets whose true latency is above the budget, over all seeds and devices
     * @param unansweredBudgets budgets for which the method had nothing to answer
     * @param cpuSeconds mean over the seeds, all test devices together, without the search they share; a
     *     hypernetwork's training is counted in its argmax row
     * @param cpuSecondsPerDevice mean for one more device
     * @param selected of the first seed: the cells behind its hypervolume, by device
     * @param answers of the first seed: a cell, or null, for each budget of {@link Protocol#budgetsMillis}
     */
    record MethodReport(
            String name,
            int evaluationsPerDevice,
            Spread relativeHypervolume,
            double distinctArchitectures,
            int budgetViolations,
            int unansweredBudgets,
            Gap gapToBestFeasible,
            double cpuSeconds,
            double cpuSecondsPerDevice,
            Map<String, List<String>> selected,
            Map<String, List<String>> answers) {}

    /** Mean, least and most over seeds of the mean over devices; and the mean over seeds of each device. */
    record Spread(double mean, double min, double max, Map<String, Double> perDevice) {}

    /** Points of accuracy, over the answered budgets that were kept; null when there is none. */
    record Gap(Double mean, Double max) {}

    /**
     * How it was run.
     *
     * @param chooseColumn values that methods see
     * @param reportColumn values that they are judged by
     * @param cells that take part
     * @param sharedAccuracyEvaluations cells whose accuracy one search looks up, for all devices together
     * @param sharedCpuSeconds of that search, mean over the seeds
     * @param deviceInput what is known of a test device before it is met
     * @param referenceCells of the first seed
     * @param latenciesPerTrainDevice cells whose latency is known on each train device
     * @param budgetsMillis asked for, by test device
     */
    record Protocol(
            String chooseColumn,
            String reportColumn,
            int cells,
            int sharedAccuracyEvaluations,
            double sharedCpuSeconds,
            String deviceInput,
            List<String> referenceCells,
            int latenciesPerTrainDevice,
            Map<String, List<Double>> budgetsMillis) {}
}
