package org.dartscc.trainer.step;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.model.space.Spaces;
import org.dartscc.trainer.Small;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.supernet.NativeEngine;
import org.dartscc.trainer.supernet.Values;

import static org.assertj.core.api.Assertions.assertThat;

class SandwichStepTest {
    private static final Dataset DATASET = Small.dataset();
    private static final int BATCH = 4;

    static List<SpaceSpec> spaces() {
        return Spaces.names().stream().map(Small::space).toList();
    }

    @ParameterizedTest
    @MethodSource("spaces")
    void everyOptionOfEverySpaceTrains(SpaceSpec spec) {
        var space = spec.create();
        try (var manager = NativeEngine.load(1).newManager()) {
            var weights = Values.initial(manager, space.parameters(), 1);
            var momenta = weights.zeros(manager);
            var sgd = new Sgd(weights, momenta, 0, 5);
            var sandwich = new SandwichStep(manager, weights, sgd, DATASET, true);
            var order = new BatchOrder(1, DATASET.train().size(), BATCH);
            int step = 0;
            for (var genotype : covering(space)) {
                var result = sandwich.run(List.of(space.network(genotype)), order.at(step++), .1);
                assertThat(result.updated()).as(genotype.toString()).isTrue();
                assertThat(result.loss()).as(genotype.toString()).isFinite();
            }
            // What never had a gradient has no momentum; a tiny one may not move a weight of 1.
            var still = momenta.tensors().entrySet().stream()
                    .filter(e -> isZero(e.getValue().values()))
                    .map(e -> e.getKey())
                    .toList();
            assertThat(still).isEmpty();
        }
    }

    private static boolean isZero(float[] values) {
        for (float value : values) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    /** Random genotypes that together take every option of every decision that an architecture can take. */
    private static List<Genotype> covering(SearchSpace space) {
        var random = new Random(1);
        var missing = new HashSet<String>();
        for (var group : space.groups()) {
            for (var assignment : group.assignments()) {
                for (int i = 0; i < assignment.size(); i++) {
                    int decision = group.decisions().get(i);
                    var option = space.decisions().get(decision).options().get(assignment.get(i));
                    missing.add(decision + option.key());
                }
            }
        }
        var chosen = new ArrayList<Genotype>();
        while (!missing.isEmpty()) {
            var genotype = space.random(random);
            boolean helps = false;
            for (int d = 0; d < space.decisions().size(); d++) {
                helps |= missing.remove(d + genotype.options().get(d));
            }
            if (helps) {
                chosen.add(genotype);
            }
        }
        return chosen;
    }
}
