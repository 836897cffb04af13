package org.dartscc.agent.probe;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;

/**
 * A way to run models on this host that ranks operators in its own way: a device of its own to everybody else. Named
 * for what it is.
 *
 * @param optimisation how the runtime rewrites graphs, as it is named in fingerprints
 */
public record Profile(String name, OptLevel level, String optimisation, int threads) {
    private static final Map<String, Profile> REGISTERED = new TreeMap<>(Map.of(
            "ort-cpu", new Profile("ort-cpu", OptLevel.ALL_OPT, "all", 1),
            "ort-cpu-nchw", new Profile("ort-cpu-nchw", OptLevel.EXTENDED_OPT, "extended", 1)));

    public static Set<String> names() {
        return Collections.unmodifiableSet(REGISTERED.keySet());
    }

    /** @throws IllegalArgumentException naming the registered profiles when there is none of that name */
    public static Profile of(String name) {
        var profile = REGISTERED.get(name);
        if (profile == null) {
            throw new IllegalArgumentException(
                    "there is no device profile \"" + name + "\"; known are " + String.join(", ", REGISTERED.keySet()));
        }
        return profile;
    }
}
