package org.dartscc.trainer.task;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.artifact.FolderArtifactStore;
import org.dartscc.model.turn.MachineTurn;
import org.dartscc.trainer.data.Datasets;

/** Makes the parts that know nothing of the framework, from the configuration. */
@Singleton
class TrainerWiring {

    @Produces
    @Singleton
    ArtifactStore artifacts(@ConfigProperty(name = "dartscc.artifacts.folder") Path folder) {
        return new FolderArtifactStore(folder);
    }

    @Produces
    @Singleton
    Datasets datasets(@ConfigProperty(name = "dartscc.datasets.folder") Path folder) {
        return new Datasets(folder);
    }

    @Produces
    @Singleton
    MachineTurn turns(@ConfigProperty(name = "dartscc.machine-lock.folder") Optional<Path> folder) {
        return folder.map(MachineTurn::in).orElseGet(MachineTurn::free);
    }

    void close(@Disposes MachineTurn turns) throws IOException {
        turns.close();
    }
}
