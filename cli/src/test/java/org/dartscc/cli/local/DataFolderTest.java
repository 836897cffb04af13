package org.dartscc.cli.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.dartscc.cli.FailureException;
import org.dartscc.cli.local.DataFolder.Connection;
import org.dartscc.cli.local.DataFolder.LocalDevice;
import org.dartscc.infra.OwnedFolder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DataFolderTest {
    @TempDir
    private Path folder;

    @Test
    void secretsAreKeptForTheirOwnerOnly() throws Exception {
        var data = new DataFolder(folder);
        var token = data.token();
        data.remember(new LocalDevice("d-1", "pi", "secret", "ort-cpu"));
        data.announce(new Connection("http://127.0.0.1:1", token, 1));

        assertThat(token).hasSize(48).isEqualTo(new DataFolder(folder).token());
        for (var file : new String[] {"token", "devices.json", "connection.json"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(file))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void deviceThatIsRememberedAgainReplacesItself() {
        var data = new DataFolder(folder);
        data.remember(new LocalDevice("d-1", "pi", "old", "ort-cpu"));
        data.remember(new LocalDevice("d-2", "nas", "other", "ort-cpu"));
        data.remember(new LocalDevice("d-1", "pi", "new", "ort-cpu"));
        assertThat(data.devices()).extracting(LocalDevice::token).containsExactly("other", "new");
    }

    @Test
    void connectionIsGoneAfterItWasWithdrawn() throws Exception {
        var data = new DataFolder(folder);
        data.announce(new Connection("http://127.0.0.1:1", "t", 1));
        data.withdraw();
        assertThat(data.connection()).isEmpty();
    }

    @Test
    void secondStartOnTheSameFolderIsRefused() throws Exception {
        try (var other = OwnedFolder.take(folder)) {
            assertThatThrownBy(() ->
                            LocalMode.start(new Installation(folder), new DataFolder(other.path()), 0, line -> {}))
                    .isInstanceOf(FailureException.class)
                    .hasMessage("another dartscc is running on " + folder);
        }
    }
}
