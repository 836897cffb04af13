package org.dartscc.agent.probe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.model.turn.MachineTurn;

/**
 * How well a network's latency repeats itself, looked at in one go and over twenty seconds, in turns: {@code RepeatReport
 * SPACE NETWORKS REPEATS}. Prints the standard deviation over the repeats as a share of the mean.
 */
final class RepeatReport {
    private RepeatReport() {}

    public static void main(String[] args) {
        var space = new SpaceSpec(args[0], new Shape(1, 28, 28), 10).create();
        var random = new Random(5);
        var genotypes = new ArrayList<Genotype>(List.of(space.cheapest(), space.costliest()));
        while (genotypes.size() < Integer.parseInt(args[1])) {
            genotypes.add(space.random(random));
        }
        var inOneGo = new LinkedHashMap<Genotype, List<Double>>();
        var apart = new LinkedHashMap<Genotype, List<Double>>();
        try (var probe =
                new Probe(Profile.of(Profile.DEFAULT), MachineTurn.free(), () -> false, Double.POSITIVE_INFINITY)) {
            for (int i = 0; i < Integer.parseInt(args[2]); i++) {
                add(inOneGo, probe.glance(space, genotypes));
                add(apart, probe.networks(space, genotypes));
            }
        }
        System.out.printf("in one go %.1f %%, twenty seconds %.1f %%%n", 100 * spread(inOneGo), 100 * spread(apart));
        genotypes.forEach(g -> System.out.printf(
                "%s: in one go %s, twenty seconds %s%n", g, rounded(inOneGo.get(g)), rounded(apart.get(g))));
    }

    private static void add(Map<Genotype, List<Double>> all, Map<Genotype, Reading> readings) {
        readings.forEach((genotype, reading) -> all.computeIfAbsent(genotype, g -> new ArrayList<>())
                .add(((Reading.Measured) reading).estimate().medianMicros()));
    }

    /** Mean over the networks. */
    private static double spread(Map<Genotype, List<Double>> all) {
        return all.values().stream().mapToDouble(RepeatReport::spread).average().orElseThrow();
    }

    private static double spread(List<Double> micros) {
        double mean = micros.stream().mapToDouble(m -> m).average().orElseThrow();
        double squares =
                micros.stream().mapToDouble(m -> (m - mean) * (m - mean)).sum();
        return Math.sqrt(squares / (micros.size() - 1)) / mean;
    }

    private static List<Long> rounded(List<Double> micros) {
        return micros.stream().map(Math::round).toList();
    }
}
