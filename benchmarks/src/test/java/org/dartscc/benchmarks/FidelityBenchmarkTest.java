package org.dartscc.benchmarks;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class FidelityBenchmarkTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--space resnet",
                "--profile pixel",
                "--profile onednn-avx2 --onednn nowhere",
                "--networks 25",
                "--networks many",
                "--calibration 0",
                "--image 28x28",
                "--image 0x28x28",
                "--image 1x9999x9999 --space darts",
                "--classes 1",
                "--splits 0"
            })
    void wrongUseIsOneLineAndExitTwo(String options, @TempDir Path folder) {
        var arguments = new ArrayList<>(
                List.of("fidelity", "--out", folder.resolve("out.json").toString()));
        arguments.addAll(List.of(options.split(" ", -1)));
        var errors = new StringWriter();

        int exit = Main.commandLine()
                .setErr(new PrintWriter(errors, true))
                .setOut(new PrintWriter(new StringWriter()))
                .execute(arguments.toArray(String[]::new));

        assertThat(exit).isEqualTo(2);
        assertThat(errors.toString().lines()).hasSize(1);
        assertThat(folder).isEmptyDirectory();
    }
}
