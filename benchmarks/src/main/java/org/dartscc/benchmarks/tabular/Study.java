package org.dartscc.benchmarks.tabular;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** All methods on all test devices, for several seeds. */
final class Study {
    static final int SHARED_EVALUATIONS = 500;
    private static final int FEW_VERIFIED = 12;
    private static final int VERIFIED_PER_BUDGET = 10;

    private final TabularData data;
    private final List<String> trainDevices;
    private final Map<String, Device> testDevices = new LinkedHashMap<>();
    private final int budget;
    private final int seeds;
    private final Consumer<String> progress;
    private final CpuClock shared = new CpuClock();
    private final List<Tally> tallies = new ArrayList<>();
    private List<String> referenceCells = List.of();

    /** @param budget true evaluations per device */
    Study(
            TabularData data,
            List<String> trainDevices,
            List<String> testDevices,
            int budget,
            int seeds,
            Consumer<String> progress) {
        this.data = data;
        // Draws go through the devices in turn: the order in which somebody lists them must not change a result.
        this.trainDevices = trainDevices.stream().sorted().toList();
        this.budget = budget;
        this.seeds = seeds;
        this.progress = progress;
        testDevices.stream().sorted().forEach(d -> this.testDevices.put(d, data.device(d)));
    }

    static List<Method> methods(int budget) {
        var methods = new ArrayList<Method>();
        for (int evaluations : new int[] {budget, 100, 500}) {
            methods.add(new RandomSearch(evaluations));
            methods.add(new Nsga2(evaluations));
        }
        methods.add(PerDevicePolicy.radialBasis());
        methods.add(PerDevicePolicy.piecewiseLinear());
        methods.add(PerDevicePolicy.singleRuns());
        methods.add(Hypernetworks.of("modnas-like", ConditionedPolicy::banks).argmax());
        var lambda = Hypernetworks.of("ours-lambda", ConditionedPolicy::lambda);
        var budgeted = Hypernetworks.of("ours-budget", ConditionedPolicy::budget);
        methods.add(lambda.argmax());
        methods.add(budgeted.argmax());
        for (int verified : verified(budget)) {
            methods.add(lambda.choosing(verified));
            methods.add(budgeted.choosing(verified));
            methods.add(new ExactSelection(verified));
        }
        methods.add(ExactSelection.perBudget(VERIFIED_PER_BUDGET));
        return methods;
    }

    private static int[] verified(int budget) {
        return Arrays.stream(new int[] {0, FEW_VERIFIED, budget}).distinct().toArray();
    }

    List<Tally> run() {
        for (int seed = 0; seed < seeds; seed++) {
            run(seed);
        }
        return tallies;
    }

    private void run(int seed) {
        progress.accept(
                "seed %d of %d: evaluating %d cells for all devices".formatted(seed + 1, seeds, SHARED_EVALUATIONS));
        var search = shared.time(() -> Search.run(data, trainDevices, SHARED_EVALUATIONS, new Random(seed)));
        if (seed == 0) {
            referenceCells =
                    Arrays.stream(search.reference()).mapToObj(Cells::text).toList();
        }
        var methods = methods(budget);
        for (int m = 0; m < methods.size(); m++) {
            var method = methods.get(m);
            if (seed == 0) {
                tallies.add(new Tally(method.name(), testDevices));
            }
            var tally = tallies.get(m);
            var outcomes = run(method, search, tally, seed);
            tally.add(outcomes);
            progress.accept("seed %d of %d: %-20s relative hypervolume %.4f"
                    .formatted(seed + 1, seeds, method.name(), tally.meanHypervolume(outcomes)));
        }
    }

    private Map<String, Outcome> run(Method method, Search search, Tally tally, int seed) {
        // Methods of one name but their evaluations start from one state, so that a row differs from the next by those.
        long methodSeed = 31L * seed + method.name().replaceAll("-\\d+$", "").hashCode();
        var prepared = tally.clock().time(() -> method.prepare(search, new Random(methodSeed)));
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        for (var device : testDevices.values()) {
            var random = new Random(methodSeed ^ device.name().hashCode());
            outcomes.put(device.name(), tally.deviceClock().time(() -> prepared.run(search.meet(device), random)));
        }
        return outcomes;
    }

    Report report(String chooseColumn, String reportColumn) {
        Map<String, List<Double>> budgets = new LinkedHashMap<>();
        testDevices.forEach((name, device) ->
                budgets.put(name, Arrays.stream(device.budgets()).boxed().toList()));
        return new Report(
                tallies.stream().map(Tally::report).toList(),
                seeds,
                trainDevices,
                List.copyOf(testDevices.keySet()),
                new Report.Protocol(
                        chooseColumn,
                        reportColumn,
                        data.cells().length,
                        SHARED_EVALUATIONS,
                        Tally.rounded(shared.seconds() / seeds),
                        "latencies of %d sampled whole architectures, the same on every device"
                                .formatted(Search.REFERENCE_CELLS),
                        referenceCells,
                        LatencyPrior.MEASURED_PER_TRAIN_DEVICE,
                        budgets));
    }

    Map<String, Device> testDevices() {
        return testDevices;
    }
}
