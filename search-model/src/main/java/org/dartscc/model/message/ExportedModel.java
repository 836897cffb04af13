package org.dartscc.model.message;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import org.dartscc.model.artifact.ArtifactRef;

/** What the exporter made of a {@link ModelRequest}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ExportedModel.Exported.class, name = "exported"),
    @JsonSubTypes.Type(value = ExportedModel.Failed.class, name = "failed")
})
public sealed interface ExportedModel {
    int schemaVersion();

    String modelId();

    int attempt();

    /** @param parityMaxAbsDiff largest absolute difference of a logit to the supernet's */
    record Exported(int schemaVersion, String modelId, int attempt, ArtifactRef onnx, double parityMaxAbsDiff)
            implements ExportedModel {
        public Exported {
            Topics.requireKnown(schemaVersion);
        }
    }

    record Failed(int schemaVersion, String modelId, int attempt, String reason) implements ExportedModel {
        public Failed {
            Topics.requireKnown(schemaVersion);
        }
    }
}
