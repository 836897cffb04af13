package org.dartscc.benchmarks.paper;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Test error over multiply-accumulates as an SVG, one panel per space, both on log scales. */
final class FamilyPicture {
    private static final int PANEL_WIDTH = 420;
    private static final int PANEL_HEIGHT = 320;
    private static final int MARGIN = 50;
    private static final int COLUMNS = 2;

    private final StringBuilder svg = new StringBuilder();

    private record Point(double macs, double error, String colour, boolean filled) {}

    static String of(Report report) {
        return new FamilyPicture().draw(report.spaces());
    }

    private String draw(List<Report.SpaceReport> spaces) {
        int rows = (spaces.size() + COLUMNS - 1) / COLUMNS;
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"11\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                COLUMNS * PANEL_WIDTH, rows * PANEL_HEIGHT + MARGIN);
        legend();
        for (int i = 0; i < spaces.size(); i++) {
            add("<g transform=\"translate(%d,%d)\">%n", i % COLUMNS * PANEL_WIDTH, MARGIN + i / COLUMNS * PANEL_HEIGHT);
            panel(spaces.get(i));
            add("</g>%n");
        }
        add("</svg>%n");
        return svg.toString();
    }

    private void legend() {
        var texts = List.of("out of one run, not fitted", "chosen, trained alone", "random, trained alone");
        var marks = List.of(
                new Point(20, 20, "#1b9e77", true),
                new Point(220, 20, "#1b9e77", false),
                new Point(400, 20, "#999999", false));
        for (int i = 0; i < texts.size(); i++) {
            circle(marks.get(i).macs(), marks.get(i).error(), marks.get(i));
            add("<text x=\"%.0f\" y=\"24\">%s</text>%n", marks.get(i).macs() + 10, texts.get(i));
        }
    }

    private void panel(Report.SpaceReport space) {
        var points = new ArrayList<Point>();
        space.random().forEach(t -> points.add(new Point(t.facts().macs(), 1 - t.mean(), "#999999", false)));
        space.trained().forEach(t -> points.add(new Point(t.facts().macs(), 1 - t.mean(), "#1b9e77", false)));
        space.family().forEach(f -> f.rows()
                .forEach(r -> points.add(new Point(
                        r.facts().macs(),
                        1 - r.testAccuracy(),
                        f.method().equals("fleet") ? "#1b9e77" : "#d95f02",
                        true))));
        add("<text x=\"%d\" y=\"12\" font-weight=\"bold\">%s on %s</text>%n", MARGIN, space.space(), space.dataset());
        if (points.isEmpty()) {
            return;
        }
        var macs = points.stream().mapToDouble(Point::macs).summaryStatistics();
        var errors = points.stream().mapToDouble(Point::error).summaryStatistics();
        add(
                "<text x=\"%d\" y=\"%d\">%.2g to %.2g million multiply-accumulates (log)</text>%n",
                MARGIN, PANEL_HEIGHT - 14, macs.getMin() / 1e6, macs.getMax() / 1e6);
        add(
                "<text x=\"14\" y=\"%d\" transform=\"rotate(-90 14 %d)\">test error %.1f to %.1f %% (log)</text>%n",
                PANEL_HEIGHT - MARGIN, PANEL_HEIGHT - MARGIN, 100 * errors.getMin(), 100 * errors.getMax());
        add(
                "<path d=\"M%d 20V%dH%d\" fill=\"none\" stroke=\"black\"/>%n",
                MARGIN - 8, PANEL_HEIGHT - MARGIN + 8, PANEL_WIDTH - 10);
        for (var point : points) {
            circle(
                    MARGIN + place(point.macs(), macs.getMin(), macs.getMax()) * (PANEL_WIDTH - MARGIN - 24),
                    PANEL_HEIGHT
                            - MARGIN
                            - place(point.error(), errors.getMin(), errors.getMax()) * (PANEL_HEIGHT - 2 * MARGIN + 16),
                    point);
        }
    }

    private static double place(double value, double least, double most) {
        return most > least ? Math.log(value / least) / Math.log(most / least) : .5;
    }

    private void circle(double x, double y, Point point) {
        add(
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\" stroke=\"%s\"/>%n",
                x, y, point.filled() ? point.colour() : "none", point.colour());
    }

    private void add(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments));
    }
}
