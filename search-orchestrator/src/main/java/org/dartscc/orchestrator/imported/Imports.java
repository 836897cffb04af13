package org.dartscc.orchestrator.imported;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Uni;

import org.dartscc.model.cost.Curve;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.message.Topics;
import org.dartscc.orchestrator.cost.CostBook;
import org.dartscc.orchestrator.cost.CostOrigin;
import org.dartscc.orchestrator.device.Devices;
import org.dartscc.orchestrator.device.Tokens;

/** Devices that nobody here owns, by published tables of their operators. */
@ApplicationScoped
public class Imports {
    private static final String UNKNOWN = "unknown";
    private static final int DIGEST_DIGITS = 12;

    private final CostBook costs;
    private final Devices devices;

    Imports(CostBook costs, Devices devices) {
        this.costs = costs;
        this.devices = devices;
    }

    /**
     * Registers a device with the costs of a table.
     *
     * @return the device's id; fails with a {@link MalformedTableException} before anything is stored
     */
    public Uni<String> register(String name, String description, TableUpload upload) {
        var id = UUID.randomUUID().toString();
        return adopt(id, upload, session -> devices.registerImported(session, id, name, description))
                .replaceWith(id);
    }

    /** Puts another table in the place of an imported device's. */
    public Uni<Void> replace(String deviceId, TableUpload upload) {
        return adopt(deviceId, upload, session -> Uni.createFrom().voidItem());
    }

    private Uni<Void> adopt(String deviceId, TableUpload upload, CostBook.Before before) {
        return Uni.createFrom().item(upload::read).chain(table -> {
            var now = Instant.now();
            var fingerprint = fingerprint(table, upload);
            return costs.adopt(
                    deviceId, updates(deviceId, table, fingerprint, now), fingerprint, origin(table, now), before);
        });
    }

    /** Another table is another fingerprint, so that costs of two tables are never mixed. */
    private static RuntimeFingerprint fingerprint(OperatorTable table, TableUpload upload) {
        var content = upload.content() + "/" + upload.entry();
        var digest = HexFormat.of().formatHex(Tokens.sha256(content.getBytes(StandardCharsets.UTF_8)));
        return new RuntimeFingerprint(
                "imported",
                "%s table %s".formatted(table.format().key(), digest.substring(0, DIGEST_DIGITS)),
                UNKNOWN,
                UNKNOWN,
                0,
                0,
                UNKNOWN,
                table.source() == null ? UNKNOWN : table.source(),
                0);
    }

    private static List<CostUpdate> updates(
            String deviceId, OperatorTable table, RuntimeFingerprint fingerprint, Instant now) {
        return table.operators().entrySet().stream()
                .<CostUpdate>map(e -> new CostUpdate.OperatorCost(
                        Topics.SCHEMA_VERSION,
                        deviceId,
                        e.getKey(),
                        e.getValue().micros(),
                        e.getValue().spreadMicros(),
                        e.getValue().samples(),
                        now.toEpochMilli(),
                        fingerprint,
                        now))
                .toList();
    }

    private static CostOrigin origin(OperatorTable table, Instant now) {
        var source = table.source() == null ? table.format().key() + " table" : table.source();
        return new CostOrigin(
                CostOrigin.Kind.IMPORTED,
                source,
                table.fixedMicros(),
                Curve.STRAIGHT,
                false,
                table.marginShare(),
                table.notes(),
                now);
    }
}
