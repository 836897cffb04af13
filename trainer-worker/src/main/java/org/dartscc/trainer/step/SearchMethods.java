package org.dartscc.trainer.step;

import java.util.Map;
import java.util.TreeMap;

/** The registered search methods. */
public final class SearchMethods {
    private static final Map<String, SearchMethod> REGISTERED = new TreeMap<>(Map.of(Fleet.NAME, new Fleet()));

    private SearchMethods() {}

    /** @throws IllegalArgumentException naming the known methods when there is none of that name */
    public static SearchMethod of(String name) {
        var method = REGISTERED.get(name);
        if (method == null) {
            throw new IllegalArgumentException("there is no search method \"%s\"; known are %s"
                    .formatted(name, String.join(", ", REGISTERED.keySet())));
        }
        return method;
    }
}
