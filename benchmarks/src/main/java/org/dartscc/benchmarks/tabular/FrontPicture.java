package org.dartscc.benchmarks.tabular;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The fronts of the first seed as an SVG: one panel per test device, error over latency, both on log scales. */
final class FrontPicture {
    private static final int PANEL_WIDTH = 380;
    private static final int PANEL_HEIGHT = 280;
    private static final int MARGIN = 46;
    private static final int COLUMNS = 3;
    private static final Map<String, String> COLOURS = Map.of(
            "random", "#999999", "nsga2", "#d95f02", "ours-budget-argmax", "#7570b3", "ours-exact-12", "#1b9e77");

    private final StringBuilder svg = new StringBuilder();
    private final List<Tally> shown;

    private FrontPicture(List<Tally> shown) {
        this.shown = shown;
    }

    /** @param budget true evaluations of the rows that are shown of random and NSGA-II */
    static String of(Map<String, Device> devices, List<Tally> tallies, int budget) {
        var names = List.of("random-" + budget, "nsga2-" + budget, "ours-budget-argmax", "ours-exact-12");
        var picture = new FrontPicture(
                tallies.stream().filter(t -> names.contains(t.name())).toList());
        return picture.draw(List.copyOf(devices.values()));
    }

    private String draw(List<Device> devices) {
        int rows = (devices.size() + COLUMNS - 1) / COLUMNS;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"11\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                COLUMNS * PANEL_WIDTH, rows * PANEL_HEIGHT + MARGIN);
        legend();
        for (int d = 0; d < devices.size(); d++) {
            add("<g transform=\"translate(%d,%d)\">%n", d % COLUMNS * PANEL_WIDTH, MARGIN + d / COLUMNS * PANEL_HEIGHT);
            panel(devices.get(d));
            add("</g>%n");
        }
        add("</svg>%n");
        return svg.toString();
    }

    private void legend() {
        int x = 20;
        add("<line x1=\"%d\" y1=\"16\" x2=\"%d\" y2=\"16\" stroke=\"black\"/>", x, x + 20);
        add("<text x=\"%d\" y=\"20\">true front</text>%n", x + 26);
        for (var tally : shown) {
            x += 150;
            add("<circle cx=\"%d\" cy=\"16\" r=\"4\" fill=\"%s\"/>", x, colour(tally));
            add("<text x=\"%d\" y=\"20\">%s</text>%n", x + 10, tally.name());
        }
    }

    private static String colour(Tally tally) {
        return COLOURS.getOrDefault(
                tally.name(), COLOURS.getOrDefault(tally.name().replaceAll("-\\d+$", ""), "#000000"));
    }

    private void panel(Device device) {
        var front = device.front();
        var axes = new Axes(
                device.latency(front.get(0)),
                device.latency(front.get(front.size() - 1)),
                100 - device.accuracy(front.get(front.size() - 1)),
                100 - device.accuracy(front.get(0)));
        add("<text x=\"%d\" y=\"12\" font-weight=\"bold\">%s</text>%n", MARGIN, escaped(device.name()));
        add(
                "<text x=\"%d\" y=\"%d\">%.3g … %.3g ms (log)</text>%n",
                MARGIN, PANEL_HEIGHT - 12, axes.leastX, axes.mostX);
        add(
                "<text x=\"12\" y=\"%d\" transform=\"rotate(-90 12 %d)\">error %.1f … %.1f %% (log)</text>%n",
                PANEL_HEIGHT - MARGIN, PANEL_HEIGHT - MARGIN, axes.leastY, axes.mostY);
        stairs(device, front, axes);
        for (var tally : shown) {
            tally.first(device.name()).ifPresent(o -> o.selected()
                    .forEach(c -> add(
                            "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.6\" fill=\"%s\" fill-opacity=\".8\"/>%n",
                            axes.x(device.latency(c)), axes.y(100 - device.accuracy(c)), colour(tally))));
        }
    }

    private void stairs(Device device, List<Integer> front, Axes axes) {
        var points = new StringBuilder();
        double y = axes.y(axes.mostY);
        for (int cell : front) {
            double x = axes.x(device.latency(cell));
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
            y = axes.y(100 - device.accuracy(cell));
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, y));
        }
        add("<polyline points=\"%s\" fill=\"none\" stroke=\"black\"/>%n", points);
    }

    private record Axes(double leastX, double mostX, double leastY, double mostY) {
        double x(double latency) {
            return MARGIN + place(latency, leastX, mostX) * (PANEL_WIDTH - MARGIN - 20);
        }

        double y(double error) {
            return PANEL_HEIGHT - MARGIN - place(error, leastY, mostY) * (PANEL_HEIGHT - 2 * MARGIN + 20);
        }

        /** Limited to the panel: what lies beyond is drawn at its edge. */
        private static double place(double value, double least, double most) {
            double place = Math.log(value / least) / Math.log(most / least);
            return Math.max(-.03, Math.min(1.03, place));
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private void add(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments));
    }
}
