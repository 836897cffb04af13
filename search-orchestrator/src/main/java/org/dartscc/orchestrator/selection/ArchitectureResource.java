package org.dartscc.orchestrator.selection;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;

import io.smallrye.mutiny.Uni;

import org.dartscc.orchestrator.api.Problems;
import org.dartscc.orchestrator.database.Database;

@Path("/api/architectures/{id}")
class ArchitectureResource {
    private final Database database;

    ArchitectureResource(Database database) {
        this.database = database;
    }

    @GET
    public Uni<ArchitectureView> get(String id) {
        return database.inTransaction(session -> session.find(Architecture.class, id))
                .map(found -> {
                    if (found == null) {
                        throw Problems.unknown("architecture", id);
                    }
                    return ArchitectureView.from(found);
                });
    }
}
