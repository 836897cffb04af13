package org.dartscc.agent.report;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.jboss.logging.Logger;

import org.dartscc.agent.Json;
import org.dartscc.agent.device.AgentSettings;
import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.message.ModelMeasurement;
import org.dartscc.model.message.Topics;

/**
 * Sends what was measured, with the device's token. A send returns when the broker has the record; while the broker is
 * away it tries again, so that no finished measurement is lost and no more than one waits.
 */
@ApplicationScoped
public class Publisher {
    private static final Logger LOG = Logger.getLogger(Publisher.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final MutinyEmitter<String> costs;
    private final MutinyEmitter<String> models;
    private final byte[] token;

    @Inject
    Publisher(
            @Channel(Topics.OP_COSTS) MutinyEmitter<String> costs,
            @Channel(Topics.MODEL_MEASUREMENTS) MutinyEmitter<String> models,
            AgentSettings settings) {
        this.costs = costs;
        this.models = models;
        this.token = settings.device().token().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws CancellationException when stopped before all were sent */
    public void costs(List<CostUpdate> updates, BooleanSupplier stopped) {
        updates.forEach(update -> send(costs, update.key(), update, stopped));
    }

    /** @throws CancellationException when stopped before it was sent */
    public void model(ModelMeasurement measurement, BooleanSupplier stopped) {
        send(models, measurement.modelId(), measurement, stopped);
    }

    private void send(MutinyEmitter<String> emitter, String key, Object value, BooleanSupplier stopped) {
        var json = json(value);
        while (!stopped.getAsBoolean()) {
            try {
                emitter.sendMessage(message(key, json)).await().atMost(PATIENCE);
                return;
            } catch (TimeoutException e) {
                LOG.warnf("the broker has not taken %s for %d s; trying on", key, PATIENCE.toSeconds());
            } catch (RuntimeException e) {
                LOG.warnf("%s was not sent, trying again in %d s: %s", key, PAUSE.toSeconds(), e.getMessage());
                pause();
            }
        }
        throw new CancellationException("stopped before " + key + " was sent");
    }

    private Message<String> message(String key, String json) {
        var headers = new RecordHeaders().add(Topics.DEVICE_TOKEN_HEADER, token);
        return Message.of(
                json,
                Metadata.of(OutgoingKafkaRecordMetadata.<String>builder()
                        .withKey(key)
                        .withHeaders(headers)
                        .build()));
    }

    private static String json(Object value) {
        try {
            return Json.MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a message can't be written as JSON", e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while the broker was away");
        }
    }
}
