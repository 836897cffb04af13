package org.dartscc.orchestrator.cost;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Where the costs of a fingerprint come from that no agent of ours measured.
 *
 * @param source what was imported or inferred from, in words
 * @param fixedMicros by name of a space: what every network of it pays beside its operators, in microseconds
 * @param marginShare relative error to expect; null when nobody knows
 * @param notes what a user of these costs should know
 */
public record CostOrigin(
        Kind kind, String source, Map<String, Double> fixedMicros, Double marginShare, List<String> notes, Instant at) {
    public CostOrigin {
        fixedMicros = Map.copyOf(fixedMicros);
        notes = List.copyOf(notes);
    }

    /** How costs came to be. */
    public enum Kind {
        /** Read from a table that somebody else measured. */
        IMPORTED,
        /** Computed from other devices' costs and a few whole networks. */
        INFERRED
    }

    /** The calibration that comes with the costs of a space, if any does. */
    java.util.Optional<Calibration> calibration(String space) {
        var fixed = fixedMicros.get(space);
        return fixed == null
                ? java.util.Optional.empty()
                : java.util.Optional.of(
                        new Calibration(fixed, 1, marginShare == null ? Calibration.NONE.marginShare() : marginShare));
    }
}
