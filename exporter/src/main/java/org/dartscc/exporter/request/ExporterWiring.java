package org.dartscc.exporter.request;

import java.nio.file.Path;
import java.util.Optional;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import org.dartscc.exporter.model.ModelExport;
import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.artifact.FolderArtifactStore;
import org.dartscc.model.turn.MachineTurn;

/** Makes the plain objects from the configuration. */
class ExporterWiring {

    @Produces
    @Singleton
    ArtifactStore artifacts(@ConfigProperty(name = "dartscc.artifacts.folder") Path folder) {
        return new FolderArtifactStore(folder);
    }

    @Produces
    @Singleton
    ModelExport exports(
            ArtifactStore artifacts, @ConfigProperty(name = "dartscc.machine-lock.folder") Optional<Path> locks) {
        return new ModelExport(artifacts, locks.map(MachineTurn::in).orElseGet(MachineTurn::free));
    }
}
