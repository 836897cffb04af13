package org.dartscc.benchmarks;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class StepBenchmarkTest {
    @Test
    void aSinglePathCostsAFractionOfTheMixtureAndWhatIsMissingIsSaid(@TempDir Path folder) throws Exception {
        var output = new StringWriter();
        var out = folder.resolve("step.json");
        int exit = Main.commandLine()
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(output, true))
                .execute(
                        "step",
                        "--batch",
                        "8",
                        "--blocks",
                        "2",
                        "--steps",
                        "2",
                        "--python",
                        "no-python",
                        "--out",
                        out.toString());
        assertThat(exit).as(output.toString()).isZero();
        assertThat(output.toString()).contains("PyTorch: not found by no-python");

        var report = new ObjectMapper().readTree(out.toFile());
        assertThat(report.get("torch").isNull()).isTrue();
        assertThat(report.get("rows").size()).isEqualTo(4);
        assertThat(report.get("ratios")
                        .get("single path / full mixture (layerwise, batch 8)")
                        .asDouble())
                .isBetween(.01, .8);
    }
}
