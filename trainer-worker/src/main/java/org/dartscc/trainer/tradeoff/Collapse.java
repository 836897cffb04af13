package org.dartscc.trainer.tradeoff;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.dartscc.model.selection.Diagnostics;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.SearchSpace;

/**
 * Whether a search collapsed: mixtures tend to skip connections or to nothing at all, and what a method prefers may be
 * worse than chance.
 */
final class Collapse {
    private static final double LARGEST_SKIP_SHARE = .6;
    private static final double LARGEST_ENTROPY = .95;

    private final SearchSpace space;
    private final Map<Genotype, Double> accuracies;

    /** @param accuracies of everything evaluated */
    Collapse(SearchSpace space, Map<Genotype, Double> accuracies) {
        this.space = space;
        this.accuracies = accuracies;
    }

    /**
     * @param answers at least one
     * @param tradeoffs whether the method has several trade-offs, whose answers should differ
     * @param random drawn uniformly and evaluated; may be empty
     * @param entropy relative, of the method's distribution; null without one
     * @param ofAlpha whether the answers are read out of that distribution
     */
    Diagnostics of(
            List<Genotype> answers,
            boolean tradeoffs,
            Collection<Genotype> random,
            Double entropy,
            boolean ofAlpha,
            Double ranking) {
        var different = new LinkedHashSet<>(answers);
        var shares = different.stream().mapToDouble(this::skipShare).summaryStatistics();
        var warnings = new ArrayList<String>();
        if (shares.getMin() > LARGEST_SKIP_SHARE) {
            warnings.add("every answer leaves at least %.0f %% of its decisions to skip or none: the search collapsed"
                    .formatted(100 * shares.getMin()));
        }
        if (tradeoffs && different.size() == 1) {
            warnings.add("every trade-off has the same answer");
        }
        if (isWorseThan(random, different)) {
            warnings.add("the most accurate answer is less accurate than a random architecture of no more "
                    + "multiply-accumulates");
        }
        if (ofAlpha && entropy != null && entropy > LARGEST_ENTROPY) {
            warnings.add(String.format(
                    Locale.ROOT,
                    "the method's alphas have hardly moved (entropy %.3f, where 1 is a uniform choice): its answers may be "
                            + "no better than random ones; train it longer, by more steps or epochs",
                    entropy));
        }
        return new Diagnostics(shares.getAverage(), entropy, ranking, different.size(), warnings);
    }

    /** Share of the decisions that take nothing or the identity; in a cell, of the edges that it keeps. */
    double skipShare(Genotype genotype) {
        var indices = space.indices(genotype);
        int skips = 0;
        int decisions = 0;
        for (var group : space.groups()) {
            int first = group.decisions().get(0);
            int none = space.decisions().get(first).options().indexOf(Operator.NONE);
            boolean keeps = none >= 0 && group.keepsFixedNumber(none);
            for (int d : group.decisions()) {
                var operator = space.decisions().get(d).options().get(indices[d]);
                // Edges that a node of several leaves out are no choice of nothing.
                boolean isLeftOut = keeps && operator == Operator.NONE;
                decisions += isLeftOut ? 0 : 1;
                skips += !isLeftOut && passesOn(operator) ? 1 : 0;
            }
        }
        return decisions == 0 ? 0 : (double) skips / decisions;
    }

    private static boolean passesOn(Operator operator) {
        return operator.isAbsent() || operator == Operator.SKIP_CONNECT || operator == Operator.SKIP_BLOCK;
    }

    private boolean isWorseThan(Collection<Genotype> random, Collection<Genotype> answers) {
        Genotype best = null;
        for (var answer : answers) {
            if (accuracies.containsKey(answer) && (best == null || accuracies.get(answer) > accuracies.get(best))) {
                best = answer;
            }
        }
        if (best == null) {
            return false;
        }
        long macs = space.network(best).macs();
        double accuracy = accuracies.get(best);
        return random.stream()
                .anyMatch(r -> accuracies.get(r) > accuracy && space.network(r).macs() <= macs);
    }
}
