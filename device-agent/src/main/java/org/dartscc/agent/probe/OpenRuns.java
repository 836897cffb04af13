package org.dartscc.agent.probe;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.dartscc.model.network.Shape;
import org.dartscc.onnx.Quantisation;

/** Opens models as a profile says; they are closed together, and it is counted how many are open. */
final class OpenRuns implements AutoCloseable {
    private static final int WARM_UP_RUNS = 3;

    private final Profile profile;
    private final Engine engine;
    private final AtomicInteger count;
    private final List<OpenModel> runs = new ArrayList<>();

    OpenRuns(Profile profile, Engine engine, AtomicInteger count) {
        this.profile = profile;
        this.engine = engine;
        this.count = count;
    }

    /** A carrier: nodes that are equal on purpose are kept apart. */
    Run carrier(byte[] model, Shape image) {
        return open(model, image, true);
    }

    /** A network as users run it. */
    Run network(byte[] model, Shape image) {
        return open(model, image, false);
    }

    private Run open(byte[] model, Shape image, boolean keepEqualNodes) {
        var written = profile.precision().equals(Profile.INT8) ? Quantisation.rewrite(model) : model;
        var run = engine.open(written, image, profile, keepEqualNodes);
        count.incrementAndGet();
        runs.add(run);
        for (int i = 0; i < WARM_UP_RUNS; i++) {
            run.run();
        }
        return run;
    }

    @Override
    public void close() {
        count.addAndGet(-runs.size());
        runs.forEach(OpenModel::close);
    }
}
