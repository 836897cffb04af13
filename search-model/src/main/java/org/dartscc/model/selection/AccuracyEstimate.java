package org.dartscc.model.selection;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.dartscc.model.space.SearchSpace;

/**
 * Surrogate of a genotype's accuracy with inherited weights: ln(error) = intercept + sum over decisions of
 * effects[decision][option], fitted by ridge regression on evaluated subnets. Options of a cell interact, which no sum
 * tells, so that the evaluated subnets themselves are estimated by what was seen of them.
 *
 * @param intercept mean ln(error) of the evaluated subnets, error = 1 - validation accuracy
 * @param effects [decision][option]
 * @param evaluated number of subnets behind the fit
 * @param rankCorrelation Kendall's tau between estimate and evaluation on subnets left out of the fit; NaN-free, 0 when
 *     there were too few
 * @param known the evaluated subnets
 */
public record AccuracyEstimate(
        double intercept, List<List<Double>> effects, int evaluated, double rankCorrelation, List<Known> known) {
    public AccuracyEstimate {
        effects = effects.stream().map(List::copyOf).toList();
        // Estimates that were stored before there was such a list have none.
        known = known == null ? List.of() : List.copyOf(known);
    }

    /** Without evaluated subnets. */
    public AccuracyEstimate(double intercept, List<List<Double>> effects, int evaluated, double rankCorrelation) {
        this(intercept, effects, evaluated, rankCorrelation, List.of());
    }

    /** The same without evaluated subnets: sums alone. */
    public AccuracyEstimate sums() {
        return new AccuracyEstimate(intercept, effects, evaluated, rankCorrelation);
    }

    /**
     * An evaluated subnet.
     *
     * @param options indices by decision
     * @param logError ln(error), between the sum and what was seen, by how much of the difference chance explains
     */
    public record Known(List<Integer> options, double logError) {
        public Known {
            options = List.copyOf(options);
        }

        boolean is(int[] indices) {
            for (int d = 0; d < indices.length; d++) {
                if (options.get(d) != indices[d]) {
                    return false;
                }
            }
            return true;
        }

        int[] indices() {
            return options.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    /** Estimated validation accuracy in [0, 1] of option indices of the space. */
    public double accuracy(int[] indices) {
        return 1 - Math.min(1, Math.exp(logError(indices)));
    }

    private double logError(int[] indices) {
        for (var subnet : known) {
            if (subnet.is(indices)) {
                return subnet.logError;
            }
        }
        double logError = intercept;
        for (int d = 0; d < indices.length; d++) {
            logError += effects.get(d).get(indices[d]);
        }
        return logError;
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
        for (var subnet : known) {
            var options = subnet.options();
            boolean fits = options.size() == expected.length
                    && IntStream.range(0, expected.length)
                            .allMatch(d -> options.get(d) >= 0 && options.get(d) < expected[d]);
            if (!fits) {
                throw new IllegalArgumentException(
                        "an evaluated subnet of options " + options + " does not fit the space " + space.name());
            }
        }
    }
}
