package org.dartscc.model.artifact;

import java.io.IOException;
import java.nio.file.Path;

/** Where big things (checkpoints, weights, models) are kept: content-addressed, written atomically, verified on read. */
public interface ArtifactStore {

    /** Stores the bytes; storing the same content twice is one artifact. */
    ArtifactRef put(byte[] content) throws IOException;

    /**
     * The bytes of an artifact.
     *
     * @throws java.nio.file.NoSuchFileException when the store has no such artifact
     * @throws CorruptArtifactException when what is stored does not have that digest and size
     */
    byte[] get(ArtifactRef ref) throws IOException;

    /** A local file with the artifact's verified content, not to be changed. */
    Path file(ArtifactRef ref) throws IOException;
}
