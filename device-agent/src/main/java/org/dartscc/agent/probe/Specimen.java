package org.dartscc.agent.probe;

import java.util.List;

/**
 * What a cost is worked out for: runs that are timed side by side in one turn, so that a drift of the machine's speed
 * hits all of them alike, and the cost that follows from their times.
 */
record Specimen(List<? extends Run> runs, Cost cost) {

    /** A whole network: its cost is the time of its run. */
    static Specimen network(Run run) {
        return new Specimen(List.of(run), micros -> micros[0]);
    }

    /**
     * Node slope: the same carrier with few and with many copies of an operator. What both share (stem, head, layout
     * changes at the edges, the call itself) cancels out, which an operator measured alone would be charged for.
     *
     * @param copies how many copies of the operator the second carrier has more than the first
     */
    static Specimen slope(Run few, Run many, int copies) {
        return new Specimen(List.of(few, many), micros -> (micros[1] - micros[0]) / copies);
    }

    /** From the times of the runs, in microseconds and in their order, to the cost in microseconds. */
    @FunctionalInterface
    interface Cost {
        double of(double[] micros);
    }
}
