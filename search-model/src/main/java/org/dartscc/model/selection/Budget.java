package org.dartscc.model.selection;

/** Upper limits that an architecture must keep together; null is no limit. */
public record Budget(Double latencyMicros, Long parameters, Long macs) {
    public Budget {
        requirePositive("latencyMicros", latencyMicros);
        requirePositive("parameters", parameters);
        requirePositive("macs", macs);
    }

    private static void requirePositive(String name, Number limit) {
        if (limit != null && !(limit.doubleValue() > 0 && Double.isFinite(limit.doubleValue()))) {
            throw new IllegalArgumentException("budget." + name + " must be a positive number, not " + limit);
        }
    }

    public static Budget ofLatencyMicros(double micros) {
        return new Budget(micros, null, null);
    }

    /** Whether a candidate keeps every limit. */
    public boolean admits(Candidate candidate) {
        return (latencyMicros == null || candidate.latencyMicros() <= latencyMicros)
                && (parameters == null || candidate.parameters() <= parameters)
                && (macs == null || candidate.macs() <= macs);
    }
}
