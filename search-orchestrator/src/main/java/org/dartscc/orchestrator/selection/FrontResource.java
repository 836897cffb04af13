package org.dartscc.orchestrator.selection;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;

import org.dartscc.model.selection.FrontPoint;
import org.dartscc.orchestrator.api.Problems;

@Path("/api/searches/{search}/front")
class FrontResource {
    private final Selections selections;

    FrontResource(Selections selections) {
        this.selections = selections;
    }

    /** The Pareto front of a search for a device. */
    record Front(String search, String device, long costVersion, List<FrontPoint> points) {}

    @GET
    public Uni<Front> front(String search, @QueryParam("device") String device) {
        if (device == null || device.isBlank()) {
            throw Problems.badField("device", "The query parameter device is missing: a front is of one device");
        }
        return selections
                .of(search, device)
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(selection -> new Front(search, device, selection.costVersion(), selection.front()));
    }
}
