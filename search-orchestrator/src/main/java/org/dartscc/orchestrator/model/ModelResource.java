package org.dartscc.orchestrator.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.orchestrator.api.CurrentCaller;
import org.dartscc.orchestrator.api.Problems;

@Path("/api/models/{id}")
class ModelResource {
    private static final int PARTIAL_CONTENT = 206;

    private final Models models;
    private final ArtifactStore artifacts;
    private final CurrentCaller caller;

    ModelResource(Models models, ArtifactStore artifacts, CurrentCaller caller) {
        this.models = models;
        this.artifacts = artifacts;
        this.caller = caller;
    }

    @GET
    public Uni<ModelView> get(String id) {
        return models.view(id).map(found -> found.orElseThrow(() -> Problems.unknown("model", id)));
    }

    /** The ONNX file, verified against its digest, for users and for the agent that is to time it. */
    @GET
    @Path("/onnx")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    @APIResponse(responseCode = "200", description = "The file; its SHA-256 is the ETag")
    @APIResponse(responseCode = "206", description = "The range that was asked for")
    @APIResponse(responseCode = "409", description = "There is no verified file (yet)")
    public Uni<Response> onnx(
            String id,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) String ifNoneMatch,
            @HeaderParam("If-Range") String ifRange,
            @HeaderParam("Range") String range) {
        // Asked before the answer arrives on another thread.
        var mayFetch = mayFetch();
        return models.find(id).emitOn(Infrastructure.getDefaultWorkerPool()).map(found -> {
            var model = found.orElseThrow(() -> Problems.unknown("model", id));
            if (!mayFetch.test(model)) {
                throw Problems.forbidden("This token belongs to another device than the model");
            }
            var onnx = file(model);
            var etag = "\"" + onnx.sha256() + "\"";
            if (ifNoneMatch != null
                    && (ifNoneMatch.contains(etag) || ifNoneMatch.trim().equals("*"))) {
                return Response.notModified().header(HttpHeaders.ETAG, etag).build();
            }
            return send(id, onnx, etag, ifRange == null || ifRange.equals(etag) ? range : null);
        });
    }

    private java.util.function.Predicate<Model> mayFetch() {
        var agent = caller.agentDevice();
        return model -> agent.isEmpty() || agent.get().id().equals(model.deviceId());
    }

    private static ArtifactRef file(Model model) {
        if (!model.state().hasFile()) {
            throw Problems.conflict(
                    "state",
                    "The model is " + model.state() + ": there is no file to fetch"
                            + (model.failure() == null ? " yet" : ". " + model.failure()));
        }
        return model.onnx().orElseThrow();
    }

    private Response send(String id, ArtifactRef onnx, String etag, String range) {
        var content = read(onnx);
        var response = Response.ok()
                .header(HttpHeaders.ETAG, etag)
                .header("Accept-Ranges", "bytes")
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + id + ".onnx\"");
        try {
            return ByteRange.of(range, content.length)
                    .map(r -> response.status(PARTIAL_CONTENT)
                            .header("Content-Range", "bytes %d-%d/%d".formatted(r.first(), r.last(), content.length))
                            .entity(Arrays.copyOfRange(content, r.first(), r.last() + 1)))
                    .orElseGet(() -> response.entity(content))
                    .build();
        } catch (IllegalArgumentException e) {
            throw Problems.badRange(e.getMessage(), content.length);
        }
    }

    private byte[] read(ArtifactRef onnx) {
        try {
            return artifacts.get(onnx);
        } catch (IOException e) {
            throw new UncheckedIOException("the model's file can't be read: " + e.getMessage(), e);
        }
    }
}
