package org.dartscc.model.selection;

import java.util.List;

/** Chooses architectures of one search for one device. */
public interface Selector {
    /**
     * The best architectures within a budget, best accuracy first, the cheaper first among equals; empty when none
     * fits.
     */
    List<Candidate> best(Budget budget, int count);

    /** The Pareto front of predicted latency and accuracy, cheapest first. */
    List<Candidate> front();

    /** Any architecture of the space as a candidate. */
    Candidate candidate(int[] indices);

    /** Predicted latency of any architecture, which takes no look at its network. */
    double latencyMicros(int[] indices);

    /** For each limit of a budget, the smallest that can be kept; together with the others where that can be. */
    Budget smallestFeasible(Budget budget);
}
