package org.dartscc.benchmarks.paper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Finished pieces of work, one JSON file each, and the claims of the processes that share a folder. A claim vanishes
 * with its process; a file is there whole or not at all.
 */
final class Pieces {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;

    Pieces(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the work folder can't be made: " + e.getMessage(), e);
        }
    }

    /** Somewhere to keep what is not finished yet. */
    Path file(String name) {
        return folder.resolve(name);
    }

    boolean has(String name) {
        return Files.exists(json(name));
    }

    <T> Optional<T> find(String name, Class<T> type) {
        if (!has(name)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(json(name).toFile(), type));
        } catch (IOException e) {
            throw new UncheckedIOException(json(name) + " can't be read; delete it to have it done again", e);
        }
    }

    <T> T get(String name, Class<T> type) {
        return find(name, type).orElseThrow(() -> new IllegalStateException("there is no piece " + name));
    }

    void put(String name, Object content) {
        try {
            write(json(name), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All of it or nothing. */
    void write(Path target, byte[] content) {
        try {
            Files.createDirectories(target.getParent());
            var part = target.resolveSibling(target.getFileName() + ".part");
            Files.write(part, content);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + target + ": " + e.getMessage(), e);
        }
    }

    private Path json(String name) {
        return folder.resolve(name + ".json");
    }

    /** Held until it is closed; empty when another process works on the piece. */
    Optional<Claim> claim(String name) {
        var file = folder.resolve(name + ".lock");
        try {
            Files.createDirectories(file.getParent());
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            var lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(new Claim(channel, lock));
        } catch (IOException e) {
            throw new UncheckedIOException("can't lock " + file + ": " + e.getMessage(), e);
        }
    }

    record Claim(FileChannel channel, FileLock lock) implements AutoCloseable {
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
