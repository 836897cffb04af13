package org.dartscc.benchmarks.fidelity;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How predictions compare with the truth.
 *
 * @param within10Percent share of the networks, in [0, 1], predicted to within 10 %
 * @param within5Percent the same for 5 %
 * @param mape mean absolute error as a share of the truth, as .03
 * @param kendall rank correlation tau-b
 * @param spearman rank correlation
 */
record Score(double within10Percent, double within5Percent, double mape, double kendall, double spearman) {

    static Score of(double[] predicted, double[] truth) {
        double within10 = 0;
        double within5 = 0;
        double error = 0;
        for (int i = 0; i < truth.length; i++) {
            double relative = Math.abs(predicted[i] / truth[i] - 1);
            within10 += relative <= .1 ? 1 : 0;
            within5 += relative <= .05 ? 1 : 0;
            error += relative;
        }
        return new Score(
                within10 / truth.length,
                within5 / truth.length,
                error / truth.length,
                Ranks.kendall(predicted, truth),
                Ranks.spearman(predicted, truth));
    }

    static Score mean(List<Score> scores) {
        return new Score(
                mean(scores, Score::within10Percent),
                mean(scores, Score::within5Percent),
                mean(scores, Score::mape),
                mean(scores, Score::kendall),
                mean(scores, Score::spearman));
    }

    private static double mean(List<Score> scores, ToDoubleFunction<Score> value) {
        return scores.stream().mapToDouble(value).average().orElseThrow();
    }

    /** The worst of each figure, which may be of different splits. */
    static Score worst(List<Score> scores) {
        return new Score(
                least(scores, Score::within10Percent),
                least(scores, Score::within5Percent),
                scores.stream().mapToDouble(Score::mape).max().orElseThrow(),
                least(scores, Score::kendall),
                least(scores, Score::spearman));
    }

    private static double least(List<Score> scores, ToDoubleFunction<Score> value) {
        return scores.stream().mapToDouble(value).min().orElseThrow();
    }
}
