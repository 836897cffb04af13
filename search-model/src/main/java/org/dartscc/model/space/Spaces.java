package org.dartscc.model.space;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The registered search spaces. */
public final class Spaces {
    private static final Map<String, Function<SpaceSpec, SearchSpace>> REGISTERED = new TreeMap<>(Map.of(
            FbnetSpace.NAME, FbnetSpace::create,
            DartsccToySpace.THREE, DartsccToySpace::three,
            DartsccToySpace.FIVE, DartsccToySpace::five,
            LayerwiseSpace.NAME, LayerwiseSpace::create,
            NasBench201Space.NAME, NasBench201Space::create,
            DartsSpace.NAME, DartsSpace::create,
            DartsSpace.EVERY_EDGE, DartsSpace::everyEdge));

    private Spaces() {}

    /** Names of all spaces, in alphabetical order. */
    public static Set<String> names() {
        return Collections.unmodifiableSet(REGISTERED.keySet());
    }

    static SearchSpace create(SpaceSpec spec) {
        var factory = spec.definition() == null
                ? REGISTERED.get(spec.name())
                : (Function<SpaceSpec, SearchSpace>) spec.definition()::create;
        if (factory == null) {
            throw new IllegalArgumentException(
                    "there is no search space \"" + spec.name() + "\"; known are " + String.join(", ", names()));
        }
        if (spec.classes() < 2) {
            throw new IllegalArgumentException("a search space tells at least 2 classes apart, not " + spec.classes());
        }
        return factory.apply(spec);
    }
}
