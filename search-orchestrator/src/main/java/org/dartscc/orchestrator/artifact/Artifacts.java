package org.dartscc.orchestrator.artifact;

import java.nio.file.Path;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.artifact.FolderArtifactStore;

/** Where trainers and exporters leave weights and models. */
class Artifacts {

    @Produces
    @ApplicationScoped
    ArtifactStore store(@ConfigProperty(name = "dartscc.artifacts.folder") Path folder) {
        return new FolderArtifactStore(folder);
    }
}
