package org.dartscc.benchmarks.paper;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.dartscc.agent.probe.Probe;
import org.dartscc.agent.probe.Profile;
import org.dartscc.agent.probe.Reading;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.turn.MachineTurn;

/** Latencies on this machine under the agent's profiles, each a device of its own; by the agent's own protocol. */
final class Latencies {
    private static final int CALIBRATION_NETWORKS = 8;
    private static final long CALIBRATION_SEED = 2019;
    private static final double RIDGE = .02;

    private final boolean precise;

    /** @param precise or operators at a glance, a few seconds instead of a minute */
    Latencies(boolean precise) {
        this.precise = precise;
    }

    static List<String> devices() {
        return List.copyOf(Profile.names());
    }

    CostTable table(SearchSpace space, String device) {
        try (var probe = probe(device)) {
            var operators = new LinkedHashMap<OperatorSignature, Double>();
            for (var batch : batches(space.signatures())) {
                operators.putAll(micros(precise ? probe.operators(batch) : probe.glance(batch)));
            }
            return calibrated(space, device, operators, micros(probe.networks(space, calibration(space))));
        }
    }

    /** Medians of whole networks with weights that do not matter, in microseconds. */
    Map<Genotype, Double> networks(SearchSpace space, String device, Collection<Genotype> genotypes) {
        try (var probe = probe(device)) {
            var all = new LinkedHashMap<Genotype, Double>();
            for (var batch : batches(new ArrayList<>(new LinkedHashSet<>(genotypes)))) {
                all.putAll(micros(probe.networks(space, batch)));
            }
            return all;
        }
    }

    private static Probe probe(String device) {
        return new Probe(Profile.of(device), MachineTurn.free(), () -> false, Double.POSITIVE_INFINITY);
    }

    private static <T> List<List<T>> batches(List<T> all) {
        var batches = new ArrayList<List<T>>();
        for (int from = 0; from < all.size(); from += Probe.BATCH) {
            batches.add(all.subList(from, Math.min(all.size(), from + Probe.BATCH)));
        }
        return batches;
    }

    private static <T> Map<T, Double> micros(Map<T, Reading> readings) {
        var micros = new LinkedHashMap<T, Double>();
        readings.forEach((thing, reading) -> {
            if (reading instanceof Reading.Measured m) {
                micros.put(thing, m.estimate().medianMicros());
            } else if (reading instanceof Reading.NotMeasured n) {
                throw new IllegalStateException(thing + " can't be measured: " + n.reason());
            }
        });
        return micros;
    }

    private static List<Genotype> calibration(SearchSpace space) {
        var networks = new LinkedHashSet<>(List.of(space.cheapest(), space.costliest()));
        var random = new Random(CALIBRATION_SEED);
        for (int i = 0; i < 100 && networks.size() < CALIBRATION_NETWORKS; i++) {
            networks.add(space.random(random));
        }
        return List.copyOf(networks);
    }

    /** latency = fixed + scale * sum, least squares of relative errors, the scale drawn to 1. */
    private static CostTable calibrated(
            SearchSpace space,
            String device,
            Map<OperatorSignature, Double> operators,
            Map<Genotype, Double> networks) {
        var plain = new CostTable(device, 1, 0, 1, 0, operators);
        double w = 0;
        double wx = 0;
        double wxx = RIDGE;
        double wy = 0;
        double wxy = RIDGE;
        for (var e : networks.entrySet()) {
            double x = plain.latencyMicros(space, e.getKey());
            double y = e.getValue();
            w += 1 / (y * y);
            wx += x / (y * y);
            wxx += x * x / (y * y);
            wy += 1 / y;
            wxy += x / y;
        }
        double scale = (w * wxy - wx * wy) / (w * wxx - wx * wx);
        double fixed = Math.max(0, (wy - scale * wx) / w);
        double worst = 0;
        for (var e : networks.entrySet()) {
            double predicted = fixed + scale * plain.latencyMicros(space, e.getKey());
            worst = Math.max(worst, Math.abs(predicted / e.getValue() - 1));
        }
        return new CostTable(device, 1, fixed, scale, worst, operators);
    }
}
