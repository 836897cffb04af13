package org.dartscc.trainer.tradeoff;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;

/**
 * NSGA-II (Deb et al., 2002): the best by rank of non-domination, then by crowding, are the parents of the next
 * generation; decisions cross over uniformly, and one group in the mean mutates. Nothing is evaluated twice.
 */
final class Nsga2 {
    private static final int SMALLEST_POPULATION = 8;
    private static final int GENERATIONS = 4;
    private static final int MOST_ATTEMPTS = 50;
    private static final int DRAWN_FOR_MUTATION = 32;

    private final SearchSpace space;
    private final Function<Genotype, double[]> objectives;
    private final Random random;

    /** @param objectives of a genotype, all to be minimised */
    Nsga2(SearchSpace space, Function<Genotype, double[]> objectives, Random random) {
        this.space = space;
        this.objectives = objectives;
        this.random = random;
    }

    /** Everything that was evaluated: at most so many. */
    List<Genotype> evaluate(int budget) {
        int size = Math.max(SMALLEST_POPULATION, budget / GENERATIONS);
        Map<Genotype, double[]> all = new LinkedHashMap<>();
        for (int i = 0; i < MOST_ATTEMPTS * size && all.size() < Math.min(size, budget); i++) {
            all.computeIfAbsent(space.random(random), objectives);
        }
        var parents = survivors(all, size);
        while (all.size() < budget) {
            int before = all.size();
            for (int i = 0; i < MOST_ATTEMPTS * size && all.size() < Math.min(before + size, budget); i++) {
                all.computeIfAbsent(child(parents), objectives);
            }
            if (all.size() == before) {
                break;
            }
            parents = survivors(all, size);
        }
        return List.copyOf(all.keySet());
    }

    /** Parents are better the earlier they stand. */
    private Genotype child(List<Genotype> parents) {
        for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
            var mother = space.indices(winner(parents));
            var father = space.indices(winner(parents));
            var child = mother.clone();
            for (int g = 0; g < space.groups().size(); g++) {
                cross(child, father, g);
                if (random.nextInt(space.groups().size()) == 0) {
                    mutate(child, g);
                }
            }
            if (space.isConnected(child)) {
                return space.genotype(child);
            }
        }
        return space.random(random);
    }

    /** Decision by decision where that is allowed; else the whole group of one parent. */
    private void cross(int[] child, int[] father, int g) {
        var group = space.groups().get(g);
        var mixed = group.decisions().stream()
                .map(d -> random.nextBoolean() ? father[d] : child[d])
                .toList();
        if (group.assignments().contains(mixed)) {
            for (int i = 0; i < mixed.size(); i++) {
                child[group.decisions().get(i)] = mixed.get(i);
            }
        } else if (random.nextBoolean()) {
            group.decisions().forEach(d -> child[d] = father[d]);
        }
    }

    /** To the nearest of a few drawn assignments that differs. */
    private void mutate(int[] child, int g) {
        var group = space.groups().get(g);
        int nearest = -1;
        int leastChanges = Integer.MAX_VALUE;
        for (int i = 0; i < DRAWN_FOR_MUTATION; i++) {
            int k = random.nextInt(group.assignments().size());
            int changes = 0;
            for (int m = 0; m < group.decisions().size(); m++) {
                changes += group.assignments().get(k).get(m)
                                == child[group.decisions().get(m)]
                        ? 0
                        : 1;
            }
            if (changes > 0 && changes < leastChanges) {
                nearest = k;
                leastChanges = changes;
            }
        }
        if (nearest >= 0) {
            space.assign(child, g, nearest);
        }
    }

    private Genotype winner(List<Genotype> parents) {
        return parents.get(Math.min(random.nextInt(parents.size()), random.nextInt(parents.size())));
    }

    private static List<Genotype> survivors(Map<Genotype, double[]> all, int size) {
        var survivors = new ArrayList<Genotype>();
        var left = new ArrayList<>(all.keySet());
        while (survivors.size() < size && !left.isEmpty()) {
            var front = left.stream()
                    .filter(g -> left.stream().noneMatch(o -> dominates(all.get(o), all.get(g))))
                    .toList();
            survivors.addAll(byCrowding(front, all));
            left.removeAll(front);
        }
        return survivors.subList(0, Math.min(size, survivors.size()));
    }

    private static boolean dominates(double[] a, double[] b) {
        boolean better = false;
        for (int i = 0; i < a.length; i++) {
            if (a[i] > b[i]) {
                return false;
            }
            better |= a[i] < b[i];
        }
        return better;
    }

    /** Those with the emptiest surroundings first. */
    private static List<Genotype> byCrowding(List<Genotype> front, Map<Genotype, double[]> all) {
        var distances = new LinkedHashMap<Genotype, Double>();
        front.forEach(g -> distances.put(g, 0.0));
        int count = all.get(front.get(0)).length;
        for (int o = 0; o < count; o++) {
            int objective = o;
            var sorted = new ArrayList<>(front);
            sorted.sort(Comparator.comparingDouble(g -> all.get(g)[objective]));
            double range = Math.max(1e-12, all.get(sorted.get(sorted.size() - 1))[o] - all.get(sorted.get(0))[o]);
            for (int i = 0; i < sorted.size(); i++) {
                double gap = i == 0 || i == sorted.size() - 1
                        ? Double.POSITIVE_INFINITY
                        : (all.get(sorted.get(i + 1))[o] - all.get(sorted.get(i - 1))[o]) / range;
                distances.merge(sorted.get(i), gap, Double::sum);
            }
        }
        var byDistance = new ArrayList<>(front);
        byDistance.sort(
                Comparator.comparingDouble((Genotype g) -> distances.get(g)).reversed());
        return byDistance;
    }
}
