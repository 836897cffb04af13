package org.dartscc.agent.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.dartscc.model.cost.RuntimeFingerprint;

/** What a profile's costs were measured on, on this host. */
final class Fingerprints {
    /** Version of the measurement protocol of this package: costs of another one are not comparable. */
    static final int PROTOCOL = 2;

    /** Instruction sets that kernels are chosen by, of x86-64 and of aarch64. */
    private static final List<String> DECISIVE = List.of(
            "avx",
            "avx2",
            "fma",
            "avx512f",
            "avx512_vnni",
            "avx512_bf16",
            "avx_vnni",
            "amx_tile",
            "asimd",
            "asimddp",
            "i8mm",
            "bf16",
            "sve",
            "sve2");

    private Fingerprints() {}

    /** @param engine of the profile, in this process */
    static RuntimeFingerprint of(Profile profile, Engine engine) {
        return new RuntimeFingerprint(
                profile.name(),
                engine.runtime(),
                engine.provider(),
                profile.optimisation(),
                profile.threads(),
                profile.batch(),
                profile.precision(),
                cpu(cpuInfo()),
                PROTOCOL);
    }

    static List<String> cpuInfo() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo"));
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Model name and decisive instruction sets of the first processor, as far as the system tells. */
    static String cpu(List<String> cpuInfo) {
        var model = Stream.of("model name", "Model", "CPU part")
                .map(key -> value(cpuInfo, key))
                .filter(v -> !v.isEmpty())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
        var flags = flags(cpuInfo);
        return Stream.concat(Stream.of(model), DECISIVE.stream().filter(flags::contains))
                .collect(Collectors.joining(" "));
    }

    /** Instruction sets of the first processor, as Linux names them. */
    static List<String> flags(List<String> cpuInfo) {
        return List.of((value(cpuInfo, "flags") + " " + value(cpuInfo, "Features")).split(" ", -1));
    }

    private static String value(List<String> cpuInfo, String key) {
        return cpuInfo.stream()
                .map(line -> line.split(":", 2))
                .filter(parts -> parts.length == 2 && parts[0].strip().equals(key))
                .map(parts -> parts[1].strip())
                .findFirst()
                .orElse("");
    }
}
