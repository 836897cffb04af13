package org.dartscc.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarFile;

import org.dartscc.cli.FailureException;

/** Where the built services are: the folder that holds the modules. */
public record Installation(Path home) {

    /** The folder that the {@code dartscc} script tells, else the current one. */
    public static Installation current() {
        return new Installation(Path.of(System.getProperty("dartscc.home", "")).toAbsolutePath());
    }

    /** The runnable jar of a service: the one that its container image runs. */
    Path service(String module) {
        var jar = home.resolve(module).resolve("target/quarkus-app/quarkus-run.jar");
        if (!Files.exists(jar)) {
            throw new FailureException(module + " is not built: there is no " + jar + "; run \"mvn package\"");
        }
        return jar;
    }

    /** The agent's add-on for oneDNN, where it was built. */
    Optional<Path> onednn() {
        return Optional.of(home.resolve("device-agent-onednn/target/onednn")).filter(Files::isDirectory);
    }

    static String mainClass(Path jar) throws IOException {
        try (var file = new JarFile(jar.toFile())) {
            return file.getManifest().getMainAttributes().getValue("Main-Class");
        }
    }
}
