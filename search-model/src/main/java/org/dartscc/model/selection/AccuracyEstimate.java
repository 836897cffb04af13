package org.dartscc.model.selection;

import java.util.Arrays;
import java.util.List;

import org.dartscc.model.space.SearchSpace;

/**
 * Additive surrogate of a genotype's accuracy with inherited weights: ln(error) = intercept + sum over decisions of
 * effects[decision][option], fitted by ridge regression on evaluated subnets.
 *
 * @param intercept mean ln(error) of the evaluated subnets, error = 1 - validation accuracy
 * @param effects [decision][option]
 * @param evaluated number of subnets behind the fit
 * @param rankCorrelation Kendall's tau between estimate and evaluation on subnets left out of the fit; NaN-free, 0 when
 *     there were too few
 */
public record AccuracyEstimate(double intercept, List<List<Double>> effects, int evaluated, double rankCorrelation) {
    public AccuracyEstimate {
        effects = effects.stream().map(List::copyOf).toList();
    }

    /** Estimated validation accuracy in [0, 1] of option indices of the space. */
    public double accuracy(int[] indices) {
        double logError = intercept;
        for (int d = 0; d < indices.length; d++) {
            logError += effects.get(d).get(indices[d]);
        }
        return 1 - Math.min(1, Math.exp(logError));
    }

    /** Effects on ln(error) as a table to minimise: [decision][option]. */
    public double[][] table() {
        return effects.stream()
                .map(row -> row.stream().mapToDouble(Double::doubleValue).toArray())
                .toArray(double[][]::new);
    }

    /** @throws IllegalArgumentException when the estimate is not of this space's shape */
    public void requireFits(SearchSpace space) {
        var expected =
                space.decisions().stream().mapToInt(d -> d.options().size()).toArray();
        var actual = effects.stream().mapToInt(List::size).toArray();
        if (!Arrays.equals(expected, actual)) {
            throw new IllegalArgumentException("an accuracy estimate of options " + Arrays.toString(actual)
                    + " does not fit the space " + space.name());
        }
    }
}
