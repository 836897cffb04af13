package org.dartscc.model.space;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Decisions that are taken together, and the joint assignments allowed for them: {@code assignments.get(k).get(i)} is
 * the option index of {@code decisions.get(i)} in the k-th assignment. Most groups hold one decision with all its
 * options; in the DARTS space the edges of a node form a group that keeps two of them. Costs and accuracy effects are
 * additive over groups, which is what makes exact selection possible.
 */
public record Group(List<Integer> decisions, List<List<Integer>> assignments) {
    public Group {
        decisions = List.copyOf(decisions);
        assignments = assignments.stream().map(List::copyOf).toList();
        if (decisions.isEmpty() || assignments.isEmpty()) {
            throw new IllegalArgumentException("a group needs decisions and assignments");
        }
    }

    /** A decision that depends on no other. */
    public static Group single(int decision, int options) {
        return new Group(
                List.of(decision),
                IntStream.range(0, options).mapToObj(List::of).toList());
    }
}
