package org.dartscc.model.selection;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * Upper limits that an architecture must keep together; null is no limit.
 *
 * @param fileBytes size of the exported file
 * @param peakActivationBytes most bytes of tensors alive at once, as {@link org.dartscc.model.network.Footprint} counts
 */
public record Budget(Double latencyMicros, Long parameters, Long macs, Long fileBytes, Long peakActivationBytes) {
    public Budget {
        requirePositive("latencyMicros", latencyMicros);
        requirePositive("parameters", parameters);
        requirePositive("macs", macs);
        requirePositive("fileBytes", fileBytes);
        requirePositive("peakActivationBytes", peakActivationBytes);
    }

    public Budget(Double latencyMicros, Long parameters, Long macs) {
        this(latencyMicros, parameters, macs, null, null);
    }

    private static void requirePositive(String name, Number limit) {
        if (limit != null && !(limit.doubleValue() > 0 && Double.isFinite(limit.doubleValue()))) {
            throw new IllegalArgumentException("budget." + name + " must be a positive number, not " + limit);
        }
    }

    public static Budget ofLatencyMicros(double micros) {
        return new Budget(micros, null, null);
    }

    /** The same limits with another one of latency; null for none. */
    public Budget withLatencyMicros(Double micros) {
        return new Budget(micros, parameters, macs, fileBytes, peakActivationBytes);
    }

    Budget withoutPeak() {
        return new Budget(latencyMicros, parameters, macs, fileBytes, null);
    }

    /** Whether nothing but latency is limited. */
    @JsonIgnore
    public boolean isOfLatencyAlone() {
        return parameters == null && macs == null && fileBytes == null && peakActivationBytes == null;
    }

    /** Whether a candidate keeps every limit. */
    public boolean admits(Candidate candidate) {
        return keeps(latencyMicros, candidate.latencyMicros())
                && keeps(parameters, candidate.parameters())
                && keeps(macs, candidate.macs())
                && keeps(fileBytes, candidate.fileBytes())
                && keeps(peakActivationBytes, candidate.peakActivationBytes());
    }

    private static boolean keeps(Number limit, double value) {
        return limit == null || value <= limit.doubleValue();
    }
}
