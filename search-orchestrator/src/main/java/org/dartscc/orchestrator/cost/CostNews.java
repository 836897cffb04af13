package org.dartscc.orchestrator.cost;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.dartscc.model.space.OperatorSignature;

/**
 * What is new about the costs of a device, and why.
 *
 * @param reason of most weight among the changes
 * @param changes of operators, the largest first
 * @param networks whole networks whose latency is new, by which the table is calibrated anew
 */
public record CostNews(Reason reason, List<Change> changes, int networks) {
    private static final double DRIFT_SHARE = .1;

    public CostNews {
        changes = List.copyOf(changes);
    }

    /** Why a cost is new, the weightier the later. */
    public enum Reason {
        CALIBRATED("whole networks were timed"),
        MEASURED_AGAIN("re-measured"),
        MEASURED("measured"),
        MEASURED_LATE("measured late"),
        DRIFTED("drifted"),
        INFERRED("inferred"),
        IMPORTED("imported"),
        NEW_RUNTIME("new runtime");

        private final String words;

        Reason(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /**
     * One operator whose cost is another.
     *
     * @param fromMicros null for one without a cost before, as is {@code share}
     * @param share by which it changed, as .25 for a quarter more
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Change(OperatorSignature operator, Double fromMicros, double toMicros, Double share, String reason) {
        private static Change of(OperatorSignature operator, MeasuredCost before, MeasuredCost after, Reason reason) {
            return new Change(
                    operator,
                    before == null ? null : before.medianMicros(),
                    after.medianMicros(),
                    before == null || before.medianMicros() == 0
                            ? null
                            : after.medianMicros() / before.medianMicros() - 1,
                    reason.words());
        }

        private double weight() {
            return share == null ? Double.POSITIVE_INFINITY : Math.abs(share);
        }

        private Change since(Change earlier) {
            return new Change(
                    operator,
                    earlier.fromMicros,
                    toMicros,
                    earlier.fromMicros == null || earlier.fromMicros == 0 ? null : toMicros / earlier.fromMicros - 1,
                    reason);
        }
    }

    /** What became of a device's costs. */
    static CostNews between(DeviceCosts before, DeviceCosts after) {
        boolean newRuntime =
                before.fingerprintHash() != null && !before.fingerprintHash().equals(after.fingerprintHash());
        var changes = new ArrayList<Change>();
        var weightiest = Reason.CALIBRATED;
        for (var entry : after.operators().entrySet()) {
            var known = before.operators().get(entry.getKey());
            var now = entry.getValue();
            if (!newRuntime && known != null && known.version() == now.version()) {
                continue;
            }
            var reason = reason(after, newRuntime, known, now);
            changes.add(Change.of(entry.getKey(), known, now, reason));
            weightiest = reason.compareTo(weightiest) > 0 ? reason : weightiest;
        }
        changes.sort(ORDER);
        int networks = (int) after.networks().entrySet().stream()
                .filter(e ->
                        newRuntime || !e.getValue().equals(before.networks().get(e.getKey())))
                .count();
        return new CostNews(weightiest, changes, networks);
    }

    private static final Comparator<Change> ORDER = Comparator.comparingDouble(Change::weight)
            .reversed()
            .thenComparing(change -> change.operator().toString());

    private static Reason reason(DeviceCosts after, boolean newRuntime, MeasuredCost known, MeasuredCost now) {
        if (after.origin() != null) {
            return after.origin().kind() == CostOrigin.Kind.IMPORTED ? Reason.IMPORTED : Reason.INFERRED;
        }
        if (newRuntime) {
            return Reason.NEW_RUNTIME;
        }
        if (known == null) {
            return Reason.MEASURED;
        }
        double moved = Math.abs(now.medianMicros() - known.medianMicros());
        return moved > DRIFT_SHARE * known.medianMicros() ? Reason.DRIFTED : Reason.MEASURED_AGAIN;
    }

    /** These news and later ones as one. */
    public CostNews and(CostNews later) {
        Map<OperatorSignature, Change> all = new LinkedHashMap<>();
        changes.forEach(change -> all.put(change.operator(), change));
        later.changes.forEach(change -> all.merge(change.operator(), change, (earlier, now) -> now.since(earlier)));
        var sorted = new ArrayList<>(all.values());
        sorted.sort(ORDER);
        return new CostNews(
                later.reason.compareTo(reason) > 0 ? later.reason : reason, sorted, networks + later.networks);
    }

    /** The same in words for a search that has long begun: what is measured now is late. */
    public String reasonFor(boolean trained) {
        return (trained && reason == Reason.MEASURED ? Reason.MEASURED_LATE : reason).words();
    }

    /** The largest changes. */
    public List<Change> largest(int count) {
        return changes.stream().limit(count).toList();
    }
}
