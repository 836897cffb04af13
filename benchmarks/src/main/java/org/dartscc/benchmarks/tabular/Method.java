package org.dartscc.benchmarks.tabular;

import java.util.Random;

/** A search method under test. */
interface Method {
    String name();

    /** Whatever it does once for all devices; it may use what the search knows, but no test device. */
    OnDevice prepare(Search search, Random random);

    /** The method on one device. */
    interface OnDevice {
        Outcome run(Search.KnownDevice device, Random random);
    }
}
