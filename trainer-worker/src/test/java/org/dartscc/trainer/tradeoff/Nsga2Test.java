package org.dartscc.trainer.tradeoff;

import java.util.List;
import java.util.Random;
import java.util.function.Function;

import org.junit.jupiter.api.Test;

import org.dartscc.model.selection.ParetoFront;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.Small;

import static org.assertj.core.api.Assertions.assertThat;

class Nsga2Test {
    private static final SearchSpace SPACE = Small.space("layerwise").create();

    /** An error that more arithmetic lowers by diminishing returns, unevenly over slots; and the arithmetic. */
    private static double[] objectives(Genotype genotype) {
        var macs = SPACE.optionMacs();
        var indices = SPACE.indices(genotype);
        double error = 0;
        double sum = 0;
        for (int d = 0; d < indices.length; d++) {
            double m = macs[d][indices[d]];
            error -= (1 + d % 3) * Math.sqrt(m);
            sum += m;
        }
        return new double[] {error, sum};
    }

    private static double hypervolume(List<Genotype> found) {
        Function<Genotype, double[]> o = Nsga2Test::objectives;
        return ParetoFront.hypervolume(found, g -> o.apply(g)[1], g -> o.apply(g)[0], 1e9, 0);
    }

    @Test
    void findsMoreThanRandomDrawsOfTheSameNumberAndRepeatsItself() {
        int budget = 96;
        var found = new Nsga2(SPACE, Nsga2Test::objectives, new Random(1)).evaluate(budget);
        assertThat(found).hasSize(budget).doesNotHaveDuplicates().allMatch(SPACE::isValid);
        assertThat(found).isEqualTo(new Nsga2(SPACE, Nsga2Test::objectives, new Random(1)).evaluate(budget));
        var random = new Random(2);
        var drawn = java.util.stream.Stream.generate(() -> SPACE.random(random))
                .limit(budget)
                .toList();
        assertThat(hypervolume(found)).isGreaterThan(hypervolume(drawn));
    }
}
