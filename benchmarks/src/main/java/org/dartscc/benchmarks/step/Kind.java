package org.dartscc.benchmarks.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

import org.dartscc.model.network.Network;
import org.dartscc.model.space.SearchSpace;

/** What a step trains. */
enum Kind {
    /** One random network. */
    SINGLE,
    /** The costliest, the cheapest and two random networks, as our supernet's steps do. */
    SANDWICH,
    /** All options at every position at once, weighted: what DARTS trains. */
    MIXTURE;

    /** Steps differ in their random networks; they come again after so many. */
    private static final int DIFFERENT = 8;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The networks of each of some steps, the same for a space whoever asks. */
    List<List<Network>> steps(SearchSpace space) {
        if (this == MIXTURE) {
            return List.of(List.of(space.mixture()));
        }
        var random = new Random(7);
        var steps = new ArrayList<List<Network>>();
        for (int i = 0; i < DIFFERENT; i++) {
            var networks = new ArrayList<Network>();
            if (this == SANDWICH) {
                networks.add(space.network(space.costliest()).live());
                networks.add(space.network(space.cheapest()).live());
                networks.add(space.network(space.random(random)).live());
            }
            networks.add(space.network(space.random(random)).live());
            steps.add(networks);
        }
        return steps;
    }

    /** Networks of one step. */
    int networks() {
        return this == SANDWICH ? 4 : 1;
    }
}
