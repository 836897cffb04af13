package org.dartscc.model.artifact;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FolderArtifactStoreTest {
    private static final byte[] CONTENT = "weights".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    @Test
    void givesBackWhatWasPutUnderItsDigest() throws IOException {
        var store = new FolderArtifactStore(folder);
        var ref = store.put(CONTENT);
        assertThat(store.put(CONTENT)).isEqualTo(ref);
        assertThat(store.get(ref)).isEqualTo(CONTENT);
        assertThat(ref.sha256()).hasSize(64);
    }

    @Test
    void refusesATornAndAChangedFile() throws IOException {
        var store = new FolderArtifactStore(folder);
        var ref = store.put(CONTENT);
        var path = store.file(ref);
        Files.write(path, "weighty".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> store.get(ref)).isInstanceOf(CorruptArtifactException.class);
        Files.write(path, "w".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> store.get(ref)).isInstanceOf(CorruptArtifactException.class);
    }

    @Test
    void saysWhenThereIsNoSuchArtifact() {
        var store = new FolderArtifactStore(folder);
        assertThatThrownBy(() -> store.get(new ArtifactRef("0".repeat(64), 3))).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void namesNoPathOutsideTheFolder() {
        assertThatThrownBy(() -> new ArtifactRef("../../etc/passwd", 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void saysWhichFolderCanNotBeMade() throws IOException {
        var file = Files.createFile(folder.resolve("taken"));
        assertThatThrownBy(() -> new FolderArtifactStore(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("taken");
    }
}
