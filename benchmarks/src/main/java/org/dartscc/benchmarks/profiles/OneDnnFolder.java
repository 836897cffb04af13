package org.dartscc.benchmarks.profiles;

import java.nio.file.Path;

import picocli.CommandLine.Option;

/** Where benchmarks find the jars of the add-on that the oneDNN profiles need. */
public final class OneDnnFolder {
    @Option(
            names = "--onednn",
            description = "Folder of the add-on, default: device-agent-onednn/target/onednn of this source tree")
    private Path given;

    public Path path() {
        return given != null
                ? given
                : Path.of(System.getProperty("dartscc.home", ""), "device-agent-onednn/target/onednn");
    }
}
