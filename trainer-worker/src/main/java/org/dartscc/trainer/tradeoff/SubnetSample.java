package org.dartscc.trainer.tradeoff;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;

/** Which architectures are evaluated: the cheapest, the costliest, and others that use each group's options equally. */
final class SubnetSample {
    private SubnetSample() {}

    /** Different valid genotypes, at most the given number. */
    static List<Genotype> draw(SearchSpace space, int count, Random random) {
        var drawn = new LinkedHashSet<Genotype>();
        if (count >= 1) {
            drawn.add(space.costliest());
        }
        if (count >= 2) {
            drawn.add(space.cheapest());
        }
        var decks = space.groups().stream()
                .map(g -> new Deck(g.assignments().size()))
                .toList();
        // A small space may hold fewer architectures than asked for.
        for (int attempt = 0; attempt < 20 * count && drawn.size() < count; attempt++) {
            drawn.add(space.sample(random, (group, r) -> decks.get(group).next(r)));
        }
        return List.copyOf(drawn);
    }

    /** Deals the numbers below a size in random order, all of them before any comes again. */
    private static final class Deck {
        private final int size;
        private final List<Integer> left = new ArrayList<>();

        Deck(int size) {
            this.size = size;
        }

        int next(Random random) {
            if (left.isEmpty()) {
                left.addAll(IntStream.range(0, size).boxed().toList());
                Collections.shuffle(left, random);
            }
            return left.remove(left.size() - 1);
        }
    }
}
