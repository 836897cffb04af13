package org.dartscc.infra;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;

/**
 * A folder that one process owns at a time. The lock is the operating system's: it ends with the process, however that
 * ends.
 */
public final class OwnedFolder implements AutoCloseable {
    private final Path folder;
    private volatile boolean temporary;
    private final FileChannel channel;
    private final FileLock lock;

    private OwnedFolder(Path folder, boolean temporary, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.temporary = temporary;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Makes the folder if needed and takes it.
     *
     * @throws FolderInUseException when a process has it
     */
    public static OwnedFolder take(Path folder) throws IOException {
        return take(folder, false);
    }

    /** A new folder that is deleted when it is closed. */
    public static OwnedFolder temporary(String prefix) throws IOException {
        return take(Files.createTempDirectory(prefix), true);
    }

    private static OwnedFolder take(Path folder, boolean temporary) throws IOException {
        var absolute = folder.toAbsolutePath().normalize();
        Files.createDirectories(absolute);
        var channel =
                FileChannel.open(absolute.resolve("owner.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Taken by this very process: no different from another one.
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new FolderInUseException(absolute);
        }
        return new OwnedFolder(absolute, temporary, channel, lock);
    }

    public Path path() {
        return folder;
    }

    /** Makes a temporary folder a lasting one. */
    public void keep() {
        temporary = false;
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
        if (temporary) {
            delete(folder);
        }
    }

    /** Deletes a folder with all that is in it, if there is one. */
    public static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(OwnedFolder::deleteOne);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void deleteOne(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
