package org.dartscc.agent.report;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.micrometer.core.instrument.MeterRegistry;
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
 * away it tries again for as long as it takes. The measuring thread waits meanwhile, so that no finished measurement is
 * lost and no more than one batch of them piles up; the gauge {@code dartscc_agent_waiting_measurements} counts them.
 */
@ApplicationScoped
public class Publisher {
    private static final Logger LOG = Logger.getLogger(Publisher.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final MutinyEmitter<String> costs;
    private final MutinyEmitter<String> models;
    private final byte[] token;
    private final AtomicInteger waiting;

    @Inject
    Publisher(
            @Channel(Topics.OP_COSTS) MutinyEmitter<String> costs,
            @Channel(Topics.MODEL_MEASUREMENTS) MutinyEmitter<String> models,
            AgentSettings settings,
            MeterRegistry meters) {
        this.costs = costs;
        this.models = models;
        this.token = settings.device().token().getBytes(StandardCharsets.UTF_8);
        this.waiting = meters.gauge("dartscc_agent_waiting_measurements", new AtomicInteger());
    }

    /** @throws CancellationException when stopped before all were sent */
    public void costs(List<CostUpdate> updates, BooleanSupplier stopped) {
        waiting.set(updates.size());
        for (var update : updates) {
            send(costs, update.key(), update, stopped);
            waiting.decrementAndGet();
        }
    }

    /** @throws CancellationException when stopped before it was sent */
    public void model(ModelMeasurement measurement, BooleanSupplier stopped) {
        waiting.set(1);
        send(models, measurement.modelId(), measurement, stopped);
        waiting.set(0);
    }

    private void send(MutinyEmitter<String> emitter, String key, Object value, BooleanSupplier stopped) {
        var json = json(value);
        long start = System.nanoTime();
        boolean delayed = false;
        while (!stopped.getAsBoolean()) {
            try {
                emitter.sendMessage(message(key, json)).await().atMost(PATIENCE);
                if (delayed) {
                    LOG.infof("the broker is back after %d s; sending what was measured", seconds(start));
                }
                return;
            } catch (RuntimeException e) {
                // A record that is still on its way when we lose patience may arrive twice, which does no harm.
                LOG.warnf(
                        "the broker has taken nothing for %d s; %d finished measurements wait, and nothing is measured"
                                + " until it does: %s",
                        seconds(start), waiting.get(), reason(e));
                delayed = true;
                pause();
            }
        }
        throw new CancellationException("stopped before " + key + " was sent");
    }

    private static String reason(RuntimeException failure) {
        return failure instanceof TimeoutException
                ? "no answer within " + PATIENCE.toSeconds() + " s"
                : failure.getMessage();
    }

    private static long seconds(long start) {
        return Duration.ofNanos(System.nanoTime() - start).toSeconds();
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
