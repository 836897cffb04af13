package org.dartscc.model.artifact;

import java.util.regex.Pattern;

/** Names an artifact by its content: SHA-256 in lower-case hex, and its size. */
public record ArtifactRef(String sha256, long sizeBytes) {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public ArtifactRef {
        if (sha256 == null || !SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("an artifact is named by 64 lower-case hex digits, not " + sha256);
        }
        if (sizeBytes < 0) {
            throw new IllegalArgumentException("an artifact's size is at least 0, not " + sizeBytes);
        }
    }
}
