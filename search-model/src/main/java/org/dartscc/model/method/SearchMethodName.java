package org.dartscc.model.method;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.dartscc.model.space.OperatorKind;
import org.dartscc.model.space.SearchSpace;

/** The registered search methods, as users name them. What each does is the trainer's part; docs/methods.md tells it. */
public enum SearchMethodName {
    /** One alpha, first order (Liu et al., ICLR 2019). */
    DARTS("darts", false),

    /** The same, its gradient through one step of the weights. */
    DARTS_SECOND_ORDER("darts-second-order", false),

    /** alpha(lambda), lambda a penalty on parameters (Yakovlev et al., AIST 2021). */
    DARTSCC("dartscc", false),

    /** alpha(s), s a penalty on each kind of operation (Firsov and Bakhteev, 2025). */
    DARTSCC_VECTOR("dartscc-vector", false),

    /** The same, the penalty on the time that each kind takes on a device. */
    DARTSCC_VECTOR_TIME("dartscc-vector-time", true),

    /** One alpha for each device and weight of its latency (Wu et al., CVPR 2019). */
    FBNET("fbnet", true),

    /** FBNet's run for one device and one weight of latency: what a search costs without sharing. */
    SINGLE_RUN("single-run", true),

    /** Ours: one supernet for a fleet of devices, exact selection. */
    FLEET("fleet", false),

    /** The best of random architectures in a supernet of the same recipe. */
    RANDOM("random", false),

    /** NSGA-II in a supernet of the same recipe. */
    EVOLUTION("evolution", false);

    public static final SearchMethodName DEFAULT = FLEET;

    private final String key;
    private final boolean needsDevice;

    SearchMethodName(String key, boolean needsDevice) {
        this.key = key;
        this.needsDevice = needsDevice;
    }

    public String key() {
        return key;
    }

    /** Whether it trains on measured costs, so that it is nothing without a device. */
    public boolean needsDevice() {
        return needsDevice;
    }

    /** All names, in alphabetical order. */
    public static Set<String> keys() {
        return Arrays.stream(values()).map(SearchMethodName::key).collect(Collectors.toCollection(TreeSet::new));
    }

    /** @throws IllegalArgumentException naming the known methods when there is none of that name */
    public static SearchMethodName of(String key) {
        return Arrays.stream(values())
                .filter(m -> m.key.equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no search method \"%s\"; known are %s".formatted(key, String.join(", ", keys()))));
    }

    /** @throws IllegalArgumentException with the reason why the method makes no sense on the space */
    public void requireTakes(SearchSpace space) {
        boolean byKind = this == DARTSCC_VECTOR || this == DARTSCC_VECTOR_TIME;
        if (byKind && OperatorKind.of(space).size() < 2) {
            throw new IllegalArgumentException(
                    "the method %s weighs kinds of operation against each other, but the space %s has only one: %s"
                            .formatted(
                                    key,
                                    space.name(),
                                    OperatorKind.of(space).get(0).key()));
        }
    }
}
