package org.dartscc.trainer.alpha;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;

import org.junit.jupiter.api.Test;

import org.dartscc.trainer.Small;

import static org.assertj.core.api.Assertions.assertThat;

class DiscretisationTest {
    @Test
    void ofANodesEdgesTheTwoStrongestRemainEachWithItsStrongestOperationButNone() {
        var space = Small.tinySpace("darts");
        var layout = new OptionLayout(space);
        var random = new Random(1);
        for (int trial = 0; trial < 20; trial++) {
            var logits = random.doubles(layout.size(), -2, 2).toArray();
            var weights = layout.table(Relaxation.softmax(layout, logits).weights());
            var genotype = new Discretisation(space).strongest(logits);
            for (var node : space.groups()) {
                var kept = node.decisions().stream()
                        .sorted(Comparator.comparingDouble(d -> -strongest(weights[d])))
                        .limit(2)
                        .toList();
                for (int d : node.decisions()) {
                    var expected = kept.contains(d)
                            ? space.decisions()
                                    .get(d)
                                    .options()
                                    .get(argmax(weights[d]))
                                    .key()
                            : "none";
                    assertThat(genotype.options().get(d)).isEqualTo(expected);
                }
            }
        }
    }

    /** The first option is none. */
    private static int argmax(double[] weights) {
        int best = 1;
        for (int o = 2; o < weights.length; o++) {
            best = weights[o] > weights[best] ? o : best;
        }
        return best;
    }

    private static double strongest(double[] weights) {
        return weights[argmax(weights)];
    }

    @Test
    void whereEveryEdgeCountsNoneIsAsGoodAsAnyOperation() {
        var space = Small.tinySpace("darts-every-edge");
        var layout = new OptionLayout(space);
        var logits = new Random(1).doubles(layout.size(), -2, 2).toArray();
        // The first option of the first edge.
        logits[0] = 3;
        var genotype = new Discretisation(space).strongest(logits);
        for (int d = 0; d < layout.decisions(); d++) {
            int strongest = layout.from(d);
            for (int i = layout.from(d); i < layout.to(d); i++) {
                strongest = logits[i] > logits[strongest] ? i : strongest;
            }
            assertThat(genotype.options().get(d))
                    .isEqualTo(space.decisions()
                            .get(d)
                            .options()
                            .get(strongest - layout.from(d))
                            .key());
        }
        assertThat(genotype.options().get(0)).isEqualTo("none");
    }

    @Test
    void whatIsNotConnectedTakesTheLikeliestChangeThatConnectsIt() {
        var space = Small.tinySpace("nas-bench-201");
        var layout = new OptionLayout(space);
        var logits = new double[layout.size()];
        for (int d = 0; d < layout.decisions(); d++) {
            logits[layout.from(d)] = 5;
        }
        // Straight to the output, by the operation that is likeliest there.
        logits[layout.from(3) + 2] = 1;
        var genotype = new Discretisation(space).strongest(logits);
        assertThat(genotype.options()).containsExactly("none", "none", "none", "nor_conv_1x1", "none", "none");
    }

    @Test
    void drawsFollowTheProbabilities() {
        var space = Small.tinySpace("layerwise");
        var layout = new OptionLayout(space);
        var logits = new double[layout.size()];
        logits[layout.from(0) + 2] = Math.log(5);
        var random = new Random(3);
        var discretisation = new Discretisation(space);
        long taken = java.util.stream.Stream.generate(() -> discretisation.sample(logits, random))
                .limit(2000)
                .filter(g -> g.options().get(0).equals("sep5"))
                .count();
        // Five of ten parts.
        assertThat(taken).isBetween(900L, 1100L);
        var weights = Relaxation.softmax(layout, logits).weights();
        assertThat(Arrays.stream(weights, layout.from(0), layout.to(0)).sum())
                .isCloseTo(1, org.assertj.core.api.Assertions.within(1e-12));
    }
}
