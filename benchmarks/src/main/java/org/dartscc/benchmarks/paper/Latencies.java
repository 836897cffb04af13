package org.dartscc.benchmarks.paper;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

import org.dartscc.agent.probe.Probe;
import org.dartscc.agent.probe.Profile;
import org.dartscc.agent.probe.Reading;
import org.dartscc.model.cost.CalibrationNetworks;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.turn.MachineTurn;

/** Latencies on this machine under the agent's profiles, each a device of its own; by the agent's own protocol. */
final class Latencies {
    private static final int CALIBRATION_NETWORKS = 10;

    private final boolean precise;

    /** @param precise or operators at a glance, a few seconds instead of a minute */
    Latencies(boolean precise) {
        this.precise = precise;
    }

    static List<String> devices() {
        return List.of("ort-cpu", "ort-cpu-nchw");
    }

    CostTable table(SearchSpace space, String device) {
        try (var probe = probe(device)) {
            var operators = new LinkedHashMap<OperatorSignature, Double>();
            for (var batch : batches(space.signatures())) {
                operators.putAll(micros(precise ? probe.operators(batch) : probe.glance(batch)));
            }
            var calibration = CalibrationNetworks.of(space, CALIBRATION_NETWORKS);
            return CostTable.of(device, 1, space, operators, micros(probe.networks(space, calibration)));
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
}
