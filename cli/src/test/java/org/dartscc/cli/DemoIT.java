package org.dartscc.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The whole product on real parts: what {@code ./dartscc demo --quick} leaves behind. */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class DemoIT {
    private static final int LIMIT_SECONDS = 900;

    /** Share of test images whose two best classes are so close that another runtime's rounding may swap them. */
    private static final double BORDERLINE_IMAGES = 3e-4;

    private final ForeignRuntime foreign = new ForeignRuntime();

    @TempDir
    private Path out;

    @Test
    void demoLeavesVerifiedModelsThatKeepTheirBudgets() throws Exception {
        try (var demo = DartsccProcess.start("demo", "--quick", "--out", out.toString())) {
            demo.awaitLine("ready in", 120);
            var services = demo.descendants();
            demo.awaitLine("best model:", LIMIT_SECONDS);
            assertThat(demo.awaitExit(60)).isZero();
            assertThat(services).isNotEmpty().noneMatch(ProcessHandle::isAlive);
        }
        var front = new ObjectMapper().readTree(out.resolve("front.json").toFile());
        assertThat(front.path("search").path("dataset").asText()).isEqualTo("fashion-mnist-sample");
        for (var stage : List.of("build", "startup", "search", "models", "total")) {
            assertThat(front.path("seconds").path(stage).isNumber()).as(stage).isTrue();
        }
        assertThat(front.path("devices")).hasSize(2);
        var genotypes = new HashSet<String>();
        for (var device : front.path("devices")) {
            assertThat(device.path("points")).hasSizeGreaterThanOrEqualTo(3);
            for (var point : device.path("points")) {
                assertModel(point);
                assertThat(point.path("measuredP50Micros").asDouble())
                        .isLessThanOrEqualTo(point.path("budgetMicros").asDouble());
                assertModel(point.path("random"));
                genotypes.add(point.path("genotype").asText());
            }
        }
        assertThat(genotypes).hasSizeGreaterThanOrEqualTo(3);
        assertThat(Files.readString(out.resolve("front.svg"))).contains("<svg", "ort-cpu-nchw");
        assertThat(Files.readString(out.resolve("report.md"))).contains("## ort-cpu (profile ort-cpu)", "## Time");
    }

    private void assertModel(JsonNode point) throws Exception {
        assertThat(point.path("measuredP50Micros").asDouble()).isPositive();
        assertThat(point.path("predictedLatencyMicros").asDouble()).isPositive();
        assertThat(point.path("parityMaxAbsDiff").asDouble(1)).isLessThanOrEqualTo(1e-4);
        assertThat(point.path("testAccuracy").asDouble())
                .isCloseTo(foreign.testAccuracy(out.resolve(point.path("model").asText())), within(BORDERLINE_IMAGES));
        assertThat(point.path("validationAccuracy").asDouble()).isBetween(.1, 1.0);
        assertThat(point.path("parameters").asLong()).isPositive();
        assertThat(point.path("macs").asLong()).isPositive();
        assertThat(point.path("genotype").asText()).startsWith("layerwise/");
        var content = Files.readAllBytes(out.resolve(point.path("model").asText()));
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)))
                .isEqualTo(point.path("sha256").asText());
    }
}
