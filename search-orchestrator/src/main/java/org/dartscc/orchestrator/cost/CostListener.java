package org.dartscc.orchestrator.cost;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.message.Topics;
import org.dartscc.orchestrator.device.AgentRecords;
import org.dartscc.orchestrator.device.Devices;
import org.dartscc.orchestrator.messaging.Consuming;
import org.dartscc.orchestrator.messaging.DeadLetters;
import org.dartscc.orchestrator.messaging.MessageJson;
import org.dartscc.orchestrator.messaging.PoisonRecordException;

/** Takes the costs that agents stream, by the thousand. One bad record is set aside; the others of its batch count. */
@ApplicationScoped
class CostListener {
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    private final CostBook book;
    private final Devices devices;
    private final AgentRecords agentRecords;
    private final DeadLetters deadLetters;
    private final Counter accepted;

    CostListener(
            CostBook book, Devices devices, AgentRecords agentRecords, DeadLetters deadLetters, MeterRegistry metrics) {
        this.book = book;
        this.devices = devices;
        this.agentRecords = agentRecords;
        this.deadLetters = deadLetters;
        this.accepted = metrics.counter("dartscc.costs.accepted");
    }

    private record Refused(ConsumerRecord<String, byte[]> record, PoisonRecordException cause) {}

    private record Sorted(List<CostUpdate> accepted, List<Refused> refused) {}

    @Incoming(Topics.OP_COSTS)
    Uni<Void> consume(ConsumerRecords<String, byte[]> records) {
        return Consuming.reliably(() -> knowingDevices(records).chain(this::take));
    }

    /** An agent may be registered elsewhere a moment ago: what looks foreign is judged with fresh eyes, and once. */
    private Uni<Sorted> knowingDevices(ConsumerRecords<String, byte[]> records) {
        for (var record : records) {
            if (!agentRecords.isOfKnownDevice(record.headers())) {
                return devices.refresh().map(ignored -> sort(records));
            }
        }
        return Uni.createFrom().item(sort(records));
    }

    private Sorted sort(ConsumerRecords<String, byte[]> records) {
        var sorted = new Sorted(new ArrayList<>(records.count()), new ArrayList<>());
        for (var record : records) {
            try {
                read(record).ifPresent(sorted.accepted::add);
            } catch (PoisonRecordException e) {
                sorted.refused.add(new Refused(record, e));
            }
        }
        return sorted;
    }

    private Optional<CostUpdate> read(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            // A tombstone of the compacted topic.
            return Optional.empty();
        }
        var update = MessageJson.read(record.value(), CostUpdate.class);
        agentRecords.requireOwn(record.headers(), update.deviceId());
        requireComplete(update);
        return Optional.of(update);
    }

    private static void requireComplete(CostUpdate update) {
        if (update instanceof CostUpdate.OperatorCost cost) {
            require(cost.signature() != null && cost.fingerprint() != null, "signature or fingerprint is missing");
            requireTime(cost.measuredAt());
        } else if (update instanceof CostUpdate.NetworkCost cost) {
            require(
                    cost.space() != null && cost.genotype() != null && cost.fingerprint() != null,
                    "space, genotype or fingerprint is missing");
            requireTime(cost.measuredAt());
        } else if (update instanceof CostUpdate.Failed failed) {
            require(failed.what() != null && failed.reason() != null, "what or reason is missing");
        }
    }

    private static void requireTime(Instant measuredAt) {
        require(
                measuredAt != null && measuredAt.isBefore(Instant.now().plus(CLOCK_SKEW)),
                "measuredAt is missing or lies in the future: " + measuredAt);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new PoisonRecordException(otherwise);
        }
    }

    private Uni<Void> take(Sorted sorted) {
        return Multi.createFrom()
                .iterable(sorted.refused)
                .onItem()
                .transformToUniAndConcatenate(r -> deadLetters.send(r.record, r.cause))
                .collect()
                .last()
                .chain(() -> sorted.accepted.isEmpty() ? Uni.createFrom().voidItem() : book.accept(sorted.accepted))
                .invoke(() -> accepted.increment(sorted.accepted.size()));
    }
}
