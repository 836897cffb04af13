package org.dartscc.agent;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** An agent runs on linux-aarch64 too: by construction, since it was never run there. */
class NativeLibrariesTest {
    private static final Set<String> INTEL = Set.of("x86_64", "x86-64", "amd64", "x64", "x86", "i386");
    private static final Set<String> ARM = Set.of("aarch64", "arm64");

    @Test
    void everyNativeLibraryForLinuxIsThereForBothArchitectures() throws IOException {
        var jars = List.of(
                Files.readString(Path.of("target/shipped-classpath.txt")).split(File.pathSeparator));
        var withNatives = new ArrayList<String>();
        var oneSided = new ArrayList<String>();
        for (var jar : jars) {
            if (!jar.endsWith(".jar")) {
                continue;
            }
            var natives = linuxLibraries(Path.of(jar.strip()));
            var intel = of(natives, INTEL);
            var arm = of(natives, ARM);
            if (!natives.isEmpty()) {
                withNatives.add(jar);
            }
            if (!arm.containsAll(intel) || intel.isEmpty() && arm.isEmpty() && !natives.isEmpty()) {
                oneSided.add(jar + ": " + natives);
            }
        }

        assertThat(withNatives).anyMatch(jar -> jar.contains("onnxruntime"));
        assertThat(oneSided).isEmpty();
    }

    private static List<String> linuxLibraries(Path jar) throws IOException {
        try (var file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".so"))
                    .filter(name -> !name.matches("(?i).*(freebsd|sunos|aix|android|musl).*"))
                    .toList();
        }
    }

    /** File names of the libraries of an architecture. */
    private static Set<String> of(List<String> libraries, Set<String> architecture) {
        return libraries.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> List.of(name.split("[/.]|(?<=linux)[-_]|(?<=linux-)")).stream()
                        .anyMatch(architecture::contains))
                .map(name -> name.substring(name.lastIndexOf('/') + 1))
                .collect(Collectors.toSet());
    }
}
