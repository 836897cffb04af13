package org.dartscc.benchmarks.paper;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The report as Markdown, ready for docs/results.md. */
final class ReportTables {
    private final StringBuilder text = new StringBuilder();

    private ReportTables() {}

    static String of(Report report) {
        var tables = new ReportTables();
        tables.line(
                "%s, %s; seeds of a search: %d.",
                report.date(), report.machine(), report.plan().searchSeeds());
        report.spaces().forEach(space -> tables.space(space, report.plan().searchSeeds()));
        return tables.text.toString();
    }

    private void space(Report.SpaceReport space, int seeds) {
        line("");
        line("### %s on %s", space.space(), space.dataset());
        line("");
        line(
                "Each search took %,d steps, alone an architecture was trained for %,d.",
                space.searchSteps(), space.recipeSteps());
        withinBudgets(space, seeds);
        space.family().forEach(this::family);
        if (!space.published().isEmpty()) {
            line("");
            line(
                    "The ancestor's published rows: %s.",
                    space.published().stream()
                            .map(p -> format(
                                    "%s %.1f %% with %,d weights",
                                    p.setting(), 100 * p.accuracy(), p.operatorWeights()))
                            .collect(Collectors.joining("; ")));
        }
        trained(space);
        cost(space);
    }

    private void withinBudgets(Report.SpaceReport space, int seeds) {
        if (space.family().isEmpty()) {
            return;
        }
        var budgets = space.family().get(0).withinBudgets();
        line("");
        line("What each family has for a budget, with no fitting: test accuracy of the member that validation prefers"
                + " among those whose predicted latency keeps it; over several seeds of the search the mean and, in"
                + " brackets, the least and the largest.");
        line("");
        line(
                "| method | %s |",
                budgets.stream()
                        .map(b -> format("%s, %.0f µs", b.device(), b.budgetMicros()))
                        .collect(Collectors.joining(" | ")));
        line("|---%s|", "|---".repeat(budgets.size()));
        for (var method : space.family()) {
            line(
                    "| `%s` | %s |",
                    method.method(),
                    method.withinBudgets().stream()
                            .map(served -> accuracies(served, seeds))
                            .collect(Collectors.joining(" | ")));
        }
    }

    private static String accuracies(Report.WithinBudget served, int seeds) {
        var all = served.testAccuracies().stream().mapToDouble(a -> 100 * a).summaryStatistics();
        int answered = served.testAccuracies().size();
        String some = answered < seeds ? format(", %d of %d seeds", answered, seeds) : "";
        return switch (answered) {
            case 0 -> "none";
            case 1 -> format("%.1f%s", all.getMax(), some);
            default -> format("%.1f (%.1f to %.1f%s)", all.getAverage(), all.getMin(), all.getMax(), some);
        };
    }

    private static String orDash(Double value) {
        return value == null ? "-" : format("%.2f", value);
    }

    private void family(Report.Method method) {
        line("");
        line(
                "Read out of one run of `%s` with no fitting (search %.0f CPU-s, trade-off %.0f CPU-s; Kendall's tau of its"
                        + " ranking %s, share of skip and none %.2f, entropy of its choice %s, %d architectures):",
                method.method(),
                method.searchCpuSeconds(),
                method.fitCpuSeconds(),
                orDash(method.diagnostics().rankCorrelation()),
                method.diagnostics().skipShare(),
                orDash(method.diagnostics().entropy()),
                method.diagnostics().architectures());
        method.diagnostics().warnings().forEach(w -> {
            line("");
            line("Warning: %s", w);
        });
        line("");
        line(
                "| setting | device | test accuracy | parameters | of operators | MACs | predicted µs | measured µs | operations |");
        line("|---|---|---|---|---|---|---|---|---|");
        for (var row : method.rows()) {
            line(
                    "| %s | %s | %.2f %% | %,d | %,d | %,d | %s | %s | %s |",
                    row.setting(),
                    row.device() == null ? "-" : row.device(),
                    100 * row.testAccuracy(),
                    row.facts().parameters(),
                    row.facts().operatorWeights(),
                    row.facts().macs(),
                    row.predictedMicros() == null ? "-" : format("%.0f", row.predictedMicros()),
                    measured(row),
                    operations(row.facts().operations()));
        }
    }

    private static String measured(Report.Row row) {
        if (row.device() != null) {
            var micros = row.measuredMicros().get(row.device());
            return micros == null ? "-" : format("%.0f", micros);
        }
        return row.measuredMicros().entrySet().stream()
                .map(e -> format("%.0f (%s)", e.getValue(), e.getKey()))
                .collect(Collectors.joining(", "));
    }

    private static String operations(Map<String, Integer> operations) {
        return operations.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
    }

    private void trained(Report.SpaceReport space) {
        if (space.trained().isEmpty() && space.random().isEmpty()) {
            return;
        }
        line("");
        line("Each trained alone by the recipe, %d steps of %d images:", space.recipeSteps(), Recipe.BATCH);
        line("");
        line("| chosen by | test accuracy, mean | spread over seeds | seeds | parameters | MACs | CPU-s each |");
        line("|---|---|---|---|---|---|---|");
        space.trained().stream()
                .sorted(Comparator.comparingLong(t -> t.facts().parameters()))
                .forEach(t -> line(
                        "| %s | %.2f %% | %.2f | %d | %,d | %,d | %.0f |",
                        String.join("; ", t.chosenBy()),
                        100 * t.mean(),
                        100 * t.spread(),
                        t.testAccuracies().size(),
                        t.facts().parameters(),
                        t.facts().macs(),
                        t.cpuSeconds()));
        random(space);
    }

    private void random(Report.SpaceReport space) {
        if (space.random().isEmpty()) {
            return;
        }
        var accuracies =
                space.random().stream().mapToDouble(t -> 100 * t.mean()).summaryStatistics();
        var parameters =
                space.random().stream().mapToLong(t -> t.facts().parameters()).summaryStatistics();
        line(
                "| %d random, one seed each | %.2f %% (%.2f to %.2f) | | 1 | %,d to %,d | | %.0f |",
                space.random().size(),
                accuracies.getAverage(),
                accuracies.getMin(),
                accuracies.getMax(),
                parameters.getMin(),
                parameters.getMax(),
                space.random().stream()
                        .mapToDouble(Report.Trained::cpuSeconds)
                        .average()
                        .orElse(0));
        line("");
        for (var t : space.trained()) {
            long beaten =
                    space.random().stream().filter(r -> r.mean() < t.mean()).count();
            var smaller = space.random().stream()
                    .filter(r -> r.facts().macs() <= t.facts().macs())
                    .mapToDouble(Report.Trained::mean)
                    .max();
            line(
                    "- %s: above %d of %d random ones; the best random one of no more MACs has %s",
                    String.join("; ", t.chosenBy()),
                    beaten,
                    space.random().size(),
                    smaller.isPresent() ? format("%.2f %%", 100 * smaller.getAsDouble()) : "no such architecture");
        }
    }

    private void cost(Report.SpaceReport space) {
        var cost = space.cost();
        if (cost.oneRun() == 0 || cost.single() == 0) {
            return;
        }
        line("");
        line(
                "CPU time: one run for all devices and budgets %.0f s; training one architecture alone %.0f s, so %d"
                        + " devices x %d budgets %.0f s, without any search for them (%.1f times).",
                cost.oneRun(),
                cost.single(),
                cost.devices(),
                cost.budgets(),
                cost.singleRuns(),
                cost.singleRuns() / cost.oneRun());
    }

    private void line(String format, Object... arguments) {
        text.append(arguments.length == 0 ? format : format(format, arguments)).append('\n');
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
