package org.dartscc.agent.plan;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.message.CostUpdate.NetworkCost;
import org.dartscc.model.message.CostUpdate.OperatorCost;
import org.dartscc.model.message.MeasurementRequest.MeasureOperators;
import org.dartscc.model.message.Topics;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SpaceSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SurveyTest {
    private static final SpaceSpec DARTS = new SpaceSpec("darts", new Shape(1, 28, 28), 10);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-02T03:04:05Z"), ZoneOffset.UTC);

    private final ScriptedBench bench = new ScriptedBench();
    private final List<List<CostUpdate>> sent = new ArrayList<>();

    private static RuntimeFingerprint fingerprint(String runtime) {
        return new RuntimeFingerprint("ort-cpu", runtime, "CPU", "all", 1, 1, "float32", "a cpu", 1);
    }

    private Survey survey(Path folder, RuntimeFingerprint fingerprint) {
        var known = KnownCosts.in(folder, "device-1", fingerprint, CLOCK);
        return new Survey(bench, known, "device-1", fingerprint, CLOCK, sent::add);
    }

    private static MeasureOperators request() {
        var space = DARTS.create();
        return new MeasureOperators(
                Topics.SCHEMA_VERSION,
                "request-1",
                "device-1",
                DARTS,
                space.signatures(),
                List.of(space.cheapest(), space.costliest()));
    }

    private List<CostUpdate> allSent() {
        return sent.stream().flatMap(List::stream).toList();
    }

    @Test
    void aTableIsToldBatchByBatchWhileItIsMeasured() {
        survey(null, fingerprint("1")).answer(request());

        int operators = DARTS.create().signatures().size();
        assertThat(operators).isGreaterThan(32);
        assertThat(sent.get(0)).hasSize(32).allMatch(OperatorCost.class::isInstance);
        assertThat(allSent()).hasSize(operators + 2);
        assertThat(sent.get(sent.size() - 1)).hasSize(2).allMatch(NetworkCost.class::isInstance);
        assertThat(allSent().stream().map(CostUpdate::key)).doesNotHaveDuplicates();
    }

    @Test
    void whatIsKnownIsToldAgainAfterARestartAndNotMeasuredAgain(@TempDir Path folder) {
        survey(folder, fingerprint("1")).answer(request());
        var first = allSent();
        int networks = bench.networksMeasured;
        bench.measured.clear();
        sent.clear();

        survey(folder, fingerprint("1")).answer(request());

        assertThat(bench.measured).isEmpty();
        assertThat(bench.networksMeasured).isEqualTo(networks);
        assertThat(allSent()).containsExactlyInAnyOrderElementsOf(first);
    }

    @Test
    void costsOfAnotherRuntimeAreMeasuredAnewUnderHigherVersions(@TempDir Path folder) {
        survey(folder, fingerprint("1")).answer(request());
        long highest = allSent().stream()
                .mapToLong(u -> u instanceof OperatorCost c ? c.version() : ((NetworkCost) u).version())
                .max()
                .orElseThrow();
        sent.clear();

        survey(folder, fingerprint("2")).answer(request());

        assertThat(allSent())
                .allSatisfy(u -> assertThat(u instanceof OperatorCost c ? c.version() : ((NetworkCost) u).version())
                        .isGreaterThan(highest));
    }

    @Test
    void whatAnAgentCouldNotSendIsSentByTheNextOne(@TempDir Path folder) {
        var known = KnownCosts.in(folder, "device-1", fingerprint("1"), CLOCK);
        var cutOff = new Survey(bench, known, "device-1", fingerprint("1"), CLOCK, updates -> {
            throw new CancellationException("the agent stops while the broker is away");
        });
        assertThatThrownBy(() -> cutOff.answer(request())).isInstanceOf(CancellationException.class);
        assertThat(KnownCosts.hasUntold(folder, "ort-cpu")).isTrue();

        survey(folder, fingerprint("1")).tellUntold();

        assertThat(allSent()).isNotEmpty().hasSameSizeAs(known.operators()).hasSameElementsAs(known.operators());
        assertThat(KnownCosts.hasUntold(folder, "ort-cpu")).isFalse();
        sent.clear();
        survey(folder, fingerprint("1")).tellUntold();
        assertThat(sent).isEmpty();
    }

    @Test
    void aDamagedOrUnwritableStateCostsTheMemoryAndNotTheAnswer(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("costs-ort-cpu.json"), "{\"operators\":[{\"kind\":");
        survey(folder, fingerprint("1")).answer(request());
        assertThat(allSent()).hasSize(DARTS.create().signatures().size() + 2);

        var notAFolder = Files.writeString(folder.resolve("file"), "");
        sent.clear();
        survey(notAFolder.resolve("state"), fingerprint("1")).answer(request());
        assertThat(allSent()).hasSize(DARTS.create().signatures().size() + 2);
    }

    @Test
    void aForeignSpaceIsToldAsFailedAfterTheOperatorsWereAnswered() {
        var strange = new MeasureOperators(
                Topics.SCHEMA_VERSION,
                "request-2",
                "device-1",
                new SpaceSpec("no-such-space", new Shape(1, 28, 28), 10),
                DARTS.create().signatures().subList(0, 1),
                List.of(Genotype.parse("no-such-space/a,b")));

        survey(null, fingerprint("1")).answer(strange);

        assertThat(sent.get(0).get(0)).isInstanceOf(OperatorCost.class);
        assertThat(sent.get(1).get(0)).isInstanceOfSatisfying(CostUpdate.Failed.class, f -> assertThat(f.reason())
                .contains("no-such-space"));
    }
}
