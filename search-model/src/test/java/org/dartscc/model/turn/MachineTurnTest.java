package org.dartscc.model.turn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** Turns between real processes: file locks belong to a process, so that two in one JVM would show nothing. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class MachineTurnTest {
    @TempDir
    private Path folder;

    /** Works in turns of 20 ms without a pause, writing the start and end of each, until its input is closed. */
    static final class Worker {
        public static void main(String[] arguments) throws Exception {
            var turns = MachineTurn.in(Path.of(arguments[0]));
            var log = Path.of(arguments[1]);
            var lines = new StringBuilder();
            long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            while (System.nanoTime() < end) {
                try (var turn = turns.take()) {
                    assert turn != null;
                    long from = System.nanoTime();
                    Thread.sleep(20);
                    lines.append(from).append(' ').append(System.nanoTime()).append('\n');
                }
            }
            Files.writeString(log, lines);
        }
    }

    private Process worker(Path log) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Worker.class.getName(),
                        folder.toString(),
                        log.toString())
                .inheritIO()
                .start();
    }

    private static List<long[]> turns(Path log) throws IOException {
        return Files.readAllLines(log).stream()
                .map(l -> l.split(" "))
                .map(l -> new long[] {Long.parseLong(l[0]), Long.parseLong(l[1])})
                .toList();
    }

    @Test
    void neverOverlapBetweenProcessesAndLetEachHaveItsShare() throws Exception {
        var first = folder.resolve("first.log");
        var second = folder.resolve("second.log");
        var processes = List.of(worker(first), worker(second));
        for (var process : processes) {
            assertThat(process.waitFor()).isZero();
        }
        var ours = turns(first);
        var theirs = turns(second);
        for (var a : ours) {
            assertThat(theirs).noneMatch(b -> a[0] < b[1] && b[0] < a[1]);
        }
        long from = Math.max(ours.get(0)[0], theirs.get(0)[0]);
        long to = Math.min(ours.get(ours.size() - 1)[1], theirs.get(theirs.size() - 1)[1]);
        long oursThen = ours.stream().filter(t -> t[0] >= from && t[1] <= to).count();
        long theirsThen =
                theirs.stream().filter(t -> t[0] >= from && t[1] <= to).count();
        assertThat(Math.min(oursThen, theirsThen)).isGreaterThan(Math.max(oursThen, theirsThen) / 3);
    }

    @Test
    void areTakenOneAfterTheOtherByThreadsOfOneProcess() throws Exception {
        try (var turns = MachineTurn.in(folder)) {
            var working = new java.util.concurrent.atomic.AtomicInteger();
            var threads = java.util.stream.IntStream.range(0, 4)
                    .mapToObj(i -> java.util.concurrent.CompletableFuture.runAsync(() -> {
                        for (int k = 0; k < 50; k++) {
                            try (var turn = turns.take()) {
                                assertThat(turn).isNotNull();
                                assertThat(working.incrementAndGet()).isEqualTo(1);
                                working.decrementAndGet();
                            }
                        }
                    }))
                    .toList();
            for (var thread : threads) {
                thread.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void areFreeWithoutAFolder() {
        var turns = MachineTurn.free();
        try (var outer = turns.take();
                var inner = turns.take()) {
            assertThat(outer).isNotNull();
            assertThat(inner).isNotNull();
        }
    }
}
