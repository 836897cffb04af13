package org.dartscc.orchestrator.api;

import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;

import org.dartscc.orchestrator.device.KnownDevice;

/** The caller of the request that is being served, as the gate found it. */
@ApplicationScoped
public class CurrentCaller {
    static final String KEY = "dartscc.caller";

    private final CurrentVertxRequest request;

    CurrentCaller(CurrentVertxRequest request) {
        this.request = request;
    }

    /** The agent's device; empty when a user calls. */
    public Optional<KnownDevice> agentDevice() {
        return caller() instanceof Caller.Agent agent ? Optional.of(agent.device()) : Optional.empty();
    }

    private Caller caller() {
        return request.getCurrent().get(KEY);
    }
}
