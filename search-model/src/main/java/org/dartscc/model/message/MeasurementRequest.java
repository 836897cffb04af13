package org.dartscc.model.message;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;

/** What the agent of one device is asked to measure. Requests may be delivered twice. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = MeasurementRequest.MeasureOperators.class, name = "measure-operators"),
    @JsonSubTypes.Type(value = MeasurementRequest.MeasureModel.class, name = "measure-model")
})
public sealed interface MeasurementRequest {
    int schemaVersion();

    String requestId();

    String deviceId();

    /**
     * Measure operators, then whole networks of the space for calibration, and keep checking both for drift. The agent
     * answers with one {@link CostUpdate} each.
     */
    record MeasureOperators(
            int schemaVersion,
            String requestId,
            String deviceId,
            SpaceSpec space,
            List<OperatorSignature> operators,
            List<Genotype> networks)
            implements MeasurementRequest {
        public MeasureOperators {
            Topics.requireKnown(schemaVersion);
            operators = List.copyOf(operators);
            networks = List.copyOf(networks);
        }
    }

    /** Fetch GET /api/models/{modelId}/onnx with the device's token, check its digest, time it in a child process. */
    record MeasureModel(
            int schemaVersion, String requestId, String deviceId, String modelId, ArtifactRef onnx, Shape image)
            implements MeasurementRequest {
        public MeasureModel {
            Topics.requireKnown(schemaVersion);
        }
    }
}
