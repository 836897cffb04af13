package org.dartscc.orchestrator.api;

import jakarta.ws.rs.core.Response;

import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

import org.dartscc.orchestrator.database.DatabaseAwayException;

class DatabaseAwayMapper {

    @ServerExceptionMapper
    Response map(DatabaseAwayException away) {
        return Problems.unavailable("The database can't be reached; try again later")
                .toResponse();
    }
}
