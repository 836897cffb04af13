package org.dartscc.orchestrator.device;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import org.dartscc.orchestrator.api.CurrentCaller;

/** How an agent that has only its token finds out who it is and where to report. */
@Path("/api/agent")
class AgentResource {
    private final Devices devices;
    private final CurrentCaller caller;
    private final String bootstrapServers;

    AgentResource(
            Devices devices,
            CurrentCaller caller,
            @ConfigProperty(name = "kafka.bootstrap.servers") String bootstrapServers) {
        this.devices = devices;
        this.caller = caller;
        this.bootstrapServers = bootstrapServers;
    }

    /** What an agent needs to start. */
    record AgentIdentity(String deviceId, String name, String kafkaBootstrapServers) {}

    @GET
    public Uni<AgentIdentity> whoAmI() {
        var device = caller.agentDevice().orElseThrow();
        return devices.seen(device.id()).replaceWith(new AgentIdentity(device.id(), device.name(), bootstrapServers));
    }
}
