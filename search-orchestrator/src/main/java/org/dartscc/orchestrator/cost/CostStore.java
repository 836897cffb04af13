package org.dartscc.orchestrator.cost;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.Tuple;

import io.smallrye.mutiny.Uni;
import org.hibernate.reactive.mutiny.Mutiny;

import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.orchestrator.messaging.MessageJson;

/** Costs in the database. Batches go in as one JSON parameter, which is what makes 10,000 a second possible. */
@ApplicationScoped
class CostStore {
    private static final String ROWS = " from json_to_recordset(cast(cast(?1 as text) as json)) as r";

    private static final String FINGERPRINTS = "insert into device_fingerprint (device_id, hash, fingerprint, newest)"
            + " select r.d, r.f, r.j, r.t" + ROWS + "(d text, f text, j text, t timestamptz)"
            + " join device on device.id = r.d"
            + " on conflict (device_id, hash) do update set newest ="
            + " greatest(device_fingerprint.newest, excluded.newest)";

    private static final String OPERATORS = "insert into operator_cost (device_id, fingerprint, signature,"
            + " median_micros, spread_micros, samples, version, measured_at)"
            + " select r.d, r.f, r.s, r.m, r.h, r.n, r.v, r.t" + ROWS
            + "(d text, f text, s text, m float8, h float8, n int, v bigint, t timestamptz)"
            + " join device on device.id = r.d"
            + " on conflict (device_id, fingerprint, signature) do update set median_micros = excluded.median_micros,"
            + " spread_micros = excluded.spread_micros, samples = excluded.samples, version = excluded.version,"
            + " measured_at = excluded.measured_at where excluded.version > operator_cost.version";

    private static final String NETWORKS = "insert into network_cost (device_id, fingerprint, space, genotype,"
            + " median_micros, spread_micros, samples, version, measured_at, watts)"
            + " select r.d, r.f, r.s, r.g, r.m, r.h, r.n, r.v, r.t, r.w" + ROWS
            + "(d text, f text, s text, g text, m float8, h float8, n int, v bigint, t timestamptz, w float8)"
            + " join device on device.id = r.d"
            + " on conflict (device_id, fingerprint, space, genotype) do update set"
            + " median_micros = excluded.median_micros, spread_micros = excluded.spread_micros,"
            + " samples = excluded.samples, version = excluded.version, measured_at = excluded.measured_at,"
            + " watts = coalesce(excluded.watts, network_cost.watts)"
            + " where excluded.version > network_cost.version";

    private static final String FAILURES = "insert into measurement_failure (device_id, what, reason, failed_at)"
            + " select r.d, r.w, r.r, now()" + ROWS + "(d text, w text, r text)"
            + " join device on device.id = r.d"
            + " on conflict (device_id, what) do update set reason = excluded.reason, failed_at = excluded.failed_at";

    private static final String SEEN = "update device set last_seen = now()"
            + " where id in (select json_array_elements_text(cast(cast(?1 as text) as json)))";

    private static final String REVISIONS = "update device set cost_revision = cost_revision + 1"
            + " where id in (select json_array_elements_text(cast(cast(?1 as text) as json)))"
            + " returning id, cost_revision";

    /** Stores a batch; gives the new revisions of the devices that changed. */
    Uni<Map<String, Long>> store(Mutiny.Session session, CostBatch batch, Collection<String> changed) {
        return upsert(session, FINGERPRINTS, batch.fingerprintRows())
                .chain(() -> upsert(session, OPERATORS, batch.operatorRows()))
                .chain(() -> upsert(session, NETWORKS, batch.networkRows()))
                .chain(() -> upsert(session, FAILURES, batch.failureRows()))
                .chain(() -> revisions(session, changed));
    }

    /** The agents of these devices spoke. */
    Uni<Integer> seen(Mutiny.Session session, Collection<String> deviceIds) {
        return upsert(session, SEEN, deviceIds);
    }

    private static Uni<Integer> upsert(Mutiny.Session session, String statement, Collection<?> rows) {
        return rows.isEmpty()
                ? Uni.createFrom().item(0)
                : session.createNativeQuery(statement)
                        .setParameter(1, MessageJson.write(rows))
                        .executeUpdate();
    }

    private static Uni<Map<String, Long>> revisions(Mutiny.Session session, Collection<String> changed) {
        if (changed.isEmpty()) {
            return Uni.createFrom().item(Map.of());
        }
        return session.createNativeQuery(REVISIONS, Tuple.class)
                .setParameter(1, MessageJson.write(changed))
                .getResultList()
                .map(rows -> {
                    var revisions = new HashMap<String, Long>();
                    rows.forEach(r -> revisions.put(
                            r.get(0, String.class), r.get(1, Number.class).longValue()));
                    return revisions;
                });
    }

    /** The costs of a device under its newest fingerprint. */
    Uni<DeviceCosts> load(Mutiny.Session session, String deviceId) {
        // The revision is read first: whatever changes meanwhile has a higher one and is loaded again.
        return session.createNativeQuery("select cost_revision from device where id = ?1", Long.class)
                .setParameter(1, deviceId)
                .getSingleResultOrNull()
                .chain(revision -> newestFingerprint(session, deviceId)
                        .chain(newest -> load(session, deviceId, revision == null ? 0 : revision, newest)));
    }

    /** Tells where the costs of a stored fingerprint come from. */
    Uni<Integer> originate(Mutiny.Session session, String deviceId, String hash, CostOrigin origin) {
        return session.createNativeQuery("update device_fingerprint set origin = ?1 where device_id = ?2 and hash = ?3")
                .setParameter(1, MessageJson.write(origin))
                .setParameter(2, deviceId)
                .setParameter(3, hash)
                .executeUpdate();
    }

    private record Newest(String hash, RuntimeFingerprint fingerprint, Instant at, CostOrigin origin) {}

    private static Uni<Newest> newestFingerprint(Mutiny.Session session, String deviceId) {
        return session.createNativeQuery(
                        "select hash, fingerprint, newest, origin from device_fingerprint where device_id = ?1"
                                + " order by newest desc, hash limit 1",
                        Tuple.class)
                .setParameter(1, deviceId)
                .getSingleResultOrNull()
                .map(r -> r == null
                        ? new Newest(null, null, null, null)
                        : new Newest(
                                r.get(0, String.class),
                                MessageJson.stored(r.get(1, String.class), RuntimeFingerprint.class),
                                instant(r, 2),
                                MessageJson.stored(r.get(3, String.class), CostOrigin.class)));
    }

    private static Uni<DeviceCosts> load(Mutiny.Session session, String deviceId, long revision, Newest newest) {
        return operators(session, deviceId, newest.hash).chain(operators -> networks(session, deviceId, newest.hash)
                .chain(networks -> failures(session, deviceId)
                        .map(failures -> new DeviceCosts(
                                deviceId,
                                revision,
                                newest.hash,
                                newest.fingerprint,
                                newest.at,
                                operators,
                                networks,
                                failures,
                                newest.origin))));
    }

    private static Uni<Map<OperatorSignature, MeasuredCost>> operators(
            Mutiny.Session session, String deviceId, String hash) {
        return costs(session, "signature, device_id, cast(null as float8) as watts", "operator_cost", deviceId, hash)
                .map(rows -> {
                    var costs = new HashMap<OperatorSignature, MeasuredCost>();
                    rows.forEach(r -> costs.put(OperatorSignature.parse(r.get(0, String.class)), cost(r)));
                    return costs;
                });
    }

    private static Uni<Map<MeasuredNetwork, MeasuredCost>> networks(
            Mutiny.Session session, String deviceId, String hash) {
        return costs(session, "space, genotype, watts", "network_cost", deviceId, hash)
                .map(rows -> {
                    var costs = new HashMap<MeasuredNetwork, MeasuredCost>();
                    rows.forEach(r -> costs.put(
                            new MeasuredNetwork(
                                    MessageJson.stored(r.get(0, String.class), SpaceSpec.class),
                                    Genotype.parse(r.get(1, String.class))),
                            cost(r)));
                    return costs;
                });
    }

    private static Uni<List<Tuple>> costs(
            Mutiny.Session session, String what, String table, String deviceId, String hash) {
        return session.createNativeQuery(
                        "select " + what + ", median_micros, spread_micros, samples, version, measured_at from " + table
                                + " where device_id = ?1 and fingerprint = ?2",
                        Tuple.class)
                .setParameter(1, deviceId)
                .setParameter(2, hash == null ? "" : hash)
                .getResultList();
    }

    private static Instant instant(Tuple row, int column) {
        return row.get(column, OffsetDateTime.class).toInstant();
    }

    private static MeasuredCost cost(Tuple row) {
        return new MeasuredCost(
                row.get(3, Double.class),
                row.get(4, Double.class),
                row.get(5, Integer.class),
                row.get(6, Number.class).longValue(),
                instant(row, 7),
                row.get(2, Double.class));
    }

    private static Uni<Map<String, String>> failures(Mutiny.Session session, String deviceId) {
        return session.createNativeQuery(
                        "select what, reason from measurement_failure where device_id = ?1", Tuple.class)
                .setParameter(1, deviceId)
                .getResultList()
                .map(rows -> {
                    var failures = new HashMap<String, String>();
                    rows.forEach(r -> failures.put(r.get(0, String.class), r.get(1, String.class)));
                    return failures;
                });
    }
}
