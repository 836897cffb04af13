package org.dartscc.orchestrator.selection;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;

import org.dartscc.orchestrator.api.Problems;
import org.dartscc.orchestrator.database.Database;
import org.dartscc.orchestrator.device.Devices;

@Path("/api/architectures/{id}")
class ArchitectureResource {
    private final Database database;
    private final Devices devices;

    ArchitectureResource(Database database, Devices devices) {
        this.database = database;
        this.devices = devices;
    }

    @GET
    public Uni<ArchitectureView> get(String id) {
        return database.inTransaction(session -> session.find(Architecture.class, id))
                .map(found -> {
                    if (found == null) {
                        throw Problems.unknown("architecture", id);
                    }
                    var note = devices.staleNote(found.deviceId());
                    return ArchitectureView.from(found, note.isPresent(), note);
                });
    }
}
