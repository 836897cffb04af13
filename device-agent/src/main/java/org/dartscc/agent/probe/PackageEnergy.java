package org.dartscc.agent.probe;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

import org.dartscc.model.turn.MachineTurn;

/**
 * The energy counters (RAPL) that Linux shows of a machine's processors, a folder {@code intel-rapl:N} each; they are
 * there on AMD too. Only whole packages count: cores and memory controllers are parts of them, the platform ("psys")
 * contains them.
 */
final class PackageEnergy {
    /** Where Linux shows the counters. */
    static final Path POWERCAP = Path.of("/sys/class/powercap");

    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final String NONE = "not available: this host exposes no RAPL counters";

    private final Path powercap;
    private final LongSupplier clock;

    /** @param clock nanoseconds from anywhere */
    PackageEnergy(Path powercap, LongSupplier clock) {
        this.powercap = powercap;
        this.clock = clock;
    }

    /**
     * Runs back to back for at least a second, since counters move about once in a millisecond, and holds the machine
     * meanwhile, since they count whatever runs on it.
     */
    Energy perRun(Run run, MachineTurn machine) {
        try {
            var packages = packages();
            if (packages.isEmpty()) {
                return Energy.unknown(NONE);
            }
            try (var turn = machine.take()) {
                return perRun(run, packages);
            }
        } catch (AccessDeniedException e) {
            return Energy.unknown("not readable: " + e.getFile() + ", permission denied");
        } catch (IOException | NumberFormatException e) {
            return Energy.unknown("not readable: " + e.getMessage());
        }
    }

    private Energy perRun(Run run, List<Path> packages) throws IOException {
        run.run();
        var before = counters(packages);
        long start = clock.getAsLong();
        long runs = 0;
        do {
            run.run();
            runs++;
        } while (clock.getAsLong() - start < LEAST.toNanos());
        double microjoules = 0;
        for (int i = 0; i < packages.size(); i++) {
            microjoules += taken(packages.get(i), before.get(i));
        }
        return microjoules > 0
                ? Energy.of(microjoules / runs)
                : Energy.unknown("not available: the RAPL counters of this host stand still");
    }

    private List<Path> packages() throws IOException {
        var packages = new ArrayList<Path>();
        if (Files.isDirectory(powercap)) {
            try (var zones = Files.newDirectoryStream(powercap, "intel-rapl:*")) {
                for (var zone : zones) {
                    if (Files.readString(zone.resolve("name")).startsWith("package")) {
                        packages.add(zone);
                    }
                }
            }
        }
        return packages;
    }

    private static List<Long> counters(List<Path> packages) throws IOException {
        var counters = new ArrayList<Long>();
        for (var zone : packages) {
            counters.add(microjoules(zone.resolve("energy_uj")));
        }
        return counters;
    }

    /** A counter starts again from 0 after its range, which takes many seconds: at most once in between. */
    private static long taken(Path zone, long before) throws IOException {
        long after = microjoules(zone.resolve("energy_uj"));
        return after >= before ? after - before : after + microjoules(zone.resolve("max_energy_range_uj")) - before;
    }

    private static long microjoules(Path file) throws IOException {
        return Long.parseLong(Files.readString(file).strip());
    }
}
