package org.dartscc.orchestrator.task;

import java.time.Duration;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** When a training task is tried again. */
@ConfigMapping(prefix = "dartscc.task")
public interface TaskConfig {
    /** Without any sign of life for this long a task is published again. */
    @WithDefault("10m")
    Duration timeout();

    /** Tries of a task that fails, or dies, before its search or model fails. */
    @WithDefault("3")
    int maxAttempts();

    /** How often silent tasks are looked for. */
    @WithDefault("10s")
    Duration check();
}
