package org.dartscc.benchmarks.paper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.selection.BudgetScale;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;

/** Puts the finished pieces together; what is not finished is left out. */
final class ReportMaker {
    private static final String OURS = "fleet";

    /** Tables of the ancestor (Firsov and Bakhteev, 2025) by data set and space. */
    private static final Map<String, List<Report.Published>> PUBLISHED = Map.of(
            "fashion-mnist/dartscc-toy-3",
            List.of(
                    new Report.Published("uniform", .825, 38_304),
                    new Report.Published("convolutions penalised", .792, 5_120),
                    new Report.Published("pools penalised", .850, 143_488),
                    new Report.Published("skips penalised", .814, 12_320)),
            "fashion-mnist/dartscc-toy-5",
            List.of(
                    new Report.Published("uniform", .8562, 93_888),
                    new Report.Published("convolutions penalised", .8237, 25_280),
                    new Report.Published("pools penalised", .8563, 137_632),
                    new Report.Published("skips penalised", .8560, 72_928)),
            "cifar-10/dartscc-toy-3",
            List.of(
                    new Report.Published("uniform", .7102, 113_984),
                    new Report.Published("convolutions penalised", .5237, 10_240),
                    new Report.Published("pools penalised", .7377, 159_456),
                    new Report.Published("skips penalised", .6843, 8_800)));

    private final Plan plan;
    private final Workbench workbench;
    private final Pieces pieces;

    ReportMaker(Plan plan, Workbench workbench, Pieces pieces) {
        this.plan = plan;
        this.workbench = workbench;
        this.pieces = pieces;
    }

    Report make() {
        var spaces = new ArrayList<Report.SpaceReport>();
        for (var dataset : plan.datasets()) {
            for (var space : plan.spaces()) {
                spaces.add(space(dataset, space));
            }
        }
        return new Report(LocalDate.now().toString(), machine(), plan, spaces);
    }

    private static String machine() {
        String model = System.getProperty("os.arch");
        try {
            model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(l -> l.startsWith("model name"))
                    .map(l -> l.substring(l.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(model);
        } catch (IOException e) {
            // Not Linux: the architecture alone.
        }
        return "%s, %d cores".formatted(model, Runtime.getRuntime().availableProcessors());
    }

    private Report.SpaceReport space(String dataset, Plan.SpacePlan plan) {
        var space = workbench.space(dataset, plan.space());
        var families = new ArrayList<Report.Method>();
        var chosenBy = new LinkedHashMap<Genotype, List<String>>();
        for (var method : this.plan.methods()) {
            pieces.find(Agenda.family(dataset, plan.space(), method, 1), Family.class)
                    .ifPresent(family -> {
                        families.add(method(dataset, space, method, family));
                        family.members().forEach(m -> chosenBy.computeIfAbsent(m.genotype(), g -> new ArrayList<>())
                                .add(method + ", " + m.setting() + (m.device() == null ? "" : " on " + m.device())));
                    });
        }
        var agenda = new Agenda(this.plan, workbench, pieces, null);
        var trained = chosenBy.entrySet().stream()
                .flatMap(e -> trained(dataset, space, e.getKey(), e.getValue()).stream())
                .toList();
        var random = agenda.random(space).stream()
                .flatMap(g -> trained(dataset, space, g, List.of()).stream())
                .toList();
        return new Report.SpaceReport(
                dataset,
                plan.space(),
                workbench.steps(dataset, plan.searchPasses(), plan.searchBatch()),
                workbench.steps(dataset, plan.recipePasses(), Recipe.BATCH),
                families,
                trained,
                random,
                PUBLISHED.getOrDefault(dataset + "/" + plan.space(), List.of()),
                cost(families, trained, random));
    }

    private Report.Method method(String dataset, SearchSpace space, String method, Family family) {
        var searched = pieces.get(Agenda.search(dataset, space.name(), method, 1), SearchRun.Searched.class);
        var rows = family.members().stream()
                .map(m -> new Report.Row(
                        m.setting(),
                        m.device(),
                        m.genotype(),
                        Facts.of(space, m.genotype()),
                        m.predictedMicros(),
                        measured(dataset, space.name(), m.genotype()),
                        m.validationAccuracy(),
                        m.testAccuracy()))
                .toList();
        return new Report.Method(
                method,
                searched.cpuSeconds(),
                family.cpuSeconds(),
                family.diagnostics(),
                rows,
                withinBudgets(dataset, space, method));
    }

    private List<Report.WithinBudget> withinBudgets(String dataset, SearchSpace space, String method) {
        var families = IntStream.rangeClosed(1, plan.searchSeeds())
                .mapToObj(seed -> Agenda.family(dataset, space.name(), method, seed))
                .flatMap(name -> pieces.find(name, Family.class).stream())
                .toList();
        var served = new ArrayList<Report.WithinBudget>();
        for (var device : Latencies.devices()) {
            var costs = pieces.get(Agenda.latency(dataset, space.name(), device), CostTable.class);
            var scale = BudgetScale.of(space, costs);
            for (double tradeoff : SearchRun.TRADEOFFS) {
                double budget = scale.micros(tradeoff) * SearchRun.ROUNDING;
                var accuracies = families.stream()
                        .flatMap(f -> f.members().stream()
                                .filter(m -> costs.latencyMicros(space, m.genotype()) <= budget)
                                .max(Comparator.comparingDouble(Family.Member::validationAccuracy))
                                .stream())
                        .map(Family.Member::testAccuracy)
                        .toList();
                served.add(new Report.WithinBudget(device, tradeoff, budget, accuracies));
            }
        }
        return served;
    }

    private Map<String, Double> measured(String dataset, String space, Genotype genotype) {
        var micros = new LinkedHashMap<String, Double>();
        for (var device : Latencies.devices()) {
            pieces.find(PaperCommand.measured(dataset, space, device), PaperCommand.Measured.class)
                    .map(m -> m.micros().get(genotype))
                    .ifPresent(m -> micros.put(device, m));
        }
        return micros;
    }

    private Optional<Report.Trained> trained(
            String dataset, SearchSpace space, Genotype genotype, List<String> chosenBy) {
        var runs = new ArrayList<Recipe.Trained>();
        for (int seed = 1; seed <= plan.seeds(); seed++) {
            pieces.find(Agenda.trained(dataset, genotype, seed), Recipe.Trained.class)
                    .ifPresent(runs::add);
        }
        return runs.isEmpty()
                ? Optional.empty()
                : Optional.of(new Report.Trained(
                        genotype,
                        chosenBy,
                        Facts.of(space, genotype),
                        runs.stream().map(Recipe.Trained::testAccuracy).toList(),
                        runs.stream()
                                .mapToDouble(Recipe.Trained::cpuSeconds)
                                .average()
                                .orElse(0)));
    }

    private static Report.Cost cost(
            List<Report.Method> families, List<Report.Trained> trained, List<Report.Trained> random) {
        var ours = families.stream().filter(f -> f.method().equals(OURS)).findFirst();
        double single = java.util.stream.Stream.concat(trained.stream(), random.stream())
                .mapToDouble(Report.Trained::cpuSeconds)
                .average()
                .orElse(0);
        int devices = Latencies.devices().size();
        int budgets = SearchRun.TRADEOFFS.length;
        return new Report.Cost(
                ours.map(f -> f.searchCpuSeconds() + f.fitCpuSeconds()).orElse(0.0),
                single,
                devices,
                budgets,
                devices * budgets * single);
    }
}
