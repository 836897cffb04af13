package org.dartscc.benchmarks.paper;

import java.util.List;

import org.dartscc.model.selection.Diagnostics;
import org.dartscc.model.space.Genotype;

/**
 * What one run of a method answers with, its weights taken from the run with no fitting but batch-norm statistics.
 *
 * @param diagnostics what shows whether the method collapsed, and how well it ranks
 * @param cpuSeconds of fitting the trade-off and of evaluating the members
 */
record Family(List<Member> members, Diagnostics diagnostics, double cpuSeconds) {

    /**
     * One architecture of the family.
     *
     * @param setting what it answers to
     * @param device that it was chosen for; null when it was chosen for none
     * @param predictedMicros null without a device
     */
    record Member(
            String method,
            String setting,
            String device,
            Genotype genotype,
            Double predictedMicros,
            double validationAccuracy,
            double testAccuracy) {}
}
