package org.dartscc.agent.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.model.turn.MachineTurn;

/**
 * Not a test: prints what the protocol is worth on this machine. Arguments: space, profiles separated by commas, number
 * of whole networks. For each profile the table twice, in probes of their own, its repeatability, and how well fixed +
 * scale * sum predicts the networks left out of the calibration; then the rank flips between the profiles.
 */
public final class TableReport {
    private static final int CALIBRATION_NETWORKS = 10;
    private static final double REVERSAL = 1.1;

    private TableReport() {}

    public static void main(String[] args) {
        var space = new SpaceSpec(args[0], new Shape(1, 28, 28), 10).create();
        var tables = new LinkedHashMap<String, List<Map<OperatorSignature, Double>>>();
        for (var name : args[1].split(",", -1)) {
            var profile = Profile.of(name);
            var first = table(profile, space);
            var second = table(profile, space);
            tables.put(name, List.of(first, second));
            System.out.printf(
                    "%s: repeat Kendall %.3f, median difference %.1f %%, worst %.1f %%, flips %d%n",
                    name,
                    kendall(values(space, first), values(space, second)),
                    100 * difference(first, second, .5),
                    100 * difference(first, second, 1),
                    flips(first, second));
            first.forEach((s, micros) -> System.out.printf("  %-28s %8.2f %8.2f%n", s, micros, second.get(s)));
            networks(profile, space, first, Integer.parseInt(args[2]));
        }
        var names = List.copyOf(tables.keySet());
        for (int a = 0; a < names.size(); a++) {
            for (int b = a + 1; b < names.size(); b++) {
                var one = tables.get(names.get(a));
                var other = tables.get(names.get(b));
                System.out.printf(
                        "%s against %s: %d flips (%d in the replicates) of %d pairs%n",
                        names.get(a),
                        names.get(b),
                        flips(one.get(0), other.get(0)),
                        flips(one.get(1), other.get(1)),
                        one.get(0).size() * (one.get(0).size() - 1) / 2);
            }
        }
    }

    private static Map<OperatorSignature, Double> table(Profile profile, SearchSpace space) {
        long start = System.nanoTime();
        try (var probe = new Probe(profile, MachineTurn.free(), () -> false, Double.POSITIVE_INFINITY)) {
            var table = new LinkedHashMap<OperatorSignature, Double>();
            int samples = 0;
            int noisy = 0;
            var signatures = space.signatures();
            for (int from = 0; from < signatures.size(); from += Probe.BATCH) {
                var batch = signatures.subList(from, Math.min(signatures.size(), from + Probe.BATCH));
                for (var e : probe.operators(batch).entrySet()) {
                    var estimate = ((Reading.Measured) e.getValue()).estimate();
                    table.put(e.getKey(), estimate.medianMicros());
                    samples += estimate.samples();
                    noisy += estimate.quiet() ? 0 : 1;
                }
            }
            System.out.printf(
                    "%s: %d operators in %.1f s, %.1f samples each, %d noisy, reference %.2f us%n",
                    profile.name(),
                    table.size(),
                    (System.nanoTime() - start) / 1e9,
                    1.0 * samples / table.size(),
                    noisy,
                    probe.referenceMicros());
            return table;
        }
    }

    private static void networks(Profile profile, SearchSpace space, Map<OperatorSignature, Double> table, int count) {
        var random = new Random(7);
        var genotypes = new ArrayList<Genotype>(List.of(space.cheapest(), space.costliest()));
        while (genotypes.size() < count + CALIBRATION_NETWORKS) {
            genotypes.add(space.random(random));
        }
        var truths = new HashMap<Genotype, Double>();
        var again = new HashMap<Genotype, Double>();
        long start = System.nanoTime();
        try (var probe = new Probe(profile, MachineTurn.free(), () -> false, Double.POSITIVE_INFINITY)) {
            for (var into : List.of(truths, again)) {
                for (int from = 0; from < genotypes.size(); from += Probe.BATCH) {
                    var batch = genotypes.subList(from, Math.min(genotypes.size(), from + Probe.BATCH));
                    probe.networks(space, batch)
                            .forEach((g, r) -> into.put(
                                    g, ((Reading.Measured) r).estimate().medianMicros()));
                }
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        var x = genotypes.stream().mapToDouble(g -> sum(space, table, g)).toArray();
        var y = genotypes.stream().mapToDouble(truths::get).toArray();
        var y2 = genotypes.stream().mapToDouble(again::get).toArray();
        for (int i = 0; i < x.length; i++) {
            System.out.printf("  %8.2f %8.2f %8.2f %s%n", x[i], y[i], y2[i], genotypes.get(i));
        }
        var line = fit(Arrays.copyOf(x, CALIBRATION_NETWORKS), Arrays.copyOf(y, CALIBRATION_NETWORKS));
        var test = Arrays.copyOfRange(y, CALIBRATION_NETWORKS, y.length);
        var predicted = Arrays.stream(Arrays.copyOfRange(x, CALIBRATION_NETWORKS, x.length))
                .map(v -> line[0] + line[1] * v)
                .toArray();
        int within10 = 0;
        int within5 = 0;
        double error = 0;
        double repeat = 0;
        for (int i = 0; i < test.length; i++) {
            double relative = Math.abs(predicted[i] / test[i] - 1);
            within10 += relative <= .1 ? 1 : 0;
            within5 += relative <= .05 ? 1 : 0;
            error += relative / test.length;
            repeat += Math.abs(y2[CALIBRATION_NETWORKS + i] / test[i] - 1) / test.length;
        }
        System.out.printf(
                "%s: %d networks twice in %.1f s, %.0f..%.0f us, fixed %.1f us, scale %.3f; of %d left out: "
                        + "%d within 10 %%, %d within 5 %%, mean error %.1f %%, Kendall %.3f; truth repeats to "
                        + "%.1f %%, Kendall %.3f%n",
                profile.name(),
                genotypes.size(),
                seconds,
                Arrays.stream(y).min().getAsDouble(),
                Arrays.stream(y).max().getAsDouble(),
                line[0],
                line[1],
                test.length,
                within10,
                within5,
                100 * error,
                kendall(predicted, test),
                100 * repeat,
                kendall(test, Arrays.copyOfRange(y2, CALIBRATION_NETWORKS, y2.length)));
    }

    private static double sum(SearchSpace space, Map<OperatorSignature, Double> table, Genotype genotype) {
        var costs =
                space.table((position, operator) -> operator.isAbsent() ? 0 : table.get(position.signature(operator)));
        var indices = space.indices(genotype);
        double sum = 0;
        for (int d = 0; d < indices.length; d++) {
            sum += costs[d][indices[d]];
        }
        return sum;
    }

    /** Least squares of the relative error. */
    private static double[] fit(double[] x, double[] y) {
        double w = 0;
        double wx = 0;
        double wy = 0;
        double wxx = 0;
        double wxy = 0;
        for (int i = 0; i < x.length; i++) {
            double weight = 1 / (y[i] * y[i]);
            w += weight;
            wx += weight * x[i];
            wy += weight * y[i];
            wxx += weight * x[i] * x[i];
            wxy += weight * x[i] * y[i];
        }
        double slope = (w * wxy - wx * wy) / (w * wxx - wx * wx);
        return new double[] {(wy - slope * wx) / w, slope};
    }

    private static double[] values(SearchSpace space, Map<OperatorSignature, Double> table) {
        return space.signatures().stream().mapToDouble(table::get).toArray();
    }

    private static double difference(
            Map<OperatorSignature, Double> a, Map<OperatorSignature, Double> b, double quantile) {
        return Quantiles.quantile(
                a.keySet().stream()
                        .mapToDouble(s -> Math.abs(b.get(s) / a.get(s) - 1))
                        .toArray(),
                quantile);
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

    static double kendall(double[] a, double[] b) {
        int agreement = 0;
        int pairs = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                agreement += (int) (Math.signum(a[i] - a[j]) * Math.signum(b[i] - b[j]));
                pairs++;
            }
        }
        return (double) agreement / pairs;
    }
}
