package org.dartscc.model.artifact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Artifacts in a folder, as FOLDER/ab/cdef… by digest. A file appears whole or not at all. */
public final class FolderArtifactStore implements ArtifactStore {
    private final Path folder;

    /** @throws UncheckedIOException when the folder can't be made or written to */
    public FolderArtifactStore(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(this.folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the artifact folder " + folder + " can't be made: " + e.getMessage(), e);
        }
        if (!Files.isWritable(this.folder)) {
            throw new UncheckedIOException(new IOException("the artifact folder " + folder + " is not writable"));
        }
    }

    @Override
    public ArtifactRef put(byte[] content) throws IOException {
        var ref = new ArtifactRef(HexFormat.of().formatHex(sha256().digest(content)), content.length);
        var target = path(ref);
        if (Files.exists(target) && Files.size(target) == content.length) {
            return ref;
        }
        Files.createDirectories(target.getParent());
        var part = Files.createTempFile(target.getParent(), ".part-", "");
        try {
            try (var channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                var buffer = java.nio.ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            move(part, target);
        } finally {
            Files.deleteIfExists(part);
        }
        return ref;
    }

    private static void move(Path part, Path target) throws IOException {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("the artifact folder's file system can't rename atomically: " + target, e);
        }
    }

    @Override
    public byte[] get(ArtifactRef ref) throws IOException {
        var path = path(ref);
        if (!Files.isRegularFile(path)) {
            throw new NoSuchFileException(path.toString(), null, "no such artifact");
        }
        if (Files.size(path) != ref.sizeBytes()) {
            throw new CorruptArtifactException(ref, "it has " + Files.size(path) + " bytes, not " + ref.sizeBytes());
        }
        var content = Files.readAllBytes(path);
        if (!HexFormat.of().formatHex(sha256().digest(content)).equals(ref.sha256())) {
            throw new CorruptArtifactException(ref, "its digest differs");
        }
        return content;
    }

    @Override
    public Path file(ArtifactRef ref) throws IOException {
        get(ref);
        return path(ref);
    }

    private Path path(ArtifactRef ref) {
        return folder.resolve(ref.sha256().substring(0, 2)).resolve(ref.sha256().substring(2));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
