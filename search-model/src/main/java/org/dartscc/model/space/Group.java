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

    /**
     * Whether every assignment leaves out equally many of the decisions, as a node that keeps two edges does: then
     * {@code none} is where the others were not kept, and no choice of its own.
     *
     * @param none option index of {@code none} in every decision
     */
    public boolean keepsFixedNumber(int none) {
        return decisions.size() > 1
                && assignments.stream()
                                .map(a -> a.stream().filter(o -> o == none).count())
                                .distinct()
                                .count()
                        == 1;
    }

    /** A decision that depends on no other. */
    public static Group single(int decision, int options) {
        return new Group(
                List.of(decision),
                IntStream.range(0, options).mapToObj(List::of).toList());
    }
}
