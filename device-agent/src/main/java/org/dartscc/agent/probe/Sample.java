package org.dartscc.agent.probe;

/**
 * One look at a specimen, between two looks at the reference operator. All times in microseconds.
 *
 * @param medians of the blocks of its runs, in the specimen's order
 * @param p90s the blocks' 90th percentiles
 * @param runs single runs behind it
 * @param before the reference operator's median before
 * @param after the reference operator's median after
 */
record Sample(double[] medians, double[] p90s, int runs, double before, double after) {

    /** The slower one of the reference's two times: high when the machine was disturbed. */
    double worstReference() {
        return Math.max(before, after);
    }

    double meanReference() {
        return (before + after) / 2;
    }
}
