package org.dartscc.model.selection;

import org.dartscc.model.space.Group;

/** From tables by [decision][option] to sums by assignment of a group. */
public final class GroupTables {
    private GroupTables() {}

    /** Sum of a table over each assignment of the group. */
    public static double[] sums(Group group, double[][] table) {
        var sums = new double[group.assignments().size()];
        for (int k = 0; k < sums.length; k++) {
            var assignment = group.assignments().get(k);
            for (int i = 0; i < assignment.size(); i++) {
                sums[k] += table[group.decisions().get(i)][assignment.get(i)];
            }
        }
        return sums;
    }
}
