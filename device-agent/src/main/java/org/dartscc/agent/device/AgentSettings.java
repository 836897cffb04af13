package org.dartscc.agent.device;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;

/** Settings of the agent under {@code dartscc}; the names are the product's. */
@ConfigMapping(prefix = "dartscc")
public interface AgentSettings {

    Orchestrator orchestrator();

    Device device();

    Agent agent();

    @WithName("machine-lock")
    MachineLock machineLock();

    interface Orchestrator {
        /** Address of the orchestrator, as {@code http://127.0.0.1:8080}. */
        String url();
    }

    interface Device {
        /** The id of the device; set at start from what the orchestrator answered to the token. */
        String id();

        /** The device's token: who has it can report costs of this device, nothing else. */
        String token();

        Optional<String> name();

        /** How models are run here; see {@link org.dartscc.agent.probe.Profile}. */
        @WithDefault("ort-cpu")
        String profile();
    }

    interface Agent {
        /** Where measured costs are remembered across restarts; without it they are measured again. */
        Optional<Path> stateFolder();

        /** How often the device is checked for changed costs; 0 for never. */
        @WithDefault("60s")
        Duration driftInterval();

        /** Where the jars of the add-on device-agent-onednn are; without it its profiles are not available. */
        Optional<Path> onednnFolder();

        /** How long a whole model may take in its child process, start and load included. */
        @WithDefault("120s")
        Duration modelTimeLimit();
    }

    interface MachineLock {
        /** Folder of the locks by which processes of one machine take turns; without it turns are free. */
        Optional<Path> folder();
    }
}
