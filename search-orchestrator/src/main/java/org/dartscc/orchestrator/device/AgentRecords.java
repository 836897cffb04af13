package org.dartscc.orchestrator.device;

import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import org.apache.kafka.common.header.Headers;

import org.dartscc.model.message.Topics;
import org.dartscc.orchestrator.messaging.PoisonRecordException;

/** Whether a record really comes from the agent of the device that it speaks for. */
@Startup
@ApplicationScoped
public class AgentRecords {
    private final Devices devices;
    private final Counter impersonated;

    AgentRecords(Devices devices, MeterRegistry metrics) {
        this.devices = devices;
        this.impersonated = metrics.counter("dartscc.records.impersonated");
    }

    /** Whether the record carries the token of a device, as far as the memory tells. */
    public boolean isOfKnownDevice(Headers headers) {
        return sender(headers).isPresent();
    }

    private Optional<String> sender(Headers headers) {
        var token = headers.lastHeader(Topics.DEVICE_TOKEN_HEADER);
        return token == null || token.value() == null
                ? Optional.empty()
                : devices.byToken(token.value()).map(KnownDevice::id);
    }

    /** @throws PoisonRecordException when the record lacks the token of that device */
    public void requireOwn(Headers headers, String deviceId) {
        if (deviceId == null || !sender(headers).equals(Optional.of(deviceId))) {
            impersonated.increment();
            throw new PoisonRecordException(
                    "the record claims device " + deviceId + " without that device's token in its header");
        }
    }
}
