package org.dartscc.agent.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

class PriorityTest {
    private static final Path STAT = Path.of("/proc/thread-self/stat");
    private static final Path STATUS = Path.of("/proc/thread-self/status");
    private static final String FIFO = "1";

    /** Scheduling policy of this thread, the 41st field; the second is a name in brackets. */
    private static String policy() throws IOException {
        var stat = Files.readString(STAT);
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[38];
    }

    private static String processors() throws IOException {
        return Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("Cpus_allowed_list:"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aRealTimeThreadThatMeasuresAloneStaysOnOneProcessorUntilItIsDone() throws IOException {
        var before = processors();
        try (var priority = Priority.raised(1)) {
            assumeThat(policy()).as("real-time threads are permitted here").isEqualTo(FIFO);
            assertThat(processors()).doesNotContain(",").doesNotContain("-");
        }
        assertThat(policy()).isNotEqualTo(FIFO);
        assertThat(processors()).isEqualTo(before);
        try (var priority = Priority.raised(2)) {
            assertThat(processors()).isEqualTo(before);
        }
    }

    @Test
    void theLastOfTheAllowedProcessorsIsTaken() {
        assertThat(Priority.last("0-3,8-11")).isEqualTo("11");
        assertThat(Priority.last("0-1")).isEqualTo("1");
        assertThat(Priority.last("0,5")).isEqualTo("5");
        assertThat(Priority.last("7")).isEqualTo("7");
    }
}
