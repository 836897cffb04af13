package org.dartscc.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ForegroundAgentTest {
    @Test
    void anAgentIsStartedHereWithTheOptionsOfItsImage() throws IOException {
        var image = Files.readString(Path.of("../device-agent/src/main/docker/Dockerfile.jvm"));

        assertThat(ForegroundAgent.JVM_OPTIONS).isNotEmpty().allSatisfy(option -> assertThat(image)
                .contains(option));
    }

    @Test
    void theArchiveOfClassesIsUsedWhereTheBuildMadeOne(@TempDir Path folder) throws IOException {
        var jar = folder.resolve("quarkus-run.jar");
        assertThat(ForegroundAgent.jvmOptions(jar)).isEqualTo(ForegroundAgent.JVM_OPTIONS);

        var archive = Files.createFile(folder.resolve("agent.jsa"));
        assertThat(ForegroundAgent.jvmOptions(jar))
                .containsAll(ForegroundAgent.JVM_OPTIONS)
                .contains("-XX:SharedArchiveFile=" + archive);
    }
}
