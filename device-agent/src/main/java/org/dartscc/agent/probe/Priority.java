package org.dartscc.agent.probe;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Raises the measuring thread above others where the system permits: real-time on Linux, else a better nice value, else
 * nothing. It makes timings steadier on a busy machine; without it they take longer. It ends with {@link #close()}.
 */
final class Priority implements AutoCloseable {
    private static final Path THREAD = Path.of("/proc/thread-self");
    private static final int SECONDS = 2;

    private final List<String> undo;

    private Priority(List<String> undo) {
        this.undo = undo;
    }

    static Priority raised() {
        var thread = threadId();
        if (thread != null && succeeds(List.of("chrt", "--fifo", "--pid", "10", thread))) {
            return new Priority(List.of("chrt", "--other", "--pid", "0", thread));
        }
        if (thread != null && succeeds(List.of("renice", "-n", "-10", "-p", thread))) {
            return new Priority(List.of("renice", "-n", "0", "-p", thread));
        }
        return new Priority(List.of());
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
        if (!undo.isEmpty()) {
            succeeds(undo);
        }
    }
}
