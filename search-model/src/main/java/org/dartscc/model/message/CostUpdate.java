package org.dartscc.model.message;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;

/**
 * A cost that an agent measured on its device. The update with the highest version counts; versions of one device and
 * one thing measured only grow.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = CostUpdate.OperatorCost.class, name = "operator"),
    @JsonSubTypes.Type(value = CostUpdate.NetworkCost.class, name = "network"),
    @JsonSubTypes.Type(value = CostUpdate.Failed.class, name = "failed")
})
public sealed interface CostUpdate {
    int schemaVersion();

    String deviceId();

    /** Key of the Kafka record: what is measured, on what device. */
    String key();

    /**
     * One operator inside a network.
     *
     * @param medianMicros cost in microseconds; never negative: from the low quartile of the medians of undisturbed
     *     blocks of runs
     * @param spreadMicros half of the interquartile range of the blocks, in microseconds; half the width of the cost's
     *     95 % confidence interval is 3.96 spreadMicros / sqrt(samples)
     */
    record OperatorCost(
            int schemaVersion,
            String deviceId,
            OperatorSignature signature,
            double medianMicros,
            double spreadMicros,
            int samples,
            long version,
            RuntimeFingerprint fingerprint,
            Instant measuredAt)
            implements CostUpdate {
        public OperatorCost {
            Topics.requireKnown(schemaVersion);
            requireMicros(medianMicros);
            requireMicros(spreadMicros);
        }

        @Override
        public String key() {
            return deviceId + "/" + signature;
        }
    }

    /**
     * One whole network with weights that do not matter.
     *
     * @param energyMicrojoules of one inference; null where it was not measured, as agents do only for models
     */
    record NetworkCost(
            int schemaVersion,
            String deviceId,
            SpaceSpec space,
            Genotype genotype,
            double medianMicros,
            double spreadMicros,
            int samples,
            long version,
            Double energyMicrojoules,
            RuntimeFingerprint fingerprint,
            Instant measuredAt)
            implements CostUpdate {
        public NetworkCost {
            Topics.requireKnown(schemaVersion);
            requireMicros(medianMicros);
            requireMicros(spreadMicros);
            if (energyMicrojoules != null) {
                requireMicros(energyMicrojoules);
            }
        }

        @Override
        public String key() {
            return deviceId + "/" + space.image() + ":" + space.classes() + "/" + genotype;
        }
    }

    /** What the agent could not measure, and why; the request goes on with the rest. */
    record Failed(int schemaVersion, String deviceId, String requestId, String what, String reason)
            implements CostUpdate {
        public Failed {
            Topics.requireKnown(schemaVersion);
        }

        @Override
        public String key() {
            return deviceId + "/failed/" + what;
        }
    }

    private static void requireMicros(double micros) {
        if (!(micros >= 0) || micros > 1e9) {
            throw new IllegalArgumentException("a cost must be within 0..1e9 microseconds, not " + micros);
        }
    }
}
