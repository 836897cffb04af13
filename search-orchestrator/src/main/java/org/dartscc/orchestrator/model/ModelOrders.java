package org.dartscc.orchestrator.model;

import java.net.URI;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

@Path("/api/architectures/{architecture}/models")
class ModelOrders {
    private final Models models;

    ModelOrders(Models models) {
        this.models = models;
    }

    /** @param fineTuneEpochs passes over the training images with the architecture's own weights, none by default */
    record Order(@Min(0) @Max(100) Integer fineTuneEpochs) {
        Order {
            fineTuneEpochs = fineTuneEpochs == null ? Integer.valueOf(0) : fineTuneEpochs;
        }
    }

    /** A model and where it stands, as answer to an order. */
    record Accepted(String id, ModelState state) {}

    @POST
    @APIResponse(responseCode = "202", description = "Accepted; Location tells where to look")
    public Uni<RestResponse<Accepted>> order(String architecture, @Valid Order order) {
        return models.order(architecture, order == null ? 0 : order.fineTuneEpochs())
                .map(model -> RestResponse.ResponseBuilder.<Accepted>create(RestResponse.Status.ACCEPTED)
                        .location(URI.create("/api/models/" + model.id()))
                        .entity(new Accepted(model.id(), model.state()))
                        .build());
    }
}
