package org.dartscc.benchmarks.tabular;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A method's true evaluations on one device: it sees a cell's error and latency only by spending one. */
final class Trials {
    private final double[] chooseError;
    private final Device device;
    private final int limit;
    private final Set<Integer> evaluated = new LinkedHashSet<>();

    Trials(TabularData data, Device device, int limit) {
        this.chooseError = data.chooseError();
        this.device = device;
        this.limit = limit;
    }

    boolean isSpent() {
        return evaluated.size() >= limit;
    }

    /** @throws IllegalStateException when no evaluation is left */
    Evaluation evaluate(int cell) {
        if (!evaluated.contains(cell) && isSpent()) {
            throw new IllegalStateException("all " + limit + " evaluations are spent");
        }
        evaluated.add(cell);
        return new Evaluation(cell, chooseError[cell], device.latency(cell));
    }

    /** In the order in which they were made. */
    List<Evaluation> evaluated() {
        return evaluated.stream().map(this::evaluate).toList();
    }

    /**
     * @param error by the values that choose, in percent
     * @param latency in milliseconds
     */
    record Evaluation(int cell, double error, double latency) {}
}
