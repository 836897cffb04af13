package org.dartscc.orchestrator.api;

import io.smallrye.config.ConfigMapping;

/** Access to the REST interface. */
@ConfigMapping(prefix = "dartscc.api")
interface ApiConfig {
    /** The users' bearer token. Without one the service refuses to start. */
    String token();
}
