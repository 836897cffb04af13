package org.dartscc.agent.child;

import java.time.Duration;

import org.dartscc.agent.probe.ModelReading;
import org.dartscc.model.network.Shape;

/** Times a whole model in a process that has seen no other. */
public final class ChildTimer {
    private final ChildSettings settings;
    private final Duration limit;

    /** @param limit after which the process is killed */
    public ChildTimer(ChildSettings settings, Duration limit) {
        this.settings = settings;
        this.limit = limit;
    }

    /**
     * Times a model.
     *
     * @param referenceMicros time of the reference operator while this device is quiet; infinite when it isn't known
     * @throws ChildFailedException with a reason in words, when the process does not come to a result
     */
    public ModelReading time(byte[] model, Shape image, double referenceMicros)
            throws ChildFailedException, InterruptedException {
        try (var process = MeasuringProcess.start(settings, referenceMicros)) {
            return process.time(model, image, limit);
        }
    }
}
