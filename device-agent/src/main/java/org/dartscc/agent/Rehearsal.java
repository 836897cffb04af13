package org.dartscc.agent;

import java.io.IOException;
import java.util.Map;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

import org.dartscc.agent.device.Orchestrator;
import org.dartscc.agent.device.RefusedException;

/** The agent's start with nobody at the other end, which loads the classes of a real one. */
final class Rehearsal {
    /** The port of "discard", where nobody listens. */
    private static final String NOBODY = "127.0.0.1:9";

    private Rehearsal() {}

    /** Ends the JVM when it is through. */
    static void run() throws InterruptedException {
        Map.of(
                        "dartscc.orchestrator.url", "http://" + NOBODY,
                        "dartscc.device.token", "none",
                        "dartscc.device.id", "none",
                        "dartscc.agent.drift-interval", "0",
                        "kafka.bootstrap.servers", NOBODY,
                        "quarkus.http.host", "127.0.0.1",
                        "quarkus.http.port", "0")
                .forEach(System::setProperty);
        try {
            new Orchestrator("http://" + NOBODY, "none").identity();
        } catch (IOException | RefusedException e) {
            // As expected: what counts is that the HTTP client was loaded.
        }
        Quarkus.run(End.class);
    }

    /** Ends as soon as all is started. */
    public static final class End implements QuarkusApplication {
        @Override
        public int run(String... args) {
            return 0;
        }
    }
}
