package org.dartscc.benchmarks.fidelity;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

import org.dartscc.agent.child.ChildBench;
import org.dartscc.agent.child.ChildSettings;
import org.dartscc.agent.probe.Reading;
import org.dartscc.model.cost.CalibrationNetworks;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.onnx.OperatorCarrier;

/** Takes the measurements with the agent's own protocol, in the process that measures for agents. */
final class Bench {
    private static final double NANOS_PER_SECOND = 1e9;

    private final SearchSpace space;
    private final ChildSettings settings;
    private final Consumer<String> progress;

    Bench(SearchSpace space, ChildSettings settings, Consumer<String> progress) {
        this.space = space;
        this.settings = settings;
        this.progress = progress;
    }

    /**
     * @param calibration how many networks a device's table is calibrated on
     * @param networks random ones, none of them among those
     */
    Measurements measure(int calibration, int networks, long seed) {
        try (var bench = new ChildBench(settings)) {
            long start = System.nanoTime();
            var fingerprint = bench.fingerprint();
            var operators = operators(bench);
            double tableSeconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
            progress.accept("%d operators in %.1f s".formatted(operators.size(), tableSeconds));
            var alone = alone(bench);
            var calibrating = CalibrationNetworks.of(space, calibration);
            var genotypes = draw(networks, seed, calibrating);
            var calibrationMicros = networks(bench, calibrating, "that calibrate");
            var first = networks(bench, genotypes, "the first time");
            var second = networks(bench, genotypes, "the second time");
            return new Measurements(
                    space,
                    fingerprint,
                    operators,
                    alone,
                    calibrationMicros,
                    genotypes.stream()
                            .map(g -> observation(g, first.get(g), second.get(g)))
                            .toList(),
                    tableSeconds);
        }
    }

    private Observation observation(Genotype genotype, double first, double second) {
        var network = space.network(genotype).live();
        return new Observation(genotype, first, second, network.macs(), network.parameterCount());
    }

    private List<Genotype> draw(int count, long seed, List<Genotype> without) {
        var random = new Random(seed);
        var drawn = new LinkedHashSet<Genotype>();
        for (int attempt = 0; drawn.size() < count && attempt < 100 * count; attempt++) {
            drawn.add(space.random(random));
            drawn.removeAll(without);
        }
        if (drawn.size() < count) {
            throw new IllegalStateException("the space %s has fewer than %d networks beside those that calibrate"
                    .formatted(space.name(), count));
        }
        return List.copyOf(drawn);
    }

    private Map<OperatorSignature, Double> operators(ChildBench bench) {
        var micros = new LinkedHashMap<OperatorSignature, Double>();
        for (var batch : batches(space.signatures())) {
            bench.operators(batch).forEach((s, reading) -> micros.put(s, micros(s, reading)));
        }
        return micros;
    }

    private Map<OperatorSignature, Double> alone(ChildBench bench) {
        var micros = new LinkedHashMap<OperatorSignature, Double>();
        long start = System.nanoTime();
        space.signatures().forEach(s -> micros.put(s, 0.0));
        var models = space.signatures().stream()
                .filter(s -> OperatorCarrier.alone(s).isPresent())
                .toList();
        for (var batch : batches(models)) {
            bench.alone(batch).forEach((s, reading) -> micros.put(s, micros(s, reading)));
        }
        progress.accept("each of them alone in %.1f s".formatted((System.nanoTime() - start) / NANOS_PER_SECOND));
        return micros;
    }

    private Map<Genotype, Double> networks(ChildBench bench, List<Genotype> genotypes, String which) {
        var micros = new LinkedHashMap<Genotype, Double>();
        long start = System.nanoTime();
        for (var batch : batches(genotypes)) {
            bench.networks(space, batch).forEach((g, reading) -> micros.put(g, micros(g, reading)));
            progress.accept("%d of %d networks %s, %.1f s"
                    .formatted(micros.size(), genotypes.size(), which, (System.nanoTime() - start) / NANOS_PER_SECOND));
        }
        return micros;
    }

    private static double micros(Object what, Reading reading) {
        if (reading instanceof Reading.Measured measured && measured.estimate().medianMicros() >= 0) {
            return measured.estimate().medianMicros();
        }
        throw new IllegalStateException(what + " was not measured: " + reading);
    }

    private static <T> List<List<T>> batches(List<T> all) {
        var batches = new ArrayList<List<T>>();
        for (int from = 0; from < all.size(); from += ChildBench.BATCH) {
            batches.add(all.subList(from, Math.min(all.size(), from + ChildBench.BATCH)));
        }
        return batches;
    }
}
