package org.dartscc.orchestrator.device;

import java.net.URI;
import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;

import org.dartscc.orchestrator.api.Problems;
import org.dartscc.orchestrator.cost.CostBook;
import org.dartscc.orchestrator.cost.DeviceCostsView;

@Path("/api/devices")
class DeviceResource {
    private final Devices devices;
    private final CostBook costs;

    DeviceResource(Devices devices, CostBook costs) {
        this.devices = devices;
        this.costs = costs;
    }

    /** What a user says of a new device. */
    record Registration(
            @NotBlank @Size(max = 200) String name,
            @Size(max = 2000) String description) {}

    @POST
    @APIResponse(responseCode = "201", description = "Registered; the token is shown this once")
    public Uni<RestResponse<RegisteredDevice>> register(@NotNull @Valid Registration registration) {
        return devices.register(registration.name(), registration.description())
                .map(device -> RestResponse.ResponseBuilder.<RegisteredDevice>created(
                                URI.create("/api/devices/" + device.id()))
                        .entity(device)
                        .build());
    }

    @GET
    public Uni<List<DeviceView>> list() {
        return devices.all().map(all -> all.stream().map(this::view).toList());
    }

    @GET
    @Path("/{id}")
    public Uni<DeviceView> get(String id) {
        return devices.find(id).map(found -> found.map(this::view).orElseThrow(() -> Problems.unknown("device", id)));
    }

    @GET
    @Path("/{id}/costs")
    public Uni<DeviceCostsView> costs(String id) {
        return devices.find(id).map(found -> found.map(device -> DeviceCostsView.from(costs.of(device.id)))
                .orElseThrow(() -> Problems.unknown("device", id)));
    }

    @DELETE
    @Path("/{id}")
    @APIResponse(responseCode = "204", description = "Deleted; its models are kept")
    public Uni<Void> delete(String id) {
        return devices.delete(id)
                .invoke(deleted -> {
                    if (!deleted) {
                        throw Problems.unknown("device", id);
                    }
                })
                .replaceWithVoid();
    }

    private DeviceView view(Device device) {
        var measured = costs.of(device.id);
        return new DeviceView(
                device.id,
                device.name,
                device.description,
                device.createdAt,
                device.lastSeen,
                measured.fingerprint(),
                measured.operators().size(),
                measured.networks().size(),
                measured.revision(),
                measured.newest());
    }
}
