package org.dartscc.trainer.alpha;

import org.dartscc.model.space.SearchSpace;

/** Where each decision's options lie in one vector over all options of a space: decision after decision. */
public final class OptionLayout {
    private final int[] offsets;

    public OptionLayout(SearchSpace space) {
        this.offsets = new int[space.decisions().size() + 1];
        for (int d = 0; d < space.decisions().size(); d++) {
            offsets[d + 1] = offsets[d] + space.decisions().get(d).options().size();
        }
    }

    public int decisions() {
        return offsets.length - 1;
    }

    /** Length of the vector. */
    public int size() {
        return offsets[offsets.length - 1];
    }

    /** Place of a decision's first option. */
    public int from(int decision) {
        return offsets[decision];
    }

    /** Place after a decision's last option. */
    public int to(int decision) {
        return offsets[decision + 1];
    }

    /** A table by [decision][option] as a vector. */
    public double[] flat(double[][] table) {
        var flat = new double[size()];
        for (int d = 0; d < decisions(); d++) {
            System.arraycopy(table[d], 0, flat, from(d), to(d) - from(d));
        }
        return flat;
    }

    /** A vector as a table by [decision][option]. */
    public double[][] table(double[] flat) {
        var table = new double[decisions()][];
        for (int d = 0; d < table.length; d++) {
            table[d] = java.util.Arrays.copyOfRange(flat, from(d), to(d));
        }
        return table;
    }
}
