package org.dartscc.benchmarks.step;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process that does steps when it is told to, so that contenders take turns on one machine. */
final class StepProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter orders;

    private StepProcess(ProcessBuilder builder) throws IOException {
        process = builder.redirectError(Redirect.DISCARD).start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        orders = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    static StepProcess djl(Task task) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                DjlSteps.class.getName()));
        command.addAll(List.of(task.arguments()));
        var builder = new ProcessBuilder(command);
        builder.environment().put("OMP_NUM_THREADS", String.valueOf(task.threads()));
        return new StepProcess(builder);
    }

    /** With the settings of the C library's memory that DJL's process gives itself. */
    static StepProcess torch(String python, Path script, File networks, int threads) throws IOException {
        var builder = new ProcessBuilder(python, script.toString(), networks.toString(), String.valueOf(threads));
        builder.environment().put("OMP_NUM_THREADS", String.valueOf(threads));
        builder.environment().put("MALLOC_MMAP_THRESHOLD_", String.valueOf(1 << 30));
        builder.environment().put("MALLOC_TRIM_THRESHOLD_", String.valueOf(1 << 30));
        builder.environment().put("MALLOC_TOP_PAD_", String.valueOf(1 << 27));
        return new StepProcess(builder);
    }

    /** @param peakKib most memory of the process so far, in KiB */
    record Block(double cpuSeconds, double wallSeconds, long peakKib) {}

    Block run(int steps) throws IOException {
        long start = System.nanoTime();
        orders.println(steps);
        var answer = answers.readLine();
        if (answer == null) {
            throw new IOException("a process that does the steps has ended: "
                    + process.info().commandLine().orElse(""));
        }
        var parts = answer.strip().split(" ", -1);
        return new Block(Double.parseDouble(parts[0]), (System.nanoTime() - start) / 1e9, Long.parseLong(parts[1]));
    }

    @Override
    public void close() {
        orders.close();
        process.destroy();
    }
}
