package org.dartscc.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.dartscc.cli.FailureException;

/** What local mode keeps between two runs: database, topics, artifacts, logs, tokens. Tokens are for its owner only. */
public final class DataFolder {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    private final Path folder;

    public DataFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** The user's folder: DARTSCC_DATA_DIR, else where the desktop's conventions put data. */
    public static DataFolder ofUser() {
        var chosen = System.getenv("DARTSCC_DATA_DIR");
        if (chosen != null && !chosen.isBlank()) {
            return new DataFolder(Path.of(chosen));
        }
        var data = System.getenv("XDG_DATA_HOME");
        var base = data == null || data.isBlank()
                ? Path.of(System.getProperty("user.home"), ".local", "share")
                : Path.of(data);
        return new DataFolder(base.resolve("dartscc"));
    }

    public Path path() {
        return folder;
    }

    Path sub(String name) {
        return folder.resolve(name);
    }

    /** Temporary files of the services, emptied at each start. */
    Path temporary() {
        return sub("tmp");
    }

    public Path logs() {
        return sub("logs");
    }

    /** By which the processes on this machine take turns. */
    Path locks() {
        return sub("locks");
    }

    /** The users' token of this folder's orchestrator, made when it is first asked for. */
    String token() throws IOException {
        var file = sub("token");
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        var bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        var token = HexFormat.of().formatHex(bytes);
        writeOwnerOnly(file, token);
        return token;
    }

    /** Where the orchestrator that runs on this folder is reached. */
    public Optional<Connection> connection() {
        return read(sub("connection.json"), new TypeReference<Connection>() {});
    }

    void announce(Connection connection) throws IOException {
        writeOwnerOnly(sub("connection.json"), JSON.writeValueAsString(connection));
    }

    void withdraw() throws IOException {
        Files.deleteIfExists(sub("connection.json"));
    }

    /** Devices that were registered from here, with the tokens that their agents need. */
    public List<LocalDevice> devices() {
        return read(sub("devices.json"), new TypeReference<List<LocalDevice>>() {})
                .orElse(List.of());
    }

    /** Keeps a device's token; the orchestrator shows it only once. */
    public void remember(LocalDevice device) {
        try {
            Files.createDirectories(folder);
            var devices = new ArrayList<>(devices());
            devices.removeIf(known -> known.id().equals(device.id()));
            devices.add(device);
            writeOwnerOnly(sub("devices.json"), JSON.writeValueAsString(devices));
        } catch (IOException e) {
            throw new FailureException(
                    "the token of device " + device.name() + " was not kept in " + folder + ": " + e.getMessage(), e);
        }
    }

    private static <T> Optional<T> read(Path file, TypeReference<T> type) {
        try {
            return Files.exists(file) ? Optional.of(JSON.readValue(file.toFile(), type)) : Optional.empty();
        } catch (IOException e) {
            throw new FailureException(
                    file + " can't be read: "
                            + e.getMessage().lines().findFirst().orElse(""),
                    e);
        }
    }

    private static void writeOwnerOnly(Path file, String text) throws IOException {
        var part = Files.createTempFile(
                file.getParent(),
                ".part-",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            Files.writeString(part, text);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** @param token of a user; a secret */
    public record Connection(String url, String token, long pid) {}

    /** @param token of the device; a secret */
    public record LocalDevice(String id, String name, String token, String profile) {}
}
