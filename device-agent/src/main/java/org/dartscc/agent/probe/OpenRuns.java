package org.dartscc.agent.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Opened models that are closed together, and how many are open. */
final class OpenRuns implements AutoCloseable {
    private final List<OrtRun> runs = new ArrayList<>();
    private final AtomicInteger count;

    OpenRuns(AtomicInteger count) {
        this.count = count;
    }

    OrtRun open(Supplier<OrtRun> opening) {
        var run = opening.get();
        count.incrementAndGet();
        runs.add(run);
        return run;
    }

    @Override
    public void close() {
        count.addAndGet(-runs.size());
        runs.forEach(OrtRun::close);
    }
}
