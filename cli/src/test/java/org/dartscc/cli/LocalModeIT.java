package org.dartscc.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/** {@code up} with the real processes: one per folder, no orphans, and a start that goes on from the last one. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LocalModeIT {
    private static final int START_SECONDS = 120;

    @TempDir
    private Path data;

    @Test
    void killedLauncherLeavesNoServiceAndTheNextStartGoesOn() throws Exception {
        try (var first = up()) {
            first.awaitLine("ready:", START_SECONDS);
            try (var second = up()) {
                second.awaitLine("another dartscc is running on " + data, START_SECONDS);
                assertThat(second.awaitExit(10)).isEqualTo(1);
            }
            assertThat(run("device", "register", "pi")).contains("device pi is registered");

            var services = javaProcesses(first.descendants());
            assertThat(services).hasSize(3);
            first.kill();
            assertAllEnd(services);
        }
        try (var next = up()) {
            next.awaitLine("ready:", START_SECONDS);
            assertThat(run("device", "list")).contains("pi");

            var all = next.descendants();
            next.terminate();
            next.awaitExit(40);
            assertAllEnd(all);
        }
        assertThat(data.resolve("connection.json")).doesNotExist();
    }

    @Test
    void anUnknownProfileIsRefusedBeforeAnythingIsStarted() throws Exception {
        try (var up = DartsccProcess.start("up", "--agents", "ort-cpu,NOSUCH", "--data-dir", data.toString())) {
            up.awaitLine("there is no profile \"NOSUCH\"; known are ort-cpu, ", START_SECONDS);
            assertThat(up.awaitExit(10)).isEqualTo(2);
        }
        assertThat(data).isEmptyDirectory();
    }

    private DartsccProcess up() throws Exception {
        return DartsccProcess.start("up", "--agents", "none", "--data-dir", data.toString());
    }

    private String run(String... arguments) {
        var out = new StringWriter();
        var withFolder = new java.util.ArrayList<>(List.of(arguments));
        withFolder.addAll(List.of("--data-dir", data.toString()));
        var code = Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .execute(withFolder.toArray(String[]::new));
        assertThat(code).as(out.toString()).isZero();
        return out.toString();
    }

    private static List<ProcessHandle> javaProcesses(List<ProcessHandle> processes) {
        return processes.stream()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .toList();
    }

    private static void assertAllEnd(List<ProcessHandle> processes) throws Exception {
        for (var process : processes) {
            process.onExit().get(30, TimeUnit.SECONDS);
        }
    }
}
