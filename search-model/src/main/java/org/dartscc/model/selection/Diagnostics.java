package org.dartscc.model.selection;

import java.util.List;

/**
 * What shows whether a search method collapsed, over the architectures that it answers with.
 *
 * @param skipShare mean share of the decisions that take nothing or the identity, in [0, 1]
 * @param entropy mean entropy of the method's distribution over options relative to the uniform one's, in [0, 1]; null
 *     for methods without a distribution
 * @param rankCorrelation Kendall's tau between the method's own ranking and the evaluated accuracy, on subnets that it
 *     was not fitted on
 * @param architectures number of different ones
 * @param warnings in words for a user; empty when nothing is suspicious
 */
public record Diagnostics(
        double skipShare, Double entropy, Double rankCorrelation, int architectures, List<String> warnings) {
    public Diagnostics {
        warnings = warnings == null ? List.of() : List.copyOf(warnings);
    }
}
