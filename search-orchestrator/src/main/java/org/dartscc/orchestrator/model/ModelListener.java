package org.dartscc.orchestrator.model;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

import org.dartscc.model.message.ExportedModel;
import org.dartscc.model.message.ModelMeasurement;
import org.dartscc.model.message.Topics;
import org.dartscc.orchestrator.device.AgentRecords;
import org.dartscc.orchestrator.device.Devices;
import org.dartscc.orchestrator.messaging.Consuming;
import org.dartscc.orchestrator.messaging.MessageJson;
import org.dartscc.orchestrator.messaging.PoisonRecordException;

/** What exporters and agents say of models. */
@ApplicationScoped
class ModelListener {
    private final Models models;
    private final Devices devices;
    private final AgentRecords agentRecords;

    ModelListener(Models models, Devices devices, AgentRecords agentRecords) {
        this.models = models;
        this.devices = devices;
        this.agentRecords = agentRecords;
    }

    @Incoming(Topics.EXPORTED_MODELS)
    Uni<Void> exported(ConsumerRecord<String, byte[]> record) {
        return Consuming.reliably(() -> {
            var answer = MessageJson.read(record.value(), ExportedModel.class);
            require(answer.modelId() != null, "modelId is missing");
            if (answer instanceof ExportedModel.Exported exported) {
                require(
                        exported.onnx() != null && Double.isFinite(exported.parityMaxAbsDiff()),
                        "the exported file or its parity is missing");
            }
            return models.exported(answer);
        });
    }

    @Incoming(Topics.MODEL_MEASUREMENTS)
    Uni<Void> measured(ConsumerRecord<String, byte[]> record) {
        return Consuming.reliably(() -> {
            var answer = MessageJson.read(record.value(), ModelMeasurement.class);
            require(answer.modelId() != null && answer.requestId() != null, "modelId or requestId is missing");
            if (answer instanceof ModelMeasurement.Timed timed) {
                require(
                        timed.p50Micros() > 0 && timed.p90Micros() >= timed.p50Micros() && timed.p90Micros() < 1e9,
                        "the latencies make no sense");
                require(
                        timed.energyMicrojoules() == null
                                || timed.energyMicrojoules() > 0 && timed.energyMicrojoules() < 1e12,
                        "the energy makes no sense");
            }
            return devices.refresh()
                    .invoke(known -> agentRecords.requireOwn(record.headers(), answer.deviceId()))
                    .chain(() -> devices.seen(answer.deviceId()))
                    .chain(() -> requireDeviceOfModel(answer))
                    .chain(() -> models.measured(answer));
        });
    }

    private Uni<Void> requireDeviceOfModel(ModelMeasurement answer) {
        return models.find(answer.modelId())
                .invoke(found -> found.ifPresent(model -> require(
                        model.deviceId().equals(answer.deviceId()),
                        "device " + answer.deviceId() + " has nothing to say of a model for another device")))
                .replaceWithVoid();
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new PoisonRecordException(otherwise);
        }
    }
}
