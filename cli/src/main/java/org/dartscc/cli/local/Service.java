package org.dartscc.cli.local;

import java.util.List;
import java.util.Map;

/**
 * A service to run as a child process.
 *
 * @param name of the process, and of its log
 * @param module whose runnable jar it is
 * @param port on loopback
 * @param jvmOptions for a laptop rather than a server
 * @param environment its configuration
 */
record Service(String name, String module, int port, List<String> jvmOptions, Map<String, String> environment) {
    Service {
        jvmOptions = List.copyOf(jvmOptions);
        environment = Map.copyOf(environment);
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }
}
