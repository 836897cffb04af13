package org.dartscc.model.message;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import org.dartscc.model.cost.RuntimeFingerprint;

/** What an agent found when it timed a whole model. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ModelMeasurement.Timed.class, name = "timed"),
    @JsonSubTypes.Type(value = ModelMeasurement.Failed.class, name = "failed")
})
public sealed interface ModelMeasurement {
    int schemaVersion();

    String requestId();

    String deviceId();

    String modelId();

    /**
     * Latencies of single runs at batch 1, warm-up left out, in microseconds.
     *
     * @param slowness how many times as slow as at its best the device was throughout, as 1.4, with the times told as
     *     they are at its best; null where it was quiet, so that the times are what was seen
     * @param energyMicrojoules of one run, as the counters of all processors of the machine tell; null where they don't
     * @param energyNote why there is no energy, in words for a user; null where there is
     */
    record Timed(
            int schemaVersion,
            String requestId,
            String deviceId,
            String modelId,
            String sha256,
            double p50Micros,
            double p90Micros,
            double loadMicros,
            int runs,
            Double slowness,
            Double energyMicrojoules,
            String energyNote,
            RuntimeFingerprint fingerprint,
            Instant measuredAt)
            implements ModelMeasurement {
        public Timed {
            Topics.requireKnown(schemaVersion);
        }
    }

    record Failed(int schemaVersion, String requestId, String deviceId, String modelId, String reason)
            implements ModelMeasurement {
        public Failed {
            Topics.requireKnown(schemaVersion);
        }
    }
}
