package org.dartscc.agent.child;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.dartscc.agent.probe.Profile;
import org.dartscc.agent.probe.Reading;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ChildBenchTest {
    private static final List<OperatorSignature> OPERATORS = Stream.of("sep3:16x7x7:16:s1", "conv3:16x7x7:16:s1")
            .map(OperatorSignature::parse)
            .toList();

    @TempDir
    Path locks;

    private final Set<Long> others =
            ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
    private final ChildBench bench = new ChildBench(new ChildSettings(Profile.of("ort-cpu"), null, null));

    @AfterEach
    void end() {
        bench.close();
    }

    /** Processes of this test: other tests of this JVM may have some too. */
    private Stream<ProcessHandle> ours() {
        return ProcessHandle.current().children().filter(child -> !others.contains(child.pid()));
    }

    private long children() {
        return ours().filter(ProcessHandle::isAlive).count();
    }

    private void killChildren() {
        ours().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void everythingIsMeasuredInAProcessOfItsOwnThatEndsWhenThereIsNothingToDo() {
        assertThat(children()).isZero();
        assertThat(bench.fingerprint().runtime()).startsWith("onnxruntime 1.");
        var space = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10).create();

        var readings = bench.glance(OPERATORS);
        var networks = bench.networks(space, List.of(space.cheapest()));

        assertThat(readings.keySet()).containsExactlyElementsOf(OPERATORS);
        assertThat(readings.values()).allMatch(Reading.Measured.class::isInstance);
        assertThat(networks.get(space.cheapest())).isInstanceOf(Reading.Measured.class);
        assertThat(bench.referenceMicros()).isFinite().isPositive();
        assertThat(bench.openSessions()).isOne();
        assertThat(children()).isOne();
        bench.close();
        assertThat(children()).isZero();
        assertThat(bench.openSessions()).isZero();
    }

    @Test
    void whatWasBeingMeasuredWhenTheProcessDiedIsMeasuredAgain() {
        bench.fingerprint();
        var killing = CompletableFuture.runAsync(
                this::killChildren, CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS));

        var readings = bench.glance(OPERATORS);

        killing.join();
        assertThat(readings).hasSize(2).allSatisfy((operator, reading) -> assertThat(reading)
                .isInstanceOf(Reading.Measured.class));
    }

    @Test
    void aHostileRequestIsRefusedBeforeTheRuntimeSeesIt() {
        var giant = OperatorSignature.parse("conv3:4096x64x64:4096:s1");

        assertThat(bench.glance(List.of(giant)).get(giant))
                .isInstanceOfSatisfying(Reading.NotMeasured.class, reading -> assertThat(reading.reason())
                        .contains("this agent measures up to"));
        assertThatThrownBy(() -> OperatorSignature.parse("conv3:16x14x14:16:s0"))
                .hasMessageContaining("stride");
        assertThatThrownBy(() -> OperatorSignature.parse("conv3:16x0x14:16:s1")).hasMessageContaining("height");
        assertThatThrownBy(() -> OperatorSignature.parse("conv3:16x14x14:99999:s1"))
                .hasMessageContaining("channels");
        assertThatThrownBy(() -> OperatorSignature.parse("loop:16x14x14:16:s1")).hasMessageContaining("no operator");
    }

    @Test
    void aProcessThatHangsIsKilledAndOneThatDiesTellsWhy() throws Exception {
        try (var process = MeasuringProcess.start(new ChildSettings(Profile.of("ort-cpu"), locks, null), 10)) {
            assertThatThrownBy(() -> process.ask(Order.operators(OPERATORS), Duration.ofMillis(20)))
                    .isInstanceOf(ChildFailedException.class)
                    .hasMessage("the process that measures gave no result within 0.0200 s");
            ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
            assertThatThrownBy(() -> process.ask(Order.operators(OPERATORS), Duration.ofSeconds(20)))
                    .hasMessageStartingWith("the process that measures died with status 137");
        }
        assertThat(MeasuringProcess.death(139, "\n a reason\nand a trace"))
                .isEqualTo("the process that measures died with status 139: a reason");
        assertThat(children()).isZero();
    }
}
