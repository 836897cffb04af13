package org.dartscc.benchmarks;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class TabularBenchmarkTest {
    private record Run(int exit, String errors) {}

    private static Run run(String... arguments) {
        var errors = new StringWriter();
        int exit = Main.commandLine()
                .setErr(new PrintWriter(errors, true))
                .setOut(new PrintWriter(new StringWriter()))
                .execute(arguments);
        return new Run(exit, errors.toString());
    }

    private static Path tables() {
        var named = System.getProperty("DARTSCC_TEST_DATA", System.getenv("DARTSCC_TEST_DATA"));
        var folder = named == null ? Path.of("..", "..", "shared", "data") : Path.of(named);
        var tables = folder.resolve("nas-bench-201");
        assumeTrue(
                Files.exists(tables.resolve("accuracy.csv")),
                "SKIPPED: no NAS-Bench-201 tables in " + tables + "; name their parent by DARTSCC_TEST_DATA");
        return tables;
    }

    @Test
    void wrongUseIsOneLineAndExitTwo(@TempDir Path folder) {
        var missing = run("tabular", "--out", folder.resolve("out.json").toString());
        assertThat(missing.exit()).isEqualTo(2);
        assertThat(missing.errors().lines()).hasSize(1);
        var absent = run(
                "tabular",
                "--accuracy",
                "none.csv",
                "--latency",
                "none.csv",
                "--train-devices",
                "a",
                "--test-devices",
                "b",
                "--out",
                folder.resolve("out.json").toString());
        assertThat(absent.exit()).isEqualTo(2);
        assertThat(absent.errors()).contains("there is no file none.csv");
        assertThat(run().exit()).isEqualTo(2);
    }

    @Test
    void onTheRealTablesOursIsAheadAtEqualEvaluationsAndKeepsEveryBudget(@TempDir Path folder) throws Exception {
        var tables = tables();
        var out = folder.resolve("result.json");
        var run = run(
                "tabular",
                "--accuracy",
                tables.resolve("accuracy.csv").toString(),
                "--latency",
                tables.resolve("latency_ms.csv").toString(),
                "--train-devices",
                "1080ti_1,1080ti_256,silver_4114,samsung_a50,pixel3,titanx_32",
                "--test-devices",
                "gold_6240,titanx_256",
                "--seeds",
                "1",
                "--oracle",
                "--out",
                out.toString());
        assertThat(run.errors()).isEmpty();
        assertThat(run.exit()).isZero();
        var report = new ObjectMapper().readTree(out.toFile());
        assertThat(hypervolume(report, "ours-exact-0")).isGreaterThan(.97);
        assertThat(hypervolume(report, "ours-budget-argmax"))
                .isGreaterThan(.975)
                .isGreaterThan(hypervolume(report, "rbf"))
                .isGreaterThan(hypervolume(report, "piecewise-linear"));
        assertThat(row(report, "ours-request-10").get("evaluationsPerDevice").asInt())
                .isBetween(10, 100);
        assertThat(hypervolume(report, "ours-exact-12"))
                .isGreaterThan(.98)
                .isGreaterThan(hypervolume(report, "nsga2-24"))
                .isGreaterThan(hypervolume(report, "random-24"))
                .isGreaterThan(hypervolume(report, "piecewise-linear"));
        for (var name : new String[] {"ours-exact-12", "ours-budget-24", "ours-request-10"}) {
            assertThat(row(report, name).get("budgetViolations").asInt())
                    .as(name)
                    .isZero();
            assertThat(row(report, name).get("cpuSecondsPerDevice").asDouble())
                    .as(name)
                    .isLessThan(20);
        }
        assertThat(row(report, "ours-request-10").at("/gapToBestFeasible/mean").asDouble())
                .isLessThan(.6);
        assertThat(folder.resolve("result.svg")).content().contains("<svg", "gold_6240", "ours-exact-12");
    }

    private static JsonNode row(JsonNode report, String name) {
        for (var method : report.get("methods")) {
            if (method.get("name").asText().equals(name)) {
                return method;
            }
        }
        throw new AssertionError("no row " + name);
    }

    private static double hypervolume(JsonNode report, String name) {
        return row(report, name).at("/relativeHypervolume/mean").asDouble();
    }
}
