package org.dartscc.benchmarks.architecture.wrong.exporter;

import jakarta.ws.rs.Path;

/** A resource that a rule depends on. */
@Path("/exported")
public class ExportedResource {}
