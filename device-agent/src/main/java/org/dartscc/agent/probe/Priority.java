package org.dartscc.agent.probe;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Raises the measuring thread above others where the system permits: real-time on Linux, else a better nice value, else
 * nothing. A real-time thread that measures alone also stays on one processor; without the priority it would wait there
 * for others. It makes timings steadier on a busy machine; without it they take longer. It ends with {@link #close()}.
 */
final class Priority implements AutoCloseable {
    private static final Path THREAD = Path.of("/proc/thread-self");
    private static final String ALLOWED = "Cpus_allowed_list:";
    private static final int SECONDS = 2;

    private final List<List<String>> undo;

    private Priority(List<List<String>> undo) {
        this.undo = undo;
    }

    /** @param threads that one run uses */
    static Priority raised(int threads) {
        var thread = threadId();
        if (thread != null && succeeds(List.of("chrt", "--fifo", "--pid", "10", thread))) {
            var undo = new ArrayList<>(List.of(List.of("chrt", "--other", "--pid", "0", thread)));
            var allowed = threads == 1 ? allowedProcessors() : null;
            if (allowed != null && succeeds(onto(last(allowed), thread))) {
                undo.add(onto(allowed, thread));
            }
            return new Priority(undo);
        }
        if (thread != null && succeeds(List.of("renice", "-n", "-10", "-p", thread))) {
            return new Priority(List.of(List.of("renice", "-n", "0", "-p", thread)));
        }
        return new Priority(List.of());
    }

    private static List<String> onto(String processors, String thread) {
        return List.of("taskset", "--cpu-list", "--pid", processors, thread);
    }

    /** As {@code 0-3,8}; null when the system does not tell. */
    private static String allowedProcessors() {
        try {
            return Files.readAllLines(THREAD.resolve("status")).stream()
                    .filter(line -> line.startsWith(ALLOWED))
                    .map(line -> line.substring(ALLOWED.length()).strip())
                    .findFirst()
                    .orElse(null);
        } catch (IOException e) {
            return null;
        }
    }

    /** The highest number: the system does the least of its own work there, and where cores differ the small ones often come first. */
    static String last(String processors) {
        return processors.substring(1 + Math.max(processors.lastIndexOf(','), processors.lastIndexOf('-')));
    }

    private static String threadId() {
        try {
            return Files.readSymbolicLink(THREAD).getFileName().toString();
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
    }

    private static boolean succeeds(List<String> command) {
        try {
            var process = new ProcessBuilder(command)
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD)
                    .start();
            return process.waitFor(SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        undo.forEach(Priority::succeeds);
    }
}
