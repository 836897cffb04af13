package org.dartscc.model.cost;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;

import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.SearchSpace;

/** Which whole networks a device measures, so that its table can be calibrated. */
public final class CalibrationNetworks {
    private static final int CANDIDATES = 256;

    /** The same networks for all searches of a space, so that a device measures them once. */
    private static final long SEED = 2019;

    private CalibrationNetworks() {}

    /**
     * The cheapest, the costliest, and of random networks in between those that differ most from the ones taken before
     * in how often they use each kind of operator: the scales of kinds that always come together can't be told apart.
     *
     * @return {@code count} networks, or as many as a small space has
     */
    public static List<Genotype> of(SearchSpace space, int count) {
        var drawn = new LinkedHashSet<>(List.of(space.cheapest(), space.costliest()));
        var random = new Random(SEED);
        for (int i = 0; i < CANDIDATES; i++) {
            drawn.add(space.random(random));
        }
        var candidates = new ArrayList<>(drawn);
        var uses = candidates.stream().map(g -> uses(space, g)).toList();
        var chosen = new ArrayList<Integer>();
        var distances = new double[candidates.size()];
        Arrays.fill(distances, Double.POSITIVE_INFINITY);
        while (chosen.size() < Math.min(count, candidates.size())) {
            int next = chosen.size() < 2 ? Math.min(chosen.size(), candidates.size() - 1) : farthest(distances);
            chosen.add(next);
            for (int c = 0; c < distances.length; c++) {
                distances[c] = Math.min(distances[c], squaredDistance(uses.get(c), uses.get(next)));
            }
            // Networks of equal use are at distance 0 of each other, but a chosen one must not come again.
            distances[next] = -1;
        }
        return chosen.stream().map(candidates::get).toList();
    }

    private static int farthest(double[] distances) {
        int farthest = 0;
        for (int c = 1; c < distances.length; c++) {
            farthest = distances[c] > distances[farthest] ? c : farthest;
        }
        return farthest;
    }

    /** By kind of operator: the share of the positions that take it. */
    private static double[] uses(SearchSpace space, Genotype genotype) {
        var uses = new double[Operator.values().length];
        var indices = space.indices(genotype);
        for (var position : space.positions()) {
            var options = space.decisions().get(position.decision()).options();
            uses[options.get(indices[position.decision()]).ordinal()] +=
                    1.0 / space.positions().size();
        }
        return uses;
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }
}
