package org.dartscc.model.selection;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * Upper limits that an architecture must keep together; null is no limit.
 *
 * @param fileBytes size of the exported file
 * @param peakActivationBytes most bytes of tensors alive at once, as {@link org.dartscc.model.network.Footprint} counts
 * @param energyMicrojoules of one inference; no candidate tells its energy, see {@link #withEnergyAsLatency}
 */
public record Budget(
        Double latencyMicros,
        Long parameters,
        Long macs,
        Long fileBytes,
        Long peakActivationBytes,
        Double energyMicrojoules) {
    public Budget {
        requirePositive("latencyMicros", latencyMicros);
        requirePositive("parameters", parameters);
        requirePositive("macs", macs);
        requirePositive("fileBytes", fileBytes);
        requirePositive("peakActivationBytes", peakActivationBytes);
        requirePositive("energyMicrojoules", energyMicrojoules);
    }

    public Budget(Double latencyMicros, Long parameters, Long macs, Long fileBytes, Long peakActivationBytes) {
        this(latencyMicros, parameters, macs, fileBytes, peakActivationBytes, null);
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
        return new Budget(micros, parameters, macs, fileBytes, peakActivationBytes, energyMicrojoules);
    }

    /**
     * The same limits for a device that draws the same power whatever it runs: then a limit of energy is one of latency.
     *
     * @param watts microjoules per microsecond
     */
    public Budget withEnergyAsLatency(double watts) {
        if (energyMicrojoules == null) {
            return this;
        }
        double micros = energyMicrojoules / watts;
        return new Budget(
                latencyMicros == null ? micros : Math.min(latencyMicros, micros),
                parameters,
                macs,
                fileBytes,
                peakActivationBytes);
    }

    Budget withoutPeak() {
        return new Budget(latencyMicros, parameters, macs, fileBytes, null, energyMicrojoules);
    }

    /** Whether nothing but latency is limited. */
    @JsonIgnore
    public boolean isOfLatencyAlone() {
        return parameters == null && macs == null && fileBytes == null && peakActivationBytes == null;
    }

    /**
     * Whether a candidate keeps every limit.
     *
     * @throws IllegalStateException when there is one of energy, which must be told as latency before
     */
    public boolean admits(Candidate candidate) {
        if (energyMicrojoules != null) {
            throw new IllegalStateException("a limit of energy must be told as latency first");
        }
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
