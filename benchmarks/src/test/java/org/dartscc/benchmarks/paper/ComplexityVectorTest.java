package org.dartscc.benchmarks.paper;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.dartscc.model.network.Shape;
import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;

import static org.assertj.core.api.Assertions.assertThat;

/** What the ancestor's settings answer with, by an estimate that is made up. */
class ComplexityVectorTest {
    private static final SearchSpace SPACE = space("dartscc-toy-3");
    private static final int EDGES = 28;

    private static final Operator SKIP = Operator.SKIP_CONNECT;
    private static final Operator POOL = Operator.MAX_POOL_3X3;
    private static final Operator CONVOLUTION = Operator.SEP_CONV_3X3;

    /** Which kind is the best on an edge, then the second and the third, in turns. */
    private static final List<List<Operator>> ORDERS = List.of(
            List.of(CONVOLUTION, POOL, SKIP), List.of(POOL, SKIP, CONVOLUTION), List.of(SKIP, CONVOLUTION, POOL));

    private static SearchSpace space(String name) {
        return new SpaceSpec(name, new Shape(1, 28, 28), 10).create();
    }

    /** Each kind is the best on every third edge, by so much of ln(error); on the first edge of a kind by more. */
    private static AccuracyEstimate estimate(double usually, double onTheFirst) {
        var effects = IntStream.range(0, EDGES)
                .mapToObj(edge -> SPACE.decisions().get(edge).options().stream()
                        .map(o -> (edge < 3 ? onTheFirst : usually)
                                * ORDERS.get(edge % 3).indexOf(o))
                        .toList())
                .toList();
        return new AccuracyEstimate(-1.5, effects, 80, .8);
    }

    private static Genotype answer(String setting, AccuracyEstimate estimate) {
        return ComplexityVector.published(SPACE).stream()
                .filter(v -> v.name().equals(setting))
                .findFirst()
                .orElseThrow()
                .answer(SPACE, estimate);
    }

    private static int count(Genotype answer, Operator operator) {
        return Collections.frequency(answer.options(), operator.key());
    }

    @Test
    void allKindsPenalisedAlikeLeaveTheMostAccurateArchitecture() {
        var answer = answer("uniform", estimate(.004, .004));
        for (int edge = 0; edge < EDGES; edge++) {
            assertThat(answer.options().get(edge))
                    .isEqualTo(ORDERS.get(edge % 3).get(0).key());
        }
    }

    @Test
    void aKindThatGainsLessThanItsPenaltyIsReplacedByTheSecondBestOfItsEdges() {
        var estimate = estimate(.004, .004);
        var convolutions = answer("convolutions penalised", estimate);
        assertThat(count(convolutions, CONVOLUTION)).isZero();
        assertThat(count(convolutions, POOL)).isEqualTo(10 + 9);
        assertThat(count(convolutions, SKIP)).isEqualTo(9);
        var pools = answer("pools penalised", estimate);
        assertThat(count(pools, CONVOLUTION)).isEqualTo(10);
        assertThat(count(pools, POOL)).isZero();
        assertThat(count(pools, SKIP)).isEqualTo(9 + 9);
        var skips = answer("skips penalised", estimate);
        assertThat(count(skips, CONVOLUTION)).isEqualTo(10 + 9);
        assertThat(count(skips, POOL)).isEqualTo(9);
        assertThat(count(skips, SKIP)).isZero();
    }

    /** A kind's whole penalty is half of a unit of ln(error), shared by some 14 places. */
    @Test
    void whatGainsMoreThanItsPenaltyStays() {
        var estimate = estimate(.004, .1);
        for (var setting : List.of("convolutions penalised", "pools penalised", "skips penalised")) {
            assertThat(answer(setting, estimate).options().subList(0, 3))
                    .as(setting)
                    .containsExactly(CONVOLUTION.key(), POOL.key(), SKIP.key());
        }
        assertThat(count(answer("convolutions penalised", estimate), CONVOLUTION))
                .isEqualTo(1);
        assertThat(count(answer("pools penalised", estimate), POOL)).isEqualTo(1);
        assertThat(count(answer("skips penalised", estimate), SKIP)).isEqualTo(1);
    }

    @Test
    void everyOperatorOfTheTablesIsOfOneOfThreeKinds() {
        assertThat(SPACE.decisions()).hasSize(EDGES);
        for (var operator : List.of(CONVOLUTION, Operator.SEP_CONV_5X5)) {
            assertThat(ComplexityVector.Kind.of(operator)).isEqualTo(ComplexityVector.Kind.CONVOLUTION);
        }
        for (var operator : List.of(POOL, Operator.AVG_POOL_3X3)) {
            assertThat(ComplexityVector.Kind.of(operator)).isEqualTo(ComplexityVector.Kind.POOL);
        }
        assertThat(ComplexityVector.Kind.of(SKIP)).isEqualTo(ComplexityVector.Kind.SKIP);
    }

    @Test
    void aSpaceWithoutPoolsHasNoSettings() {
        assertThat(ComplexityVector.published(space("layerwise"))).isEmpty();
        assertThat(ComplexityVector.published(space("dartscc-toy-5")))
                .extracting(ComplexityVector::name)
                .containsExactly("uniform", "convolutions penalised", "pools penalised", "skips penalised");
    }
}
