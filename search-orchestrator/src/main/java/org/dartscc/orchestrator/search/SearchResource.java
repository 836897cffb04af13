package org.dartscc.orchestrator.search;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

import org.dartscc.orchestrator.api.Problems;
import org.dartscc.orchestrator.device.Devices;
import org.dartscc.orchestrator.messaging.MessageJson;

@Path("/api/searches")
class SearchResource {
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    private final Searches searches;
    private final Devices devices;
    private final SearchEvents events;

    SearchResource(Searches searches, Devices devices, SearchEvents events) {
        this.searches = searches;
        this.devices = devices;
        this.events = events;
    }

    /** A search and where it stands, as answer to an order. */
    record Accepted(String id, SearchState state) {}

    /** A device that joins a search. */
    record Joining(@NotBlank String device) {}

    @POST
    @APIResponse(responseCode = "202", description = "Accepted; Location tells where to look")
    public Uni<RestResponse<Accepted>> start(@NotNull @Valid NewSearch order) {
        return registeredDevices()
                .invoke(order::requireKnownNames)
                .chain(() -> searches.accept(order))
                .map(SearchResource::accepted);
    }

    @GET
    public Uni<List<SearchView>> list() {
        return searches.all();
    }

    @GET
    @Path("/{id}")
    public Uni<SearchView> get(String id) {
        return searches.find(id).map(found -> found.orElseThrow(() -> Problems.unknown("search", id)));
    }

    /** The search as it is, then what happens to it: progress, costs, state. */
    @GET
    @Path("/{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @Blocking
    public Multi<OutboundSseEvent> events(String id, @Context Sse sse) {
        // Before the answer begins, so that an unknown search is a problem and not a broken stream.
        var snapshot = get(id).await().indefinitely();
        var alive = Multi.createFrom()
                .ticks()
                .startingAfter(KEEP_ALIVE)
                .every(KEEP_ALIVE)
                .onOverflow()
                .drop()
                .map(tick -> sse.newEventBuilder().comment("alive").build());
        var news = events.of(id).map(event -> event(sse, event.name(), event.data()));
        return Multi.createBy()
                .concatenating()
                .streams(
                        Multi.createFrom().item(event(sse, "snapshot", snapshot)),
                        Multi.createBy().merging().streams(news, alive));
    }

    private static OutboundSseEvent event(Sse sse, String name, Object data) {
        return sse.newEventBuilder().name(name).data(MessageJson.write(data)).build();
    }

    @POST
    @Path("/{id}/pause")
    @APIResponse(responseCode = "202", description = "No new task is published; what runs still ends")
    public Uni<RestResponse<Accepted>> pause(String id) {
        return searches.pause(id).map(found -> found(id, found));
    }

    @POST
    @Path("/{id}/resume")
    @APIResponse(responseCode = "202", description = "Goes on where it was paused")
    public Uni<RestResponse<Accepted>> resume(String id) {
        return searches.resume(id).map(found -> found(id, found));
    }

    @POST
    @Path("/{id}/cancel")
    @APIResponse(responseCode = "202", description = "Over")
    public Uni<RestResponse<Accepted>> cancel(String id) {
        return searches.cancel(id).map(found -> found(id, found));
    }

    @POST
    @Path("/{id}/devices")
    @APIResponse(responseCode = "202", description = "The device is asked to measure, and then served")
    public Uni<RestResponse<Accepted>> join(String id, @NotNull @Valid Joining joining) {
        return registeredDevices()
                .invoke(registered -> {
                    if (!registered.contains(joining.device())) {
                        throw Problems.notKnown("device", joining.device(), registered);
                    }
                })
                .chain(() -> searches.addDevice(id, joining.device()))
                .map(found -> found(id, found));
    }

    private Uni<Set<String>> registeredDevices() {
        return devices.refresh().map(all -> {
            var ids = new TreeSet<String>();
            all.forEach(device -> ids.add(device.id()));
            return ids;
        });
    }

    private static RestResponse<Accepted> found(String id, Optional<Search> found) {
        return accepted(found.orElseThrow(() -> Problems.unknown("search", id)));
    }

    private static RestResponse<Accepted> accepted(Search search) {
        return RestResponse.ResponseBuilder.<Accepted>create(RestResponse.Status.ACCEPTED)
                .location(URI.create("/api/searches/" + search.id()))
                .entity(new Accepted(search.id(), search.state()))
                .build();
    }

    @ServerExceptionMapper
    Response map(IllegalTransitionException illegal) {
        return Problems.conflict("state", illegal.getMessage()).toResponse();
    }
}
