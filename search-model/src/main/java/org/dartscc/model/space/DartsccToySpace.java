package org.dartscc.model.space;

import java.util.List;

/**
 * The spaces that DARTS-CC for target hardware was tried on (Firsov and Bakhteev, 2025), with 3 and with 5 operations:
 * the cells of DARTS with 16 channels and 4 nodes, one normal cell and two reduction cells (at 1/3 and 2/3 of a depth of
 * 3), where each of a cell's 14 edges takes an operation: there is no {@code none}, and no edge is dropped.
 *
 * <p>What the paper calls a convolution is, in its code, DARTS' separable convolution. It counts the parameters of the
 * chosen operations alone, without batch norm; at most 178,752 with 3 operations and 228,928 with 5, of which the
 * published architectures use 5,120 to 143,488 and 25,280 to 137,632. Left open by the source: it trains pools with a
 * batch norm behind them, which has no parameters and is left out here, as in the networks that DARTS publishes; its
 * code has an average pool among the 3 operations where the paper names a max pool, which is taken; and a skip is a
 * factorised reduction at stride 2.
 */
final class DartsccToySpace {
    static final String THREE = "dartscc-toy-3";
    static final String FIVE = "dartscc-toy-5";

    private static final int CHANNELS = 16;
    private static final int CELLS = 3;

    private DartsccToySpace() {}

    static SearchSpace three(SpaceSpec spec) {
        return create(spec, List.of(Operator.SKIP_CONNECT, Operator.MAX_POOL_3X3, Operator.SEP_CONV_3X3));
    }

    static SearchSpace five(SpaceSpec spec) {
        return create(
                spec,
                List.of(
                        Operator.SKIP_CONNECT,
                        Operator.MAX_POOL_3X3,
                        Operator.AVG_POOL_3X3,
                        Operator.SEP_CONV_3X3,
                        Operator.SEP_CONV_5X5));
    }

    private static SearchSpace create(SpaceSpec spec, List<Operator> options) {
        return DartsSpace.everyEdge(spec, CHANNELS, CELLS, options);
    }
}
