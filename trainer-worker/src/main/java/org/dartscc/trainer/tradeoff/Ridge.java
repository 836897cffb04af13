package org.dartscc.trainer.tradeoff;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;

/**
 * Ridge regression of ln(error) on the options taken. The penalty is the one with the least squared error on subnets
 * left out one at a time, which ridge gives in closed form.
 *
 * <p>What the sum leaves over of an evaluated subnet is partly the chance of which images were looked at, whose variance
 * is known, (1 - error) / (error images); the rest is how its options interact. Of it the subnet keeps the second share:
 * the best linear prediction when a normal deviation of its own is added to every architecture's sum.
 */
final class Ridge {
    private static final double[] PENALTIES = {.03, .1, .3, 1, 3, 10, 30};
    private static final int LEAST_FOR_RANKING = 8;

    private final SearchSpace space;
    private final List<int[]> subnets;
    private final int images;
    private final double[][] features;
    private final double[] targets;
    private final double[] featureMeans;
    private final double targetMean;

    private Ridge(SearchSpace space, Map<Genotype, Double> logErrors, int images) {
        this.space = space;
        this.images = images;
        this.subnets = logErrors.keySet().stream().map(space::indices).toList();
        this.features = subnets.stream().map(this::oneHot).toArray(double[][]::new);
        this.featureMeans = means(features);
        var values =
                logErrors.values().stream().mapToDouble(Double::doubleValue).toArray();
        this.targetMean = Arrays.stream(values).average().orElseThrow();
        for (var row : features) {
            for (int j = 0; j < row.length; j++) {
                row[j] -= featureMeans[j];
            }
        }
        this.targets = Arrays.stream(values).map(y -> y - targetMean).toArray();
    }

    /** Fits an estimate to ln(1 - accuracy) of each evaluated subnet, at least one, over so many images. */
    static AccuracyEstimate fit(SearchSpace space, Map<Genotype, Double> logErrors, int images) {
        return new Ridge(space, logErrors, images).best();
    }

    private double[] oneHot(int[] indices) {
        var row = new double
                [space.decisions().stream().mapToInt(d -> d.options().size()).sum()];
        int offset = 0;
        for (int d = 0; d < indices.length; d++) {
            row[offset + indices[d]] = 1;
            offset += space.decisions().get(d).options().size();
        }
        return row;
    }

    private static double[] means(double[][] rows) {
        var means = new double[rows[0].length];
        for (var row : rows) {
            for (int j = 0; j < row.length; j++) {
                means[j] += row[j] / rows.length;
            }
        }
        return means;
    }

    /** A fit, and what it would have said of each subnet without having seen it. */
    private record Fit(double[] coefficients, double[] leftOut) {}

    private AccuracyEstimate best() {
        var fits = Arrays.stream(PENALTIES).mapToObj(this::fit).toList();
        var best = Collections.min(fits, java.util.Comparator.comparingDouble(this::leftOutError));
        double ranking = targets.length < LEAST_FOR_RANKING ? 0 : ranking(best);
        return new AccuracyEstimate(targetMean, effects(best.coefficients()), targets.length, ranking, known(best));
    }

    /**
     * Kendall's tau of what was said of the subnets left out, each relative to the mean of the others: that mean is the
     * lower, the higher the one left out, and would rank where nothing else does, the wrong way round.
     */
    private double ranking(Fit fit) {
        int n = targets.length;
        var effects = new double[n];
        Arrays.setAll(effects, i -> fit.leftOut()[i] + targets[i] / (n - 1));
        return KendallTau.of(effects, targets);
    }

    private List<AccuracyEstimate.Known> known(Fit fit) {
        var fitted = Arrays.stream(features)
                .mapToDouble(row -> dot(row, fit.coefficients()))
                .toArray();
        // What is left over is too small with the fit's own error in it, what is left out too large; their product is
        // right on average.
        double variance = 0;
        for (int i = 0; i < targets.length; i++) {
            variance += (targets[i] - fitted[i]) * (targets[i] - fit.leftOut()[i]) / targets.length;
        }
        var known = new ArrayList<AccuracyEstimate.Known>();
        for (int i = 0; i < targets.length; i++) {
            double error = Math.exp(targetMean + targets[i]);
            double chance = variance <= 0 ? 1 : Math.min(1, (1 - error) / (error * images) / variance);
            double deviation = (1 - chance) * (targets[i] - fitted[i]);
            known.add(new AccuracyEstimate.Known(
                    Arrays.stream(subnets.get(i)).boxed().toList(), targetMean + fitted[i] + deviation));
        }
        return known;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int j = 0; j < a.length; j++) {
            sum += a[j] * b[j];
        }
        return sum;
    }

    private double leftOutError(Fit fit) {
        double sum = 0;
        for (int i = 0; i < targets.length; i++) {
            double error = fit.leftOut()[i] - targets[i];
            sum += error * error;
        }
        return sum;
    }

    /**
     * With as many subnets n as features or fewer, the dual form (K + penalty I) a = y, K = X Xt, is the smaller. The
     * intercept is not penalised and has seen a subnet, too: its share of that, 1 / n, is taken out with it.
     */
    private Fit fit(double penalty) {
        int n = targets.length;
        var inverse = SymmetricMatrix.inverse(gramPlus(penalty));
        var dual = new double[n];
        var leftOut = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                dual[i] += inverse[i][j] * targets[j];
            }
            leftOut[i] = n == 1 ? 0 : targets[i] - dual[i] / (inverse[i][i] - 1 / (n * penalty));
        }
        var coefficients = new double[featureMeans.length];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < coefficients.length; j++) {
                coefficients[j] += dual[i] * features[i][j];
            }
        }
        return new Fit(coefficients, leftOut);
    }

    private double[][] gramPlus(double penalty) {
        int n = targets.length;
        var gram = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = i == j ? penalty : 0;
                for (int f = 0; f < featureMeans.length; f++) {
                    sum += features[i][f] * features[j][f];
                }
                gram[i][j] = sum;
                gram[j][i] = sum;
            }
        }
        return gram;
    }

    /** Effects relative to the mean over the evaluated subnets, so that the intercept is their mean. */
    private List<List<Double>> effects(double[] coefficients) {
        var effects = new ArrayList<List<Double>>();
        int offset = 0;
        for (var decision : space.decisions()) {
            int options = decision.options().size();
            double mean = 0;
            for (int o = offset; o < offset + options; o++) {
                mean += featureMeans[o] * coefficients[o];
            }
            var row = new ArrayList<Double>();
            for (int o = offset; o < offset + options; o++) {
                row.add(coefficients[o] - mean);
            }
            effects.add(row);
            offset += options;
        }
        return effects;
    }
}
