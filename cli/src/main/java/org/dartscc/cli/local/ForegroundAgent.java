package org.dartscc.cli.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.dartscc.cli.FailureException;
import org.dartscc.cli.local.DataFolder.LocalDevice;
import org.dartscc.infra.LoopbackPorts;

/** An agent on this machine for an orchestrator anywhere, in the foreground. */
public final class ForegroundAgent {
    private ForegroundAgent() {}

    /**
     * @param local folder of the local mode that runs on this machine, with which the agent takes turns; empty when the
     *     orchestrator is elsewhere
     * @return the agent's exit code, when it ends
     */
    public static int run(Installation installation, URI orchestrator, LocalDevice device, Optional<DataFolder> local)
            throws InterruptedException {
        var jar = installation.service("device-agent");
        var builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-jar",
                        jar.toString()))
                .inheritIO();
        var environment = builder.environment();
        environment.put("DARTSCC_ORCHESTRATOR_URL", orchestrator.toString());
        environment.put("DARTSCC_DEVICE_TOKEN", device.token());
        environment.put("DARTSCC_DEVICE_NAME", device.name());
        environment.put("DARTSCC_DEVICE_PROFILE", device.profile());
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        local.ifPresent(data ->
                environment.put("DARTSCC_MACHINE_LOCK_FOLDER", data.locks().toString()));
        try {
            environment.put("QUARKUS_HTTP_PORT", LoopbackPorts.free(1).get(0).toString());
            var process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-agent"));
            return process.waitFor();
        } catch (IOException e) {
            throw new FailureException("the agent did not start: " + e.getMessage(), e);
        }
    }
}
