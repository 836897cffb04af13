package org.dartscc.benchmarks;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class PaperBenchmarkTest {
    private record Run(int exit, String output, String errors) {}

    private static Run run(String... arguments) {
        var output = new StringWriter();
        var errors = new StringWriter();
        int exit = Main.commandLine()
                .setOut(new PrintWriter(output, true))
                .setErr(new PrintWriter(errors, true))
                .execute(arguments);
        return new Run(exit, output.toString(), errors.toString());
    }

    @Test
    void aSmallRunTrainsMeasuresAndReportsAndASecondOneDoesWhatIsLeftToDo(@TempDir Path work) throws Exception {
        String[] arguments = {
            "paper",
            "--quick",
            "--spaces",
            "layerwise",
            "--methods",
            "fleet,fleet-sums,darts,random",
            "--search-seeds",
            "2",
            "--random",
            "1",
            "--passes",
            ".1",
            "--workers",
            "1",
            "--work",
            work.toString()
        };
        var first = run(arguments);
        assertThat(first.errors()).isEmpty();
        assertThat(first.exit()).isZero();

        var report = new ObjectMapper().readTree(work.resolve("paper.json").toFile());
        var space = report.at("/spaces/0");
        var rows = space.at("/family/0/rows");
        assertThat(rows.size()).isEqualTo(10);
        for (var row : rows) {
            assertThat(row.get("testAccuracy").asDouble()).isBetween(.05, 1.0);
            assertThat(row.get("predictedMicros").asDouble()).isPositive();
            assertThat(row.get("measuredMicros").get(row.get("device").asText()).asDouble())
                    .isPositive();
        }
        assertThat(rows.get(4).at("/facts/macs").asLong())
                .isGreaterThan(rows.get(0).at("/facts/macs").asLong());
        var withinBudgets = space.at("/family/0/withinBudgets");
        assertThat(withinBudgets.size()).isEqualTo(10);
        for (var served : withinBudgets) {
            assertThat(served.get("testAccuracies").size())
                    .as("one answer for each seed of the search")
                    .isEqualTo(2);
        }
        assertThat(space.at("/family/1/method").asText()).isEqualTo("fleet-sums");
        assertThat(space.at("/family/1/searchCpuSeconds"))
                .as("other answers from the same training")
                .isEqualTo(space.at("/family/0/searchCpuSeconds"));
        var darts = space.at("/family/2");
        assertThat(darts.get("method").asText()).isEqualTo("darts");
        assertThat(darts.get("rows").size()).isEqualTo(1);
        assertThat(darts.at("/rows/0/testAccuracy").asDouble()).isBetween(.05, 1.0);
        var random = space.at("/family/3");
        assertThat(random.at("/withinBudgets/4/testAccuracies").size()).isEqualTo(2);
        assertThat(random.get("rows"))
                .isNotEmpty()
                .allMatch(row -> row.get("setting").asText().startsWith("latency"));
        assertThat(space.get("trained").size()).isPositive();
        assertThat(space.get("random").size()).isEqualTo(1);
        assertThat(space.at("/cost/oneRun").asDouble()).isPositive();
        assertThat(work.resolve("paper.md")).content().contains("Read out of one run of `fleet`", "| latency 0.5 |");
        assertThat(work.resolve("paper.svg")).content().contains("<svg", "layerwise on fashion-mnist-sample");

        var checkpoint = work.resolve("fashion-mnist-sample/layerwise/search-fleet.checkpoint");
        var before = Files.getLastModifiedTime(checkpoint);
        var second = run(arguments);
        assertThat(second.exit()).isZero();
        assertThat(second.output()).doesNotContain("measuring");
        assertThat(Files.getLastModifiedTime(checkpoint)).isEqualTo(before);

        var family = work.resolve("fashion-mnist-sample/layerwise/family-fleet.json");
        var finished = members(family);
        Files.delete(family);
        assertThat(run(arguments).exit()).isZero();
        assertThat(members(family)).isEqualTo(finished);
        assertThat(Files.getLastModifiedTime(checkpoint)).isEqualTo(before);

        var other = run("paper", "--quick", "--spaces", "darts", "--work", work.toString());
        assertThat(other.exit()).isEqualTo(2);
        assertThat(other.errors()).contains("holds results of other options");
    }

    private static JsonNode members(Path family) throws IOException {
        return new ObjectMapper().readTree(family.toFile()).get("members");
    }

    @Test
    void wrongUseIsOneLineAndExitTwo(@TempDir Path work) {
        for (var arguments : new String[][] {
            {"paper", "--spaces", "resnet"}, {"paper", "--methods", "guess"}, {"paper", "--seeds", "-1"}
        }) {
            var run = run(arguments);
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.errors().lines()).hasSize(1);
        }
        var step = run("step", "--space", "resnet");
        assertThat(step.exit()).isEqualTo(2);
        assertThat(step.errors()).contains("known are darts");
    }
}
