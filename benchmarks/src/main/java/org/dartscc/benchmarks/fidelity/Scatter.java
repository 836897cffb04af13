package org.dartscc.benchmarks.fidelity;

import java.util.Locale;

/** Latency as users get it predicted over the measured one, as an SVG, both on one log scale, with the line of equality and 10 % around it. */
final class Scatter {
    private static final int SIDE = 460;
    private static final int MARGIN = 52;

    private final StringBuilder svg = new StringBuilder();
    private final double least;
    private final double most;

    private Scatter(Report report) {
        var all = report.points().stream()
                .flatMapToDouble(p -> java.util.stream.DoubleStream.of(p.productMicros(), truth(p)))
                .filter(v -> v > 0)
                .summaryStatistics();
        least = all.getMin() / 1.1;
        most = all.getMax() * 1.1;
    }

    static String of(Report report) {
        return new Scatter(report).draw(report);
    }

    private static double truth(Report.Point p) {
        return (p.firstMicros() + p.secondMicros()) / 2;
    }

    private String draw(Report report) {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                SIDE, SIDE);
        add("<text x=\"%d\" y=\"18\" font-weight=\"bold\">%s on %s</text>%n", MARGIN, report.space(), report.profile());
        add(
                "<text x=\"%d\" y=\"34\">within 10 %%: %.1f %%, mean error %.1f %%, Kendall %.3f</text>%n",
                MARGIN,
                100 * report.productCalibration().within10Percent(),
                100 * report.productCalibration().mape(),
                report.productCalibration().kendall());
        line(1, "black");
        line(1.1, "#bbbbbb");
        line(1 / 1.1, "#bbbbbb");
        for (var p : report.points()) {
            add(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"#1b9e77\" fill-opacity=\".7\"/>%n",
                    x(truth(p)), y(Math.max(least, p.productMicros())));
        }
        axes();
        add("</svg>%n");
        return svg.toString();
    }

    private void line(double factor, String colour) {
        double from = Math.max(least, least / factor);
        double to = Math.min(most, most / factor);
        add(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n",
                x(from), y(from * factor), x(to), y(to * factor), colour);
    }

    private void axes() {
        int low = SIDE - MARGIN;
        add("<path d=\"M%d %d V%d H%d\" fill=\"none\" stroke=\"black\"/>%n", MARGIN, MARGIN, low, low);
        for (double at : new double[] {least * 1.1, Math.sqrt(least * most), most / 1.1}) {
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>%n", x(at), low + 16, at);
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.0f</text>%n", MARGIN - 6, y(at) + 4, at);
        }
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">measured, us</text>%n", SIDE / 2, SIDE - 12);
        add(
                "<text x=\"14\" y=\"%d\" text-anchor=\"middle\" transform=\"rotate(-90 14 %d)\">predicted, us</text>%n",
                SIDE / 2, SIDE / 2);
    }

    private double x(double micros) {
        return MARGIN + place(micros) * (SIDE - 2 * MARGIN);
    }

    private double y(double micros) {
        return SIDE - MARGIN - place(micros) * (SIDE - 2 * MARGIN);
    }

    private double place(double micros) {
        return Math.log(micros / least) / Math.log(most / least);
    }

    private void add(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments));
    }
}
