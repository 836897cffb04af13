package org.dartscc.exporter.request;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.reactive.messaging.kafka.Record;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jboss.logging.Logger;

import org.dartscc.exporter.model.ModelExport;
import org.dartscc.model.message.ExportedModel;
import org.dartscc.model.message.ModelRequest;
import org.dartscc.model.message.Topics;

/**
 * Answers every model request with exactly one exported model. A request is done with once the broker has the answer;
 * one that can't be read goes to the dead-letter topic, and the next is taken. Made at start, so that an unusable artifact
 * folder or a missing native library is found out then.
 */
@Startup
@ApplicationScoped
public class ModelRequestListener {
    private static final Logger LOG = Logger.getLogger(ModelRequestListener.class);

    private final ModelExport exports;
    private final MeterRegistry meters;

    ModelRequestListener(ModelExport exports, MeterRegistry meters) {
        this.exports = exports;
        this.meters = meters;
    }

    @Incoming(Topics.MODEL_REQUESTS)
    @Outgoing(Topics.EXPORTED_MODELS)
    @Blocking
    Record<String, String> answer(byte[] json) {
        var request = read(json);
        var timer = Timer.start(meters);
        var answer = export(request);
        timer.stop(meters.timer("dartscc.exports", "outcome", outcome(answer)));
        return Record.of(answer.modelId(), ModelRequestJson.write(answer));
    }

    private ModelRequest read(byte[] json) {
        try {
            return ModelRequestJson.read(json);
        } catch (IllegalArgumentException e) {
            meters.counter("dartscc.exports.unreadable").increment();
            throw e;
        }
    }

    /** A bug must not make a request come back for ever, nor leave its model waiting. */
    private ExportedModel export(ModelRequest request) {
        ExportedModel answer;
        try {
            answer = exports.export(request);
        } catch (RuntimeException e) {
            LOG.errorf(e, "exporting model %s", request.modelId());
            answer = new ExportedModel.Failed(
                    Topics.SCHEMA_VERSION, request.modelId(), request.attempt(), "the exporter failed: " + e);
        }
        LOG.infof("model %s, attempt %d: %s", answer.modelId(), answer.attempt(), answer);
        return answer;
    }

    private static String outcome(ExportedModel answer) {
        return answer instanceof ExportedModel.Exported ? "exported" : "failed";
    }
}
