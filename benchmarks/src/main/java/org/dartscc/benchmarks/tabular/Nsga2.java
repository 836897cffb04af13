package org.dartscc.benchmarks.tabular;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * NSGA-II (Deb et al., 2002) on true evaluations: population 20, binary tournaments by rank and crowding, uniform
 * crossover, mutation of one edge in six on average. Cells evaluated before cost nothing again.
 */
record Nsga2(int evaluations) implements Method {
    private static final int POPULATION = 20;
    private static final double CROSSOVER = .9;
    private static final int FRUITLESS = 1000;

    @Override
    public String name() {
        return "nsga2-" + evaluations;
    }

    @Override
    public OnDevice prepare(Search search, Random random) {
        return (device, own) -> new Run(search.data(), device.truth(), own).outcome();
    }

    /** Evaluations in the order in which they survive: layer by layer, the less crowded first. */
    static List<Trials.Evaluation> survivalOrder(List<Trials.Evaluation> all) {
        var rest = new ArrayList<>(all);
        var order = new ArrayList<Trials.Evaluation>();
        while (!rest.isEmpty()) {
            var layer = rest.stream()
                    .filter(e -> rest.stream().noneMatch(o -> dominates(o, e)))
                    .toList();
            var crowding = crowding(layer);
            order.addAll(layer.stream()
                    .sorted(Comparator.comparingDouble((Trials.Evaluation e) -> crowding.get(e))
                            .reversed())
                    .toList());
            rest.removeAll(layer);
        }
        return order;
    }

    static boolean dominates(Trials.Evaluation a, Trials.Evaluation b) {
        return a.error() <= b.error()
                && a.latency() <= b.latency()
                && (a.error() < b.error() || a.latency() < b.latency());
    }

    private static Map<Trials.Evaluation, Double> crowding(List<Trials.Evaluation> layer) {
        Map<Trials.Evaluation, Double> distances = new HashMap<>();
        addCrowding(layer, Trials.Evaluation::error, distances);
        addCrowding(layer, Trials.Evaluation::latency, distances);
        return distances;
    }

    private static void addCrowding(
            List<Trials.Evaluation> layer,
            ToDoubleFunction<Trials.Evaluation> objective,
            Map<Trials.Evaluation, Double> distances) {
        var sorted =
                layer.stream().sorted(Comparator.comparingDouble(objective)).toList();
        int last = sorted.size() - 1;
        double range = objective.applyAsDouble(sorted.get(last)) - objective.applyAsDouble(sorted.get(0));
        for (int i = 0; i <= last; i++) {
            double distance = i == 0 || i == last
                    ? Double.POSITIVE_INFINITY
                    : (objective.applyAsDouble(sorted.get(i + 1)) - objective.applyAsDouble(sorted.get(i - 1)))
                            / Math.max(range, Double.MIN_NORMAL);
            distances.merge(sorted.get(i), distance, Double::sum);
        }
    }

    private final class Run {
        private final TabularData data;
        private final Device device;
        private final Random random;
        private final Trials trials;

        Run(TabularData data, Device device, Random random) {
            this.data = data;
            this.device = device;
            this.random = random;
            this.trials = new Trials(data, device, evaluations);
        }

        Outcome outcome() {
            while (!trials.isSpent() && trials.evaluated().size() < POPULATION) {
                trials.evaluate(anyCell());
            }
            var population = survivalOrder(trials.evaluated());
            while (!trials.isSpent()) {
                var all = new ArrayList<>(population);
                for (int i = 0; i < POPULATION && !trials.isSpent(); i++) {
                    all.add(trials.evaluate(child(population)));
                }
                population = survivalOrder(all).subList(0, POPULATION);
            }
            return Outcome.evaluated(trials, device);
        }

        private int anyCell() {
            var cells = data.cells();
            return cells[random.nextInt(cells.length)];
        }

        /** A new cell; a random one when the population gives none. */
        private int child(List<Trials.Evaluation> population) {
            var before = new HashSet<>(
                    trials.evaluated().stream().map(Trials.Evaluation::cell).toList());
            for (int attempt = 0; attempt < FRUITLESS; attempt++) {
                int child = crossed(parent(population), parent(population));
                if (data.takesPart(child) && !before.contains(child)) {
                    return child;
                }
            }
            return anyCell();
        }

        /** The earlier of two in the order of survival. */
        private int[] parent(List<Trials.Evaluation> population) {
            int first = Math.min(random.nextInt(population.size()), random.nextInt(population.size()));
            return Cells.digits(population.get(first).cell());
        }

        private int crossed(int[] mother, int[] father) {
            var child = mother.clone();
            boolean crossing = random.nextDouble() < CROSSOVER;
            for (int e = 0; e < child.length; e++) {
                child[e] = crossing && random.nextBoolean() ? father[e] : child[e];
                child[e] = random.nextInt(Cells.EDGES) == 0 ? random.nextInt(Cells.OPTIONS) : child[e];
            }
            return Cells.of(child);
        }
    }
}
