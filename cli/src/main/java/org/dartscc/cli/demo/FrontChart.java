package org.dartscc.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import org.dartscc.cli.demo.DemoResult.Device;
import org.dartscc.cli.demo.DemoResult.FrontPoint;
import org.dartscc.cli.demo.DemoResult.Point;

/**
 * The fronts as SVG, one panel a device: latency (logarithmic) against accuracy. A line leads from what was predicted
 * of a model to what was measured.
 */
final class FrontChart {
    private static final int PANEL_WIDTH = 560;
    private static final int PANEL_HEIGHT = 430;
    private static final int TITLE_HEIGHT = 56;
    private static final int LEGEND_HEIGHT = 58;
    private static final int LEFT = 62;
    private static final int RIGHT = 24;
    private static final int TOP = 52;
    private static final int BOTTOM = 50;

    private static final String FRONT = "#2b6cb0";
    private static final String MEASURED = "#c05621";
    private static final String RANDOM = "#718096";
    private static final String BUDGET = "#a0aec0";

    private final DemoResult result;
    private final StringBuilder svg = new StringBuilder();

    private FrontChart(DemoResult result) {
        this.result = result;
    }

    static String svg(DemoResult result) {
        return new FrontChart(result).draw();
    }

    private String draw() {
        int width = PANEL_WIDTH * result.devices().size();
        int height = TITLE_HEIGHT + PANEL_HEIGHT + LEGEND_HEIGHT;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                        + "font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\" fill=\"#1a202c\">",
                width, height, width, height);
        add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", width, height);
        text(
                LEFT,
                24,
                "start",
                17,
                "Accuracy and latency: one search, " + result.devices().size() + " devices");
        text(
                LEFT,
                44,
                "start",
                12,
                "%s, space %s, %d training steps; latency of one image"
                        .formatted(
                                result.search().dataset(),
                                result.search().space(),
                                result.search().steps()));
        for (int d = 0; d < result.devices().size(); d++) {
            add("<g transform=\"translate(%d,%d)\">", d * PANEL_WIDTH, TITLE_HEIGHT);
            new Panel(result.devices().get(d)).draw();
            add("</g>");
        }
        legend(TITLE_HEIGHT + PANEL_HEIGHT + 14);
        add("</svg>");
        return svg.toString();
    }

    private void legend(int y) {
        int x = LEFT;
        add("<path d=\"M%d %dh26\" stroke=\"%s\" stroke-width=\"2\"/>", x, y, FRONT);
        dot(x + 13, y, FRONT, 3);
        text(x + 34, y + 4, "start", 12, "front: predicted latency, estimated accuracy");
        x += 340;
        dot(x + 8, y, MEASURED, 5);
        text(x + 20, y + 4, "start", 12, "shipped model: measured p50, test accuracy (line: from its prediction)");
        x = LEFT;
        cross(x + 13, y + 24, RANDOM);
        text(x + 34, y + 28, "start", 12, "random architecture of the same predicted cost");
        x += 340;
        add("<path d=\"M%d %dv16\" stroke=\"%s\" stroke-dasharray=\"4 3\"/>", x + 8, y + 16, BUDGET);
        text(x + 20, y + 28, "start", 12, "latency budget, in microseconds");
    }

    private void add(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    private void text(double x, double y, String anchor, int size, String text) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%d\">%s</text>",
                x, y, anchor, size, escaped(text));
    }

    private void dot(double x, double y, String colour, int radius) {
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%d\" fill=\"%s\"/>", x, y, radius, colour);
    }

    private void cross(double x, double y, String colour) {
        add(
                "<path d=\"M%.1f %.1fl8 8m0 -8l-8 8\" stroke=\"%s\" stroke-width=\"2\" fill=\"none\"/>",
                x - 4, y - 4, colour);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** One device's axes, front and models; coordinates are relative to the panel's corner. */
    private final class Panel {
        private final Device device;
        private final double minMicros;
        private final double maxMicros;
        private final double minPercent;
        private final double maxPercent;

        Panel(Device device) {
            this.device = device;
            var latencies = values(FrontPoint::latencyMicros, Point::measuredP50Micros, Point::predictedLatencyMicros)
                    .summaryStatistics();
            double largestBudget = device.points().stream()
                    .mapToDouble(Point::budgetMicros)
                    .max()
                    .orElse(0);
            this.minMicros = latencies.getMin() / 1.15;
            this.maxMicros = Math.max(latencies.getMax(), largestBudget) * 1.12;
            var accuracies = values(FrontPoint::estimatedAccuracy, Point::testAccuracy, Point::estimatedAccuracy)
                    .summaryStatistics();
            double space = Math.max(.005, .06 * (accuracies.getMax() - accuracies.getMin()));
            this.minPercent = 100 * (accuracies.getMin() - space);
            this.maxPercent = 100 * (accuracies.getMax() + space);
        }

        private DoubleStream values(
                ToDoubleFunction<FrontPoint> ofFront,
                ToDoubleFunction<Point> measured,
                ToDoubleFunction<Point> predicted) {
            return DoubleStream.concat(
                    device.front().stream().mapToDouble(ofFront),
                    device.points().stream()
                            .flatMap(point -> Stream.ofNullable(point.random())
                                    .map(r -> List.of(point, r))
                                    .findFirst()
                                    .orElse(List.of(point))
                                    .stream())
                            .flatMapToDouble(point ->
                                    DoubleStream.of(measured.applyAsDouble(point), predicted.applyAsDouble(point))));
        }

        void draw() {
            text(LEFT, TOP - 26, "start", 14, title());
            axes();
            budgets();
            front();
            device.points().stream()
                    .map(Point::random)
                    .filter(random -> random != null)
                    .forEach(random -> cross(x(random.measuredP50Micros()), y(random.testAccuracy()), RANDOM));
            device.points().forEach(this::model);
        }

        private String title() {
            return device.name().equals(device.profile())
                    ? device.name()
                    : device.name() + " (" + device.profile() + ")";
        }

        private void axes() {
            for (double micros : ticks125(minMicros, maxMicros)) {
                grid(x(micros), TOP, x(micros), PANEL_HEIGHT - BOTTOM);
                text(x(micros), PANEL_HEIGHT - BOTTOM + 16, "middle", 11, number(micros));
            }
            double step = percentStep();
            for (double p = Math.ceil(minPercent / step) * step; p <= maxPercent; p += step) {
                grid(LEFT, y(p / 100), PANEL_WIDTH - RIGHT, y(p / 100));
                text(LEFT - 7, y(p / 100) + 4, "end", 11, number(p));
            }
            add(
                    "<path d=\"M%d %dV%dH%d\" stroke=\"#4a5568\" fill=\"none\"/>",
                    LEFT, TOP, PANEL_HEIGHT - BOTTOM, PANEL_WIDTH - RIGHT);
            text((LEFT + PANEL_WIDTH - RIGHT) / 2.0, PANEL_HEIGHT - 14, "middle", 12, "latency, microseconds (log)");
            add(
                    "<text transform=\"translate(16,%d) rotate(-90)\" text-anchor=\"middle\">accuracy, %%</text>",
                    (TOP + PANEL_HEIGHT - BOTTOM) / 2);
        }

        private void grid(double x1, double y1, double x2, double y2) {
            add("<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"#edf2f7\"/>", x1, y1, x2, y2);
        }

        private void budgets() {
            for (var point : device.points()) {
                double x = x(point.budgetMicros());
                add(
                        "<path d=\"M%.1f %dV%d\" stroke=\"%s\" stroke-dasharray=\"4 3\"/>",
                        x, TOP - 4, PANEL_HEIGHT - BOTTOM, BUDGET);
                text(x, TOP - 8, "middle", 11, number(point.budgetMicros()));
            }
        }

        private void front() {
            var line = device.front().stream()
                    .map(p -> String.format(Locale.ROOT, "%.1f,%.1f", x(p.latencyMicros()), y(p.estimatedAccuracy())))
                    .collect(Collectors.joining(" "));
            add("<polyline points=\"%s\" stroke=\"%s\" stroke-width=\"2\" fill=\"none\"/>", line, FRONT);
            device.front().forEach(p -> dot(x(p.latencyMicros()), y(p.estimatedAccuracy()), FRONT, 3));
        }

        private void model(Point point) {
            double x = x(point.measuredP50Micros());
            double y = y(point.testAccuracy());
            add(
                    "<path d=\"M%.1f %.1fL%.1f %.1f\" stroke=\"%s\" stroke-width=\"1.5\"/>",
                    x(point.predictedLatencyMicros()), y(point.estimatedAccuracy()), x, y, MEASURED);
            dot(x, y, MEASURED, 5);
        }

        private double x(double micros) {
            double share = Math.log(micros / minMicros) / Math.log(maxMicros / minMicros);
            return LEFT + share * (PANEL_WIDTH - RIGHT - LEFT);
        }

        private double y(double accuracy) {
            double share = (100 * accuracy - minPercent) / (maxPercent - minPercent);
            return PANEL_HEIGHT - BOTTOM - share * (PANEL_HEIGHT - BOTTOM - TOP);
        }

        private double percentStep() {
            double range = maxPercent - minPercent;
            return DoubleStream.of(.5, 1, 2, 5, 10, 20)
                    .filter(step -> range / step <= 9)
                    .findFirst()
                    .orElse(25);
        }
    }

    /** 1, 2 and 5 times the powers of ten between two numbers. */
    private static List<Double> ticks125(double from, double to) {
        var ticks = new ArrayList<Double>();
        for (double power = Math.pow(10, Math.floor(Math.log10(from))); power <= to; power *= 10) {
            for (int factor : new int[] {1, 2, 5}) {
                if (power * factor >= from && power * factor <= to) {
                    ticks.add(power * factor);
                }
            }
        }
        return ticks;
    }

    private static String number(double value) {
        return Math.abs(value - Math.rint(value)) < 1e-9
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.1f", value);
    }
}
