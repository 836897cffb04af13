package org.dartscc.agent.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.dartscc.model.turn.MachineTurn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class PackageEnergyTest {
    private static final long RUN_NANOS = 10_000_000;
    private static final long RANGE = 1_000_000;

    @TempDir
    Path powercap;

    private final AtomicLong clock = new AtomicLong();

    private Path zone(String folder, String name, String counter) throws IOException {
        var zone = Files.createDirectory(powercap.resolve(folder));
        Files.writeString(zone.resolve("name"), name + "\n");
        Files.writeString(zone.resolve("energy_uj"), counter + "\n");
        Files.writeString(zone.resolve("max_energy_range_uj"), RANGE + "\n");
        return zone;
    }

    /** A run of 10 ms that takes so many microjoules of a zone. */
    private Run run(Path zone, long microjoules) {
        return () -> {
            clock.addAndGet(RUN_NANOS);
            var file = zone.resolve("energy_uj");
            try {
                long now = Long.parseLong(Files.readString(file).strip());
                Files.writeString(file, (now + microjoules) % RANGE + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private Energy measure(Run run) {
        return new PackageEnergy(powercap, clock::get).perRun(run, MachineTurn.free());
    }

    @Test
    void theEnergyOfARunIsThatOfAllPackagesAndOfNothingTwice() throws IOException {
        var first = zone("intel-rapl:0", "package-0", "1000");
        var second = zone("intel-rapl:1", "package-1", "5000");
        var cores = zone("intel-rapl:0:0", "core", "0");
        var platform = zone("intel-rapl:2", "psys", "0");
        zone("dtpm", "dtpm", "no number");

        var energy = measure(() -> {
            run(first, 300).run();
            run(second, 200).run();
            run(cores, 250).run();
            run(platform, 900).run();
        });

        assertThat(energy.microjoules()).isCloseTo(500, within(1e-9));
        assertThat(energy.note()).isNull();
    }

    @Test
    void aCounterThatStartsAgainIsReadOn() throws IOException {
        var zone = zone("intel-rapl:0", "package-0", String.valueOf(RANGE - 5_000));

        assertThat(measure(run(zone, 300)).microjoules()).isCloseTo(300, within(1e-9));
    }

    @Test
    void withoutCountersThatCountThereIsNoValueAndAReason() throws IOException {
        assertThat(new PackageEnergy(powercap.resolve("none"), clock::get).perRun(() -> {}, MachineTurn.free()))
                .isEqualTo(Energy.unknown("not available: this host exposes no RAPL counters"));
        assertThat(measure(() -> {}).note()).isEqualTo("not available: this host exposes no RAPL counters");

        var zone = zone("intel-rapl:0", "package-0", "7");
        assertThat(measure(run(zone, 0)).note()).contains("stand still");

        Files.delete(zone.resolve("energy_uj"));
        assertThat(measure(() -> clock.addAndGet(RUN_NANOS)))
                .satisfies(energy -> assertThat(energy.microjoules()).isNull())
                .satisfies(energy ->
                        assertThat(energy.note()).startsWith("not readable: ").contains("energy_uj"));
    }
}
