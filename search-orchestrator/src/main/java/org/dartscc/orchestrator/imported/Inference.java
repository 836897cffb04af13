package org.dartscc.orchestrator.imported;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.message.Topics;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.orchestrator.api.Problems;
import org.dartscc.orchestrator.cost.CostBook;
import org.dartscc.orchestrator.cost.CostOrigin;
import org.dartscc.orchestrator.device.Devices;
import org.dartscc.orchestrator.device.KnownDevice;

/** Costs of a device of which only a few whole networks are known, by the tables of the devices that are. */
@ApplicationScoped
public class Inference {
    private static final String UNKNOWN = "unknown";

    private final CostBook costs;
    private final Devices devices;

    Inference(CostBook costs, Devices devices) {
        this.costs = costs;
        this.devices = devices;
    }

    /** Registers a device that nobody speaks for, with inferred costs; gives its id. */
    public Uni<String> register(String name, String description, SearchSpace space, List<Timings.Timing> timings) {
        var id = UUID.randomUUID().toString();
        return adopt(id, space, timings, session -> devices.registerImported(session, id, name, description))
                .replaceWith(id);
    }

    /** Infers the costs of a registered device. What its agent measures later takes their place. */
    public Uni<Void> infer(String deviceId, SearchSpace space, List<Timings.Timing> timings) {
        return adopt(deviceId, space, timings, session -> Uni.createFrom().voidItem());
    }

    private Uni<Void> adopt(String deviceId, SearchSpace space, List<Timings.Timing> timings, CostBook.Before before) {
        requireOfSpace(space, timings);
        return devices.refresh()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(known -> known.stream()
                        .filter(d -> !d.id().equals(deviceId) && isKnown(d))
                        .map(d -> costs.table(d.id(), space))
                        .filter(table -> table.covers(space))
                        .toList())
                .chain(tables -> adopt(deviceId, space, timings, tables, before));
    }

    private static void requireOfSpace(SearchSpace space, List<Timings.Timing> timings) {
        for (int i = 0; i < timings.size(); i++) {
            try {
                if (!space.isValid(timings.get(i).genotype())) {
                    throw new IllegalArgumentException("its network is none of the space " + space.name());
                }
            } catch (IllegalArgumentException e) {
                throw Problems.badField(
                        "timings[%d].genotype".formatted(i), "timings[%d]: %s".formatted(i, e.getMessage()));
            }
        }
    }

    /** Not one whose own costs are a guess. */
    private boolean isKnown(KnownDevice device) {
        var origin = costs.of(device.id()).origin();
        return origin == null || origin.kind() != CostOrigin.Kind.INFERRED;
    }

    private Uni<Void> adopt(
            String deviceId,
            SearchSpace space,
            List<Timings.Timing> timings,
            List<CostTable> tables,
            CostBook.Before before) {
        if (tables.isEmpty()) {
            throw Problems.conflict(
                    "timings", "No other device has costs of the whole space " + space.name() + " to infer from");
        }
        var micros = timings.stream().mapToDouble(Timings.Timing::micros).toArray();
        var best = ScaledTable.best(
                tables.stream()
                        .map(table ->
                                new ScaledTable.Candidate(table.deviceId(), sums(table, space, timings), table.curve()))
                        .toList(),
                micros);
        var table = tables.stream()
                .filter(t -> t.deviceId().equals(best.device()))
                .findFirst()
                .orElseThrow();
        var now = Instant.now();
        var fingerprint = new RuntimeFingerprint(
                "inferred",
                "%d whole networks at %s".formatted(micros.length, now),
                UNKNOWN,
                UNKNOWN,
                0,
                0,
                UNKNOWN,
                UNKNOWN,
                0);
        return costs.adopt(
                deviceId,
                updates(deviceId, space, timings, table, best.scale(), fingerprint, now),
                fingerprint,
                origin(space, table, best, micros.length, now),
                before);
    }

    private static double[] sums(CostTable table, SearchSpace space, List<Timings.Timing> timings) {
        return timings.stream()
                .mapToDouble(t -> table.sumMicros(space, t.genotype()) - table.fixedMicros())
                .toArray();
    }

    private static List<CostUpdate> updates(
            String deviceId,
            SearchSpace space,
            List<Timings.Timing> timings,
            CostTable table,
            double scale,
            RuntimeFingerprint fingerprint,
            Instant now) {
        var updates = new ArrayList<CostUpdate>();
        for (var signature : space.signatures()) {
            updates.add(new CostUpdate.OperatorCost(
                    Topics.SCHEMA_VERSION,
                    deviceId,
                    signature,
                    scale * table.operatorMicros().get(signature),
                    0,
                    0,
                    now.toEpochMilli(),
                    fingerprint,
                    now));
        }
        for (var timing : timings) {
            updates.add(new CostUpdate.NetworkCost(
                    Topics.SCHEMA_VERSION,
                    deviceId,
                    space.spec(),
                    timing.genotype(),
                    timing.micros(),
                    0,
                    1,
                    now.toEpochMilli(),
                    null,
                    fingerprint,
                    now));
        }
        return updates;
    }

    private CostOrigin origin(SearchSpace space, CostTable table, ScaledTable best, int networks, Instant now) {
        var name = devices.byId(best.device()).map(KnownDevice::name).orElse(best.device());
        return new CostOrigin(
                CostOrigin.Kind.INFERRED,
                "%d whole networks of %s and the costs of %s (version %d), times %.3f"
                        .formatted(networks, space.name(), name, table.version(), best.scale()),
                Map.of(space.name(), best.fixedMicros()),
                best.curve(),
                table.mergesEqual(),
                best.marginShare(),
                List.of("inferred, not measured: networks left out of the fit were off by %.1f %%"
                        .formatted(100 * best.marginShare())),
                now);
    }
}
