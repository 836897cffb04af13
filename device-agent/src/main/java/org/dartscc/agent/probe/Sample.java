package org.dartscc.agent.probe;

/**
 * One look at a specimen, between two looks at the reference operator. All times in microseconds.
 *
 * @param cost what its blocks' medians give
 * @param p90 the same from the blocks' 90th percentiles
 * @param runs single runs behind it
 * @param before the reference operator's median before
 * @param after the reference operator's median after
 */
record Sample(double cost, double p90, int runs, double before, double after) {

    /** The slower one of the reference's two times: high when the machine was disturbed. */
    double worstReference() {
        return Math.max(before, after);
    }

    double meanReference() {
        return (before + after) / 2;
    }
}
