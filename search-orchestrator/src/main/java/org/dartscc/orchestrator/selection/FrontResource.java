package org.dartscc.orchestrator.selection;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;

import org.dartscc.model.selection.FrontPoint;
import org.dartscc.orchestrator.api.Problems;
import org.dartscc.orchestrator.device.Devices;

@Path("/api/searches/{search}/front")
class FrontResource {
    private final Selections selections;
    private final Devices devices;

    FrontResource(Selections selections, Devices devices) {
        this.selections = selections;
        this.devices = devices;
    }

    /**
     * The Pareto front of a search for a device.
     *
     * @param marginShare how much predictions err; a budget is kept by so much less where that can be; null while the
     *     device has still to time the networks that tell
     * @param stale whether the device's agent fell silent; its costs are used as they are
     * @param note what to know of the costs; else null
     */
    record Front(
            String search,
            String device,
            long costVersion,
            Double marginShare,
            boolean stale,
            String note,
            List<FrontPoint> points) {}

    @GET
    public Uni<Front> front(String search, @QueryParam("device") String device) {
        if (device == null || device.isBlank()) {
            throw Problems.badField("device", "The query parameter device is missing: a front is of one device");
        }
        return selections
                .of(search, device)
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(selection -> {
                    return new Front(
                            search,
                            device,
                            selection.costVersion(),
                            selection.calibrationNote().isPresent() ? null : selection.marginShare(),
                            devices.staleNote(device).isPresent(),
                            selections.note(device, selection).orElse(null),
                            selections.shown(search, device, selection));
                });
    }
}
