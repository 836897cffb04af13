package org.dartscc.model.artifact;

import java.io.IOException;

/** A stored artifact is not what its name says: a torn or changed file. */
public final class CorruptArtifactException extends IOException {
    private static final long serialVersionUID = 1L;

    public CorruptArtifactException(ArtifactRef ref, String what) {
        super("artifact " + ref.sha256() + " is damaged: " + what);
    }
}
