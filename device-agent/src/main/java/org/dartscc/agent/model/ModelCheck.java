package org.dartscc.agent.model;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.DoubleSupplier;

import org.jboss.logging.Logger;

import org.dartscc.agent.child.ChildFailedException;
import org.dartscc.agent.child.ChildTimer;
import org.dartscc.agent.device.Orchestrator;
import org.dartscc.agent.device.RefusedException;
import org.dartscc.agent.probe.ModelReading;
import org.dartscc.agent.probe.Reading;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.message.MeasurementRequest.MeasureModel;
import org.dartscc.model.message.ModelMeasurement;
import org.dartscc.model.message.Topics;
import org.dartscc.onnx.ModelGuard;
import org.dartscc.onnx.RefusedModelException;

/** Fetches a model, refuses what no runtime should see, and has the rest timed in a child process. */
public final class ModelCheck {
    private static final Logger LOG = Logger.getLogger(ModelCheck.class);
    private static final int DOWNLOADS = 6;
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final Orchestrator orchestrator;
    private final ChildTimer timer;
    private final RuntimeFingerprint fingerprint;
    private final DoubleSupplier referenceMicros;
    private final Clock clock;

    /**
     * @param timer runs the models
     * @param referenceMicros time of the reference operator while this device is quiet
     */
    public ModelCheck(
            Orchestrator orchestrator,
            ChildTimer timer,
            RuntimeFingerprint fingerprint,
            DoubleSupplier referenceMicros,
            Clock clock) {
        this.orchestrator = orchestrator;
        this.timer = timer;
        this.fingerprint = fingerprint;
        this.referenceMicros = referenceMicros;
        this.clock = clock;
    }

    /** What the request's model takes on this device, or why that can't be told. */
    public ModelMeasurement answer(MeasureModel request) throws InterruptedException {
        try {
            var model = download(request);
            ModelGuard.check(model);
            return judged(request, timer.time(model, request.image(), referenceMicros.getAsDouble()));
        } catch (RefusedException | RefusedModelException | ChildFailedException | IOException e) {
            return failed(request, e.getMessage());
        }
    }

    private ModelMeasurement judged(MeasureModel request, ModelReading timed) {
        if (timed.reading() instanceof Reading.NotMeasured not) {
            return failed(request, not.reason());
        }
        var estimate = ((Reading.Measured) timed.reading()).estimate();
        LOG.infof(
                "model %s: p50 %.1f us, p90 %.1f us%s, energy %s",
                request.modelId(),
                estimate.medianMicros(),
                estimate.p90Micros(),
                estimate.quiet()
                        ? ""
                        : " at its best; the machine was %.2f times as slow".formatted(estimate.slowness()),
                timed.energy().microjoules() == null
                        ? timed.energy().note()
                        : "%.1f uJ".formatted(timed.energy().microjoules()));
        return new ModelMeasurement.Timed(
                Topics.SCHEMA_VERSION,
                request.requestId(),
                request.deviceId(),
                request.modelId(),
                request.onnx().sha256(),
                estimate.medianMicros(),
                estimate.p90Micros(),
                timed.loadMicros(),
                estimate.runs(),
                estimate.quiet() ? null : estimate.slowness(),
                timed.energy().microjoules(),
                timed.energy().note(),
                fingerprint,
                clock.instant());
    }

    private static ModelMeasurement failed(MeasureModel request, String reason) {
        LOG.warnf("model %s was not timed: %s", request.modelId(), reason);
        return new ModelMeasurement.Failed(
                Topics.SCHEMA_VERSION, request.requestId(), request.deviceId(), request.modelId(), reason);
    }

    private byte[] download(MeasureModel request) throws RefusedException, IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                return orchestrator.model(request.modelId(), request.onnx(), ModelGuard.MAX_BYTES);
            } catch (IOException e) {
                if (attempt == DOWNLOADS) {
                    throw new IOException("it can't be downloaded: " + e.getMessage(), e);
                }
                Thread.sleep(PAUSE.multipliedBy(attempt).toMillis());
            }
        }
    }
}
