package org.dartscc.benchmarks.paper;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/** Says what was done, how much is left, and when it will be. */
final class Progress {
    private static final long SILENCE_NANOS = Duration.ofSeconds(20).toNanos();

    private final PrintWriter out;
    private final int workers;
    private double weight;
    private double seconds;
    private long lastLine = System.nanoTime();

    Progress(PrintWriter out, int workers) {
        this.out = out;
        this.workers = workers;
    }

    void say(String line) {
        out.println(line);
        out.flush();
        lastLine = System.nanoTime();
    }

    /** A sign of life of a long piece, now and then. */
    void within(String piece, int step, int total, String what) {
        if (System.nanoTime() - lastLine > SILENCE_NANOS) {
            say("        %s: step %d of %d, %s".formatted(piece, step, total, what));
        }
    }

    /** @param left pieces that are not done, as far as they are known */
    void done(Piece piece, String line, double pieceSeconds, List<Piece> all, List<Piece> left) {
        weight += piece.weight();
        seconds += pieceSeconds;
        double ahead = left.stream().mapToDouble(Piece::weight).sum() * seconds / weight / workers;
        say("[%d of %d] %s: %s in %s; about %s left"
                .formatted(all.size() - left.size(), all.size(), piece.name(), line, text(pieceSeconds), text(ahead)));
    }

    static String text(double seconds) {
        long s = Math.round(seconds);
        return s < 120 ? s + " s" : s < 7200 ? Math.round(s / 60.0) + " min" : "%.1f h".formatted(s / 3600.0);
    }
}
