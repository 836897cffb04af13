package org.dartscc.benchmarks.tabular;

import java.lang.management.ManagementFactory;
import java.util.function.Supplier;

/** Adds up the CPU time of the thread that runs what it is given. */
final class CpuClock {
    private long nanos;

    <T> T time(Supplier<T> work) {
        var threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        try {
            return work.get();
        } finally {
            nanos += threads.getCurrentThreadCpuTime() - before;
        }
    }

    double seconds() {
        return nanos / 1e9;
    }
}
