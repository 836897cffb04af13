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
    private final Pieces pieces;
    private int disturbed;

    /**
     * @param precise or all at a glance, seconds instead of minutes
     * @param pieces remember how fast a device is undisturbed, so that a later measurement knows a slow spell
     */
    Latencies(boolean precise, Pieces pieces) {
        this.precise = precise;
        this.pieces = pieces;
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
            var networks = micros(networks(probe, space, calibration));
            remember(device, probe);
            return CostTable.of(device, 1, space, operators, networks);
        }
    }

    /** Medians of whole networks with weights that do not matter, in microseconds. */
    Map<Genotype, Double> networks(SearchSpace space, String device, Collection<Genotype> genotypes) {
        try (var probe = probe(device)) {
            var all = new LinkedHashMap<Genotype, Double>();
            for (var batch : batches(new ArrayList<>(new LinkedHashSet<>(genotypes)))) {
                all.putAll(micros(networks(probe, space, batch)));
            }
            remember(device, probe);
            return all;
        }
    }

    private Map<Genotype, Reading> networks(Probe probe, SearchSpace space, List<Genotype> batch) {
        return precise ? probe.networks(space, batch) : probe.glance(space, batch);
    }

    /** Time of the reference operator on a device at its best. */
    record Undisturbed(double referenceMicros) {}

    private Probe probe(String device) {
        return new Probe(Profile.of(device), MachineTurn.free(), () -> false, known(device));
    }

    private double known(String device) {
        return pieces.find(undisturbed(device), Undisturbed.class)
                .map(Undisturbed::referenceMicros)
                .orElse(Double.POSITIVE_INFINITY);
    }

    private void remember(String device, Probe probe) {
        pieces.put(undisturbed(device), new Undisturbed(Math.min(known(device), probe.referenceMicros())));
    }

    private static String undisturbed(String device) {
        return "undisturbed-" + device;
    }

    private static <T> List<List<T>> batches(List<T> all) {
        var batches = new ArrayList<List<T>>();
        for (int from = 0; from < all.size(); from += Probe.BATCH) {
            batches.add(all.subList(from, Math.min(all.size(), from + Probe.BATCH)));
        }
        return batches;
    }

    /** How many of the readings so far were taken on a machine that was never quiet long enough. */
    int disturbed() {
        return disturbed;
    }

    private <T> Map<T, Double> micros(Map<T, Reading> readings) {
        var micros = new LinkedHashMap<T, Double>();
        readings.forEach((thing, reading) -> {
            if (reading instanceof Reading.Measured m) {
                micros.put(thing, m.estimate().medianMicros());
                disturbed += m.estimate().quiet() ? 0 : 1;
            } else if (reading instanceof Reading.NotMeasured n) {
                throw new IllegalStateException(thing + " can't be measured: " + n.reason());
            }
        });
        return micros;
    }
}
