package org.dartscc.trainer.alpha;

import java.util.Arrays;
import java.util.Random;

import org.dartscc.model.selection.GroupTables;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.Group;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.SearchSpace;

/** From logits to architectures. */
public final class Discretisation {
    private final SearchSpace space;
    private final OptionLayout layout;

    public Discretisation(SearchSpace space) {
        this.space = space;
        this.layout = new OptionLayout(space);
    }

    /**
     * The likeliest allowed assignment of each group, which is the strongest option where a decision stands alone. Where
     * a node keeps so many of its edges, DARTS' rule: those whose strongest operation other than none weighs most, each
     * with that operation; which is the allowed assignment with the largest sum of weights. A network that would not
     * lead to the logits takes the least costly change, in likelihood, that makes it do so.
     */
    public Genotype strongest(double[] logits) {
        var weights = layout.table(Relaxation.softmax(layout, logits).weights());
        var indices = new int[space.decisions().size()];
        var sums = new double[space.groups().size()][];
        for (int g = 0; g < sums.length; g++) {
            sums[g] = GroupTables.sums(
                    space.groups().get(g), scores(space.groups().get(g), weights));
            space.assign(indices, g, argmax(sums[g]));
        }
        return space.genotype(space.isConnected(indices) ? indices : connected(indices, sums));
    }

    private double[][] scores(Group group, double[][] weights) {
        int first = group.decisions().get(0);
        int none = space.decisions().get(first).options().indexOf(Operator.NONE);
        boolean keeps = none >= 0 && group.keepsFixedNumber(none);
        var scores = new double[weights.length][];
        for (int d : group.decisions()) {
            scores[d] = Arrays.stream(weights[d])
                    .map(w -> keeps ? w : Math.log(Math.max(w, 1e-300)))
                    .toArray();
            if (keeps) {
                scores[d][none] = 0;
            }
        }
        return scores;
    }

    private static int argmax(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    /** One group changed; two where one is not enough; the cheapest network where no two are. */
    private int[] connected(int[] indices, double[][] sums) {
        int[] best = null;
        double leastLoss = Double.POSITIVE_INFINITY;
        for (int a = 0; a < sums.length; a++) {
            for (int b = a; b < sums.length; b++) {
                for (int k = 0; k < sums[a].length; k++) {
                    for (int l = 0; l < (a == b ? 1 : sums[b].length); l++) {
                        var trial = indices.clone();
                        space.assign(trial, a, k);
                        double loss = loss(sums[a], k);
                        if (a != b) {
                            space.assign(trial, b, l);
                            loss += loss(sums[b], l);
                        }
                        if (loss < leastLoss && space.isConnected(trial)) {
                            leastLoss = loss;
                            best = trial;
                        }
                    }
                }
            }
        }
        return best == null ? space.indices(space.cheapest()) : best;
    }

    private static double loss(double[] sums, int k) {
        return sums[argmax(sums)] - sums[k];
    }

    /** Draws each group's assignment with a probability proportional to the product of its options'. */
    public Genotype sample(double[] logits, Random random) {
        var table = layout.table(logits);
        var sums = space.groups().stream().map(g -> GroupTables.sums(g, table)).toArray(double[][]::new);
        return space.sample(random, (group, r) -> draw(sums[group], r));
    }

    private static int draw(double[] logits, Random random) {
        // The largest of logits with Gumbel noise is a draw from their softmax.
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < logits.length; k++) {
            double score = logits[k] - Math.log(-Math.log(1 - random.nextDouble()));
            if (score > most) {
                most = score;
                best = k;
            }
        }
        return best;
    }

    /** ln of the probability of an architecture, decision by decision. */
    public double logLikelihood(double[] logits, Genotype genotype) {
        var weights = layout.table(Relaxation.softmax(layout, logits).weights());
        var indices = space.indices(genotype);
        double sum = 0;
        for (int d = 0; d < indices.length; d++) {
            sum += Math.log(Math.max(weights[d][indices[d]], 1e-300));
        }
        return sum;
    }
}
