package org.dartscc.agent.request;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;

import org.dartscc.agent.Json;
import org.dartscc.agent.device.AgentSettings;
import org.dartscc.model.message.MeasurementRequest;
import org.dartscc.model.message.Topics;

/**
 * Takes requests to this device off their topic. Requests to other devices are passed over, so that a record that
 * nobody understands is dead-lettered once, by the agent it is addressed to. A record is acknowledged after its answers
 * were sent.
 */
@ApplicationScoped
public class RequestListener {
    private static final Logger LOG = Logger.getLogger(RequestListener.class);

    private final String deviceId;
    private final Desk desk;
    private final MeterRegistry meters;

    @Inject
    RequestListener(AgentSettings settings, Desk desk, MeterRegistry meters) {
        this.deviceId = settings.device().id();
        this.desk = desk;
        this.meters = meters;
    }

    @Incoming(Topics.MEASUREMENT_REQUESTS)
    CompletionStage<Void> consume(Message<byte[]> message) {
        if (!isForThisDevice(key(message), message.getPayload())) {
            return message.ack();
        }
        MeasurementRequest request;
        try {
            request = Json.MAPPER.readValue(message.getPayload(), MeasurementRequest.class);
            if (!request.deviceId().equals(deviceId)) {
                throw new IOException("it is addressed to " + deviceId + ", but asks for " + request.deviceId());
            }
        } catch (IOException | RuntimeException e) {
            LOG.warnf("a request was not understood and goes to the dead letters: %s", e.getMessage());
            meters.counter("dartscc_agent_refused_requests").increment();
            return message.nack(e);
        }
        return desk.answer(request)
                .handle((done, failure) -> settle(message, request, failure))
                .thenCompose(settled -> settled);
    }

    private static String key(Message<byte[]> message) {
        return message.getMetadata(IncomingKafkaRecordMetadata.class)
                .map(m -> m.getKey() instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : null)
                .orElse(null);
    }

    /** The key tells; a record without one is read for its device as far as it can be. */
    private boolean isForThisDevice(String key, byte[] payload) {
        if (key != null) {
            return key.equals(deviceId);
        }
        try {
            return deviceId.equals(
                    Json.MAPPER.readTree(payload).path("deviceId").asText());
        } catch (IOException | IllegalArgumentException e) {
            return true;
        }
    }

    private static CompletionStage<Void> settle(
            Message<byte[]> message, MeasurementRequest request, Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause == null) {
            return message.ack();
        }
        if (cause instanceof CancellationException) {
            // Neither acknowledged nor refused: it is delivered again after the restart.
            return new CompletableFuture<>();
        }
        LOG.errorf(cause, "request %s failed", request.requestId());
        return message.nack(cause);
    }
}
