package org.dartscc.cli.demo;

import java.util.Locale;

import org.dartscc.cli.demo.DemoResult.Device;
import org.dartscc.cli.demo.DemoResult.Point;

/** The demo's report in Markdown: a table per device, the random baselines, the time it took, what to do next. */
final class Report {
    private final StringBuilder text = new StringBuilder();

    private Report() {}

    static String markdown(DemoResult result) {
        var report = new Report();
        report.summary(result);
        result.devices().forEach(report::device);
        report.seconds(result.seconds());
        report.next(result);
        return report.text.toString();
    }

    private void summary(DemoResult result) {
        var search = result.search();
        line(
                "# One search, %d verified models",
                result.devices().stream()
                        .mapToInt(device -> device.points().size())
                        .sum());
        line("");
        line(
                "Search `%s` on `%s`: space `%s`, method `%s`, seed %d, %d training steps. Every model below was exported"
                        + " to ONNX, checked against the supernet's own output and timed by the agent of its device."
                        + " Accuracies are of the network as the search trained it, without fine-tuning.",
                search.id(), search.dataset(), search.space(), search.method(), search.seed(), search.steps());
        line("");
        line("![Fronts](front.svg)");
    }

    private void device(Device device) {
        line("");
        line("## %s (profile %s)", device.name(), device.profile());
        line("");
        line(
                "| budget us | predicted us | measured p50 us | p90 us | test accuracy | parameters | MACs | parity | genotype |");
        line("|---:|---:|---:|---:|---:|---:|---:|---:|---|");
        device.points().forEach(this::row);
        line("");
        line(
                "A random architecture of about the same predicted latency each, finalised the same way; it is shown as it is, also where it breaks the budget:");
        line("");
        line(
                "| budget us | predicted us | measured p50 us | p90 us | test accuracy | parameters | MACs | parity | genotype |");
        line("|---:|---:|---:|---:|---:|---:|---:|---:|---|");
        for (var point : device.points()) {
            if (point.random() == null) {
                line("| %.0f | none could be made | | | | | | | |", point.budgetMicros());
            } else {
                row(point.random());
            }
        }
        line("");
        line(
                "Searched minus random, test accuracy: %s.",
                String.join(
                        ", ",
                        device.points().stream()
                                .filter(point -> point.random() != null)
                                .map(point -> String.format(
                                        Locale.ROOT,
                                        "%+.1f points at %.0f us",
                                        100
                                                * (point.testAccuracy()
                                                        - point.random().testAccuracy()),
                                        point.budgetMicros()))
                                .toList()));
    }

    private void row(Point point) {
        line(
                "| %.0f | %.1f | %.1f | %.1f | %.2f %% | %d | %d | %.1e | `%s` |",
                point.budgetMicros(),
                point.predictedLatencyMicros(),
                point.measuredP50Micros(),
                point.measuredP90Micros(),
                100 * point.testAccuracy(),
                point.parameters(),
                point.macs(),
                point.parityMaxAbsDiff(),
                point.genotype());
    }

    private void seconds(DemoResult.Seconds seconds) {
        line("");
        line("## Time");
        line("");
        line("| startup | search | models | total | last build (not in the total) |");
        line("|---:|---:|---:|---:|---:|");
        line(
                "| %.0f s | %.0f s | %.0f s | %.0f s | %.0f s |",
                seconds.startup(), seconds.search(), seconds.models(), seconds.total(), seconds.build());
    }

    private void next(DemoResult result) {
        line("");
        line("## Next");
        line("");
        line(
                "- The models are ready to use: `%s` takes `image`, float32 [N, C, H, W] with pixels in [0, 1], and gives"
                        + " `logits`.",
                result.best().model());
        line("- Ask for other budgets or add a device of your own: `dartscc up`, then `dartscc --help`.");
        line(
                "- Search on your own images: `dartscc search start --dataset image-folder:PATH --device ort-cpu --watch`.");
    }

    private void line(String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
