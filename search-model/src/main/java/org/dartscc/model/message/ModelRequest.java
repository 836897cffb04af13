package org.dartscc.model.message;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SpaceSpec;

/**
 * A finalised subnet for the exporter to turn into ONNX.
 *
 * @param weights the subnet's parameters, safetensors
 * @param reference images and the supernet's logits, safetensors, which the ONNX model must reproduce
 * @param attempt of the model's candidates; an export of an older attempt is ignored
 */
public record ModelRequest(
        int schemaVersion,
        String modelId,
        String searchId,
        String deviceId,
        int attempt,
        SpaceSpec space,
        Genotype genotype,
        ArtifactRef weights,
        ArtifactRef reference,
        DatasetInfo dataset,
        double validationAccuracy,
        double testAccuracy,
        double predictedLatencyMicros,
        long costVersion) {
    public ModelRequest {
        Topics.requireKnown(schemaVersion);
        requireGiven("modelId", modelId);
        requireGiven("searchId", searchId);
        requireGiven("deviceId", deviceId);
        requireGiven("space", space);
        requireGiven("genotype", genotype);
        requireGiven("weights", weights);
        requireGiven("reference", reference);
        requireGiven("dataset", dataset);
    }

    private static void requireGiven(String name, Object value) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
    }
}
