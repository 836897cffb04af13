package org.dartscc.orchestrator.device;

import java.net.URI;
import java.time.Instant;
import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.model.space.Spaces;
import org.dartscc.orchestrator.api.Problems;
import org.dartscc.orchestrator.cost.CostBook;
import org.dartscc.orchestrator.cost.CostOrigin;
import org.dartscc.orchestrator.cost.DeviceCostsView;
import org.dartscc.orchestrator.imported.Imports;
import org.dartscc.orchestrator.imported.Inference;
import org.dartscc.orchestrator.imported.MalformedTableException;
import org.dartscc.orchestrator.imported.TableUpload;
import org.dartscc.orchestrator.imported.Timings;
import org.dartscc.orchestrator.search.Searches;
import org.dartscc.orchestrator.search.SpaceCache;

@Path("/api/devices")
class DeviceResource {
    private final Devices devices;
    private final CostBook costs;
    private final Imports imports;
    private final Inference inference;
    private final Searches searches;
    private final SpaceCache spaces;

    DeviceResource(
            Devices devices,
            CostBook costs,
            Imports imports,
            Inference inference,
            Searches searches,
            SpaceCache spaces) {
        this.devices = devices;
        this.costs = costs;
        this.imports = imports;
        this.inference = inference;
        this.searches = searches;
        this.spaces = spaces;
    }

    /**
     * What a user says of a new device.
     *
     * @param table of operators, for a device that has no agent here; or
     * @param timings of a few whole networks on it
     */
    record Registration(
            @NotBlank @Size(max = 200) String name,
            @Size(max = 2000) String description,
            @Valid TableUpload table,
            @Valid Timings timings) {}

    /**
     * A device as users see it.
     *
     * @param state whether its agent speaks for it; the costs of one that does not still count
     * @param fingerprint the newest that costs were measured on; null before the first cost
     * @param origin where its costs come from when no agent measured them; else null
     * @param measuredOperators number of operator signatures with a cost under that fingerprint
     * @param newestCostAt when the newest cost was measured; null before the first
     */
    record DeviceView(
            String id,
            String name,
            String description,
            Instant createdAt,
            DeviceState state,
            Instant lastSeen,
            RuntimeFingerprint fingerprint,
            CostOrigin origin,
            int measuredOperators,
            int measuredNetworks,
            long costVersion,
            Instant newestCostAt) {}

    @POST
    @APIResponse(
            responseCode = "201",
            description = "Registered; the token is shown this once. A device with a table has none")
    @APIResponse(responseCode = "400", description = "The table can't be read; field names its line or field")
    public Uni<RestResponse<RegisteredDevice>> register(@NotNull @Valid Registration registration) {
        return registered(registration).map(device -> RestResponse.ResponseBuilder.<RegisteredDevice>created(
                        URI.create("/api/devices/" + device.id()))
                .entity(device)
                .build());
    }

    private Uni<RegisteredDevice> registered(Registration registration) {
        if (registration.table() != null && registration.timings() != null) {
            throw Problems.badField("timings", "Give a table or timings, not both");
        }
        if (registration.timings() != null) {
            return spaceOf(registration.timings())
                    .chain(space -> inference.register(
                            registration.name(),
                            registration.description(),
                            space,
                            registration.timings().timings()))
                    .map(id -> new RegisteredDevice(id, registration.name(), null));
        }
        return registration.table() == null
                ? devices.register(registration.name(), registration.description())
                : imports.register(registration.name(), registration.description(), registration.table())
                        .map(id -> new RegisteredDevice(id, registration.name(), null));
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

    @PUT
    @Path("/{id}/costs")
    @APIResponse(responseCode = "200", description = "The table took the place of the one before")
    @APIResponse(responseCode = "400", description = "The table can't be read; field names its line or field")
    @APIResponse(responseCode = "409", description = "The device measures itself")
    public Uni<DeviceCostsView> replace(String id, @NotNull @Valid TableUpload table) {
        return devices.find(id).chain(found -> {
            var device = found.orElseThrow(() -> Problems.unknown("device", id));
            if (device.tokenHash != null) {
                throw Problems.conflict("device", "The device measures itself: only an imported one takes a table");
            }
            return imports.replace(id, table).map(done -> DeviceCostsView.from(costs.of(id)));
        });
    }

    private Uni<SearchSpace> spaceOf(Timings timings) {
        return searches.find(timings.search()).map(found -> {
            var search = found.orElseThrow(() -> Problems.notKnown("search", timings.search(), List.of()));
            if (search.datasetInfo() == null) {
                throw Problems.conflict(
                        "search", "The search has not looked at its data set yet: its space is not known");
            }
            var info = search.datasetInfo();
            return spaces.get(new SpaceSpec(
                    search.space(), info.image(), info.classNames().size()));
        });
    }

    /** Whole networks that somebody timed on the device, from which its costs are inferred. */
    @POST
    @Path("/{id}/timings")
    @APIResponse(
            responseCode = "200",
            description = "The device's costs, inferred from those of the device that fits best")
    @APIResponse(
            responseCode = "409",
            description = "No other device has costs of the whole space, or an agent measured this one's")
    public Uni<DeviceCostsView> timings(String id, @NotNull @Valid Timings timings) {
        return devices.find(id)
                .chain(found -> {
                    if (found.isEmpty()) {
                        throw Problems.unknown("device", id);
                    }
                    if (costs.of(id).areMeasured()) {
                        throw Problems.conflict(
                                "device",
                                "The device's agent has measured its operators, which timings of whole networks would"
                                        + " replace: register another device for these");
                    }
                    return spaceOf(timings);
                })
                .chain(space -> inference.infer(id, space, timings.timings()))
                .map(done -> DeviceCostsView.from(costs.of(id)));
    }

    /** What a device lacks of a space for images of that shape, as 3x32x32. */
    @GET
    @Path("/{id}/coverage")
    public Uni<SpaceCoverage> coverage(
            String id,
            @QueryParam("space") @NotBlank String space,
            @QueryParam("image")
                    @NotNull
                    @Pattern(regexp = "\\d{1,4}x\\d{1,4}x\\d{1,4}", message = "must be CxHxW, as 3x32x32")
                    String image,
            @QueryParam("classes") @DefaultValue("10") @Min(2) @Max(100_000) int classes) {
        var spec = spec(space, image, classes);
        return devices.find(id).map(found -> {
            var device = found.orElseThrow(() -> Problems.unknown("device", id));
            var missing = costs.of(device.id).missing(spaces.get(spec));
            int total = spaces.get(spec).signatures().size();
            return new SpaceCoverage(spec, total - missing.size(), total, missing);
        });
    }

    private SpaceSpec spec(String space, String image, int classes) {
        if (!Spaces.names().contains(space)) {
            throw Problems.notKnown("space", space, Spaces.names());
        }
        var sides = image.split("x");
        try {
            var spec = new SpaceSpec(
                    space,
                    new Shape(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]), Integer.parseInt(sides[2])),
                    classes);
            spaces.get(spec);
            return spec;
        } catch (IllegalArgumentException e) {
            throw Problems.badField("image", e.getMessage());
        }
    }

    @ServerExceptionMapper
    Response map(MalformedTableException malformed) {
        return Problems.badField("table", malformed.where() + ": " + malformed.getMessage())
                .toResponse();
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
                devices.state(device),
                device.lastSeen,
                measured.fingerprint(),
                measured.origin(),
                measured.operators().size(),
                measured.networks().size(),
                measured.revision(),
                measured.newest());
    }
}
