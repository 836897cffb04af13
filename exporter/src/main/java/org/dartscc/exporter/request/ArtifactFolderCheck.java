package org.dartscc.exporter.request;

import java.nio.file.Files;
import java.nio.file.Path;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready while models could not be published. */
@Readiness
@ApplicationScoped
class ArtifactFolderCheck implements HealthCheck {
    private final Path folder;

    ArtifactFolderCheck(@ConfigProperty(name = "dartscc.artifacts.folder") Path folder) {
        this.folder = folder;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("artifact folder is writable")
                .withData("folder", folder.toString())
                .status(Files.isWritable(folder))
                .build();
    }
}
