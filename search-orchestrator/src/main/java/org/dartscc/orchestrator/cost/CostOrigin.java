package org.dartscc.orchestrator.cost;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.dartscc.model.cost.Curve;

/**
 * Where the costs of a fingerprint come from that no agent of ours measured.
 *
 * @param source what was imported or inferred from, in words
 * @param fixedMicros by name of a space: what every network of it pays beside its operators, in microseconds
 * @param curve of the cost table
 * @param mergesEqual as in the cost table
 * @param marginShare relative error to expect; null when nobody knows
 * @param notes what a user of these costs should know
 */
public record CostOrigin(
        Kind kind,
        String source,
        Map<String, Double> fixedMicros,
        Curve curve,
        boolean mergesEqual,
        Double marginShare,
        List<String> notes,
        Instant at) {
    private static final double USUAL_MARGIN_SHARE = .1;

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

    /** The margin that a table without one has. */
    double marginShareOrUsual() {
        return marginShare == null ? USUAL_MARGIN_SHARE : marginShare;
    }
}
