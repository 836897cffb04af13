package org.dartscc.orchestrator.api;

import org.dartscc.orchestrator.device.KnownDevice;

/** Who makes a call, by the bearer token. */
public sealed interface Caller {
    /** Whether the call may be made at all; a resource may still refuse what is not the caller's own. */
    boolean mayCall(String method, String path);

    /** Someone with the users' token: everything but the agents' own call. */
    record User() implements Caller {
        @Override
        public boolean mayCall(String method, String path) {
            return !path.equals(AGENT);
        }
    }

    /** The agent of a device: who it is, its device, and files of models. */
    record Agent(KnownDevice device) implements Caller {
        @Override
        public boolean mayCall(String method, String path) {
            return (method.equals("GET") || method.equals("HEAD"))
                    && (path.equals(AGENT)
                            || path.equals("/api/devices/" + device.id())
                            || path.matches("/api/models/[^/]+/onnx"));
        }
    }

    String AGENT = "/api/agent";
}
