package org.dartscc.exporter.model;

import java.io.IOException;
import java.nio.file.NoSuchFileException;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.message.ExportedModel;
import org.dartscc.model.message.ModelRequest;
import org.dartscc.model.message.Topics;
import org.dartscc.model.network.Network;
import org.dartscc.model.turn.MachineTurn;
import org.dartscc.onnx.ModelGuard;
import org.dartscc.onnx.OnnxModels;
import org.dartscc.onnx.RefusedModelException;

/**
 * Writes a finalised subnet as ONNX, compares it in ONNX Runtime with the supernet's own logits, and publishes it when
 * they agree. Equal requests give the same artifact, so a request may come twice.
 */
public final class ModelExport {
    /** No artifact of a subnet comes near. */
    private static final long MAX_ARTIFACT_BYTES = ModelGuard.MAX_BYTES;

    private final ArtifactStore artifacts;
    private final MachineTurn machine;
    private final OrtEnvironment runtime;

    /** Loads ONNX Runtime, so that a machine it does not run on is found out at once. */
    public ModelExport(ArtifactStore artifacts, MachineTurn machine) {
        this.artifacts = artifacts;
        this.machine = machine;
        this.runtime = OrtEnvironment.getEnvironment();
    }

    /** What became of the request; a reason that a user can act on when nothing came of it. Throws only for bugs. */
    public ExportedModel export(ModelRequest request) {
        try {
            var network = network(request);
            var weights = tensors("weights", request.weights());
            var model = OnnxModels.trained(network, weights, request.dataset(), Provenance.of(request, network));
            ModelGuard.check(model);
            return published(request, model, parity(model, reference(request, network)));
        } catch (IllegalArgumentException | IOException | RefusedModelException e) {
            return failed(request, e.getMessage());
        } catch (OrtException e) {
            return failed(request, "ONNX Runtime can't run the model: " + e.getMessage());
        }
    }

    private static Network network(ModelRequest request) {
        var space = request.space().create();
        if (!space.isValid(request.genotype())) {
            throw new IllegalArgumentException(
                    request.genotype() + " is not an architecture that the space " + space.name() + " allows");
        }
        return space.network(request.genotype());
    }

    private ReferenceBatch reference(ModelRequest request, Network network) throws IOException {
        return ReferenceBatch.of(
                tensors("reference", request.reference()),
                network.input().output(),
                network.output().output().channels());
    }

    private SafeTensors tensors(String what, ArtifactRef ref) throws IOException {
        if (ref.sizeBytes() > MAX_ARTIFACT_BYTES) {
            throw new IllegalArgumentException(
                    "the %s of %d bytes are over the limit of %d".formatted(what, ref.sizeBytes(), MAX_ARTIFACT_BYTES));
        }
        try {
            return SafeTensors.parse(artifacts.get(ref));
        } catch (NoSuchFileException e) {
            throw new IOException("the %s, artifact %s, are not in the store".formatted(what, ref.sha256()), e);
        } catch (IllegalArgumentException e) {
            throw new IOException("the " + what + " can't be read: " + e.getMessage(), e);
        }
    }

    /** Alone on the machine, so as not to disturb a measurement. */
    private Parity parity(byte[] model, ReferenceBatch reference) throws OrtException {
        try (var turn = machine.take()) {
            return Parity.measure(runtime, model, reference);
        }
    }

    private ExportedModel published(ModelRequest request, byte[] model, Parity parity) throws IOException {
        if (!parity.holds()) {
            return failed(
                    request,
                    "the ONNX model's logits differ from the supernet's by %.3g, and an image's alone from its batch's by %.3g; %.0e is allowed"
                            .formatted(parity.toReference(), parity.aloneToBatch(), Parity.TOLERANCE));
        }
        return new ExportedModel.Exported(
                Topics.SCHEMA_VERSION, request.modelId(), request.attempt(), stored(model), parity.toReference());
    }

    private ArtifactRef stored(byte[] model) throws IOException {
        try {
            return artifacts.put(model);
        } catch (IOException e) {
            throw new IOException("the model can't be stored: " + e, e);
        }
    }

    private static ExportedModel failed(ModelRequest request, String reason) {
        return new ExportedModel.Failed(Topics.SCHEMA_VERSION, request.modelId(), request.attempt(), reason);
    }
}
