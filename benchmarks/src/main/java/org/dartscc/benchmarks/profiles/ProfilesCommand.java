package org.dartscc.benchmarks.profiles;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.ObjectMapper;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import org.dartscc.agent.child.ChildBench;
import org.dartscc.agent.child.ChildSettings;
import org.dartscc.agent.probe.Bench;
import org.dartscc.agent.probe.Profile;
import org.dartscc.agent.probe.Reading;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;

/**
 * {@code profiles}: whether the profiles of this host are devices of their own. Measures the operators of a space twice
 * under each profile that is available here, and counts the pairs of operators whose order is reversed by more than 10 %
 * both ways, against the default profile and, as a replicate, against the profile itself.
 */
@Command(
        name = "profiles",
        description = "Whether the device profiles of this machine rank operators differently, with a replicate.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ProfilesCommand implements Callable<Integer> {
    private static final double REVERSAL = 1.1;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Option(names = "--space", defaultValue = "layerwise", description = "default: ${DEFAULT-VALUE}")
    private String space;

    @Option(names = "--profile", split = ",", description = "only these, and the default; default: all")
    private List<String> only;

    @Mixin
    private OneDnnFolder onednn;

    @Option(names = "--out", required = true, description = "JSON file to write")
    private Path out;

    /**
     * The file.
     *
     * @param operators number of operators measured
     * @param measuredOn the day
     */
    record Report(String space, int operators, String cpu, String measuredOn, List<Difference> profiles) {}

    /**
     * A profile against the default one.
     *
     * @param notAvailable why it was not measured; null when it was
     * @param flips pairs of operators whose order is another one than under the default profile
     * @param flipsAgain the same from the second tables
     * @param replicateFlips between the profile's own two tables
     * @param replicatePercent median difference of an operator's cost between the two, in percent
     * @param busy operators of both tables that were never measured on a quiet machine
     * @param seconds for both tables
     */
    record Difference(
            String profile,
            String notAvailable,
            String runtime,
            String provider,
            int flips,
            int flipsAgain,
            int replicateFlips,
            double replicatePercent,
            int busy,
            double seconds) {}

    private final Map<Profile, RuntimeFingerprint> fingerprints = new LinkedHashMap<>();
    private final Map<Profile, Double> seconds = new LinkedHashMap<>();
    private final Map<Profile, Integer> busy = new LinkedHashMap<>();

    @Override
    public Integer call() throws IOException {
        var add = onednn.path();
        var operators = new SpaceSpec(space, new Shape(1, 28, 28), 10).create().signatures();
        var profiles = Profile.all().stream()
                .filter(profile ->
                        only == null || profile.name().equals(Profile.DEFAULT) || only.contains(profile.name()))
                .toList();
        var here = profiles.stream().filter(p -> p.whyNotHere(add).isEmpty()).toList();
        var first = tables(here, operators, add);
        var second = tables(here, operators, add);
        var defaults = Profile.of(Profile.DEFAULT);
        var differences = profiles.stream()
                .map(p -> first.containsKey(p)
                        ? difference(p, first.get(defaults), second.get(defaults), first.get(p), second.get(p))
                        : new Difference(p.name(), p.whyNotHere(add).orElseThrow(), null, null, 0, 0, 0, 0, 0, 0))
                .toList();
        var report = new Report(
                space,
                operators.size(),
                fingerprints.get(defaults).cpu(),
                LocalDate.now(ZoneOffset.UTC).toString(),
                differences);
        Files.writeString(
                out, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
        differences.forEach(difference -> say(difference.toString()));
        return CommandLine.ExitCode.OK;
    }

    private Map<Profile, Map<OperatorSignature, Double>> tables(
            List<Profile> profiles, List<OperatorSignature> operators, Path add) {
        var tables = new LinkedHashMap<Profile, Map<OperatorSignature, Double>>();
        for (var profile : profiles) {
            long start = System.nanoTime();
            tables.put(profile, table(profile, operators, add));
            seconds.merge(profile, (System.nanoTime() - start) / 1e9, Double::sum);
            say("%s: %d operators measured".formatted(profile.name(), operators.size()));
        }
        return tables;
    }

    private Map<OperatorSignature, Double> table(Profile profile, List<OperatorSignature> operators, Path add) {
        var table = new LinkedHashMap<OperatorSignature, Double>();
        try (var bench = new ChildBench(new ChildSettings(profile, null, add))) {
            fingerprints.put(profile, bench.fingerprint());
            for (int from = 0; from < operators.size(); from += Bench.BATCH) {
                var batch = operators.subList(from, Math.min(operators.size(), from + Bench.BATCH));
                bench.operators(batch).forEach((signature, reading) -> {
                    var estimate = ((Reading.Measured) reading).estimate();
                    table.put(signature, estimate.medianMicros());
                    busy.merge(profile, estimate.quiet() ? 0 : 1, Integer::sum);
                });
            }
        }
        return table;
    }

    private Difference difference(
            Profile profile,
            Map<OperatorSignature, Double> defaults,
            Map<OperatorSignature, Double> defaultsAgain,
            Map<OperatorSignature, Double> first,
            Map<OperatorSignature, Double> second) {
        var changes = first.keySet().stream()
                .mapToDouble(s -> 100 * Math.abs(second.get(s) / first.get(s) - 1))
                .sorted()
                .toArray();
        return new Difference(
                profile.name(),
                null,
                fingerprints.get(profile).runtime(),
                fingerprints.get(profile).provider(),
                flips(defaults, first),
                flips(defaultsAgain, second),
                flips(first, second),
                changes[changes.length / 2],
                busy.get(profile),
                seconds.get(profile));
    }

    /** Pairs of operators whose order is reversed by more than 10 % on both sides. */
    static int flips(Map<OperatorSignature, Double> a, Map<OperatorSignature, Double> b) {
        int flips = 0;
        for (var s : a.keySet()) {
            for (var t : a.keySet()) {
                flips += a.get(s) > REVERSAL * a.get(t) && b.get(t) > REVERSAL * b.get(s) ? 1 : 0;
            }
        }
        return flips;
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
