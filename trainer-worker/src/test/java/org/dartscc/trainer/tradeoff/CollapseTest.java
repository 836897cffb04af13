package org.dartscc.trainer.tradeoff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.dartscc.model.network.Shape;
import org.dartscc.model.selection.Diagnostics;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class CollapseTest {
    private static final SearchSpace SPACE = space("layerwise");
    private static final int SLOTS = SPACE.decisions().size();

    private static SearchSpace space(String name) {
        return new SpaceSpec(name, new Shape(1, 28, 28), 10).create();
    }

    /** A chain that skips in so many of its slots. */
    private static Genotype skipping(int slots, String otherwise) {
        var options = new ArrayList<>(Collections.nCopies(slots, "skip"));
        options.addAll(Collections.nCopies(SLOTS - slots, otherwise));
        return new Genotype(SPACE.name(), options);
    }

    /** Cells whose nodes take an option for their first two edges and another for the others. */
    private static Genotype cells(SearchSpace space, String firstTwo, String others) {
        var options = space.decisions().stream()
                .map(d -> d.name().endsWith("_from0") || d.name().endsWith("_from1") ? firstTwo : others)
                .toList();
        return new Genotype(space.name(), options);
    }

    private static final Genotype SMALL = skipping(3, "sep3");
    private static final Genotype LARGE = skipping(1, "conv3");

    /** Of a method with trade-offs and a settled alpha, beside random architectures. */
    private static Diagnostics of(List<Genotype> answers, Map<Genotype, Double> accuracies, Genotype... random) {
        return new Collapse(SPACE, accuracies).of(answers, true, List.of(random), .5, true, .5);
    }

    private static Diagnostics of(SearchSpace space, Genotype answer) {
        assertThat(space.isValid(answer)).isTrue();
        return new Collapse(space, Map.of()).of(List.of(answer), false, List.of(), .5, true, .5);
    }

    private static Diagnostics ofEntropy(Double entropy, boolean ofAlpha) {
        return new Collapse(SPACE, Map.of()).of(List.of(SMALL, LARGE), true, List.of(), entropy, ofAlpha, .5);
    }

    @Test
    void nothingIsWrongWithDifferentAnswersThatBeatRandomOnesOfTheirSize() {
        var random = skipping(2, "sep5");
        var diagnostics = of(List.of(SMALL, LARGE, SMALL), Map.of(SMALL, .8, LARGE, .9, random, .7), random);
        assertThat(diagnostics.warnings()).isEmpty();
        assertThat(diagnostics.architectures()).isEqualTo(2);
        assertThat(diagnostics.skipShare()).isCloseTo((3 + 1) / 2.0 / SLOTS, within(1e-12));
    }

    @Test
    void answersThatAllSkipMostSlotsAreACollapse() {
        assertThat(SLOTS).isEqualTo(8);
        var empty = skipping(8, "sep3");
        assertThat(of(List.of(empty, skipping(5, "sep3")), Map.of()).warnings())
                .singleElement()
                .asString()
                .contains("every answer", "63 %", "skip or none");
        assertThat(of(List.of(empty, skipping(4, "sep3")), Map.of()).warnings())
                .as("one answer that does not")
                .isEmpty();
    }

    @Test
    void anEdgeThatANodeOfTwoLeavesOutIsNoSkip() {
        var darts = space("darts");
        var convolutions = of(darts, cells(darts, "sep_conv_3x3", "none"));
        assertThat(convolutions.skipShare()).isZero();
        assertThat(convolutions.warnings()).isEmpty();
        var skips = of(darts, cells(darts, "skip_connect", "none"));
        assertThat(skips.skipShare()).isEqualTo(1);
        assertThat(skips.warnings()).singleElement().asString().contains("100 %");
    }

    @Test
    void anEdgeThatIsFreeToTakeNothingIsCounted() {
        var free = space("darts-every-edge");
        var diagnostics = of(free, cells(free, "sep_conv_3x3", "none"));
        assertThat(diagnostics.skipShare()).isCloseTo(12 / 28.0, within(1e-12));
    }

    @Test
    void oneAnswerToEveryTradeoffIsWarnedOfUnlessThereIsOneTradeoff() {
        assertThat(of(List.of(LARGE, LARGE), Map.of()).warnings())
                .containsExactly("every trade-off has the same answer");
        assertThat(of(SPACE, LARGE).warnings()).isEmpty();
    }

    @Test
    void answersWorseThanARandomArchitectureOfNoMoreArithmeticAreWarnedOf() {
        var answers = List.of(SMALL, skipping(2, "sep3"));
        var cheaper = skipping(4, "sep3");
        assertThat(of(answers, Map.of(answers.get(0), .6, answers.get(1), .7, cheaper, .71), cheaper)
                        .warnings())
                .singleElement()
                .asString()
                .contains("less accurate than a random architecture");
        assertThat(of(answers, Map.of(answers.get(0), .6, answers.get(1), .7, cheaper, .69), cheaper)
                        .warnings())
                .as("worse than the best answer")
                .isEmpty();
        assertThat(of(answers, Map.of(answers.get(0), .6, answers.get(1), .7, LARGE, .9), LARGE)
                        .warnings())
                .as("of more arithmetic")
                .isEmpty();
    }

    @Test
    void alphasThatHardlyMovedAreWarnedOfWithTheWayOut() {
        for (double entropy : new double[] {.996, .99, .96}) {
            assertThat(ofEntropy(entropy, true).warnings())
                    .singleElement()
                    .asString()
                    .contains("hardly moved", String.valueOf(entropy), "random", "train it longer");
        }
        assertThat(ofEntropy(.94, true).warnings()).isEmpty();
    }

    @Test
    void aMethodThatDoesNotAnswerFromAlphasIsNotAskedWhetherTheyMoved() {
        assertThat(ofEntropy(null, true).warnings()).isEmpty();
        assertThat(ofEntropy(1.0, false).warnings()).isEmpty();
    }
}
