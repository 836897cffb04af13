package org.dartscc.benchmarks.paper;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Does pieces until none is left or the time is over. Several processes may work on one folder. */
final class Worker {
    private static final Duration WAIT = Duration.ofSeconds(2);

    private final Agenda agenda;
    private final Pieces pieces;
    private final Progress progress;
    private final Instant end;

    /** @param end no piece is begun after it */
    Worker(Agenda agenda, Pieces pieces, Progress progress, Instant end) {
        this.agenda = agenda;
        this.pieces = pieces;
        this.progress = progress;
        this.end = end;
    }

    void work() throws InterruptedException {
        while (Instant.now().isBefore(end)) {
            var all = agenda.pieces();
            var left = left(all);
            if (left.isEmpty() && agenda.complete()) {
                return;
            }
            if (!doOne(left)) {
                Thread.sleep(WAIT.toMillis());
            }
        }
        progress.say("the time is over; started again, it goes on from here");
    }

    private List<Piece> left(List<Piece> all) {
        return all.stream().filter(p -> !pieces.has(p.name())).toList();
    }

    /** The first piece that is ready and that nobody else does. */
    private boolean doOne(List<Piece> left) {
        for (var piece : left) {
            if (piece.ready().getAsBoolean()) {
                Optional<Pieces.Claim> claim = pieces.claim(piece.name());
                if (claim.isPresent()) {
                    try (var held = claim.get()) {
                        if (!pieces.has(piece.name())) {
                            perform(piece);
                            return true;
                        }
                    }
                }
            }
        }
        return false;
    }

    private void perform(Piece piece) {
        long start = System.nanoTime();
        var done = piece.work().get();
        pieces.put(piece.name(), done.result());
        var all = agenda.pieces();
        progress.done(piece, done.line(), (System.nanoTime() - start) / 1e9, all, left(all));
    }
}
