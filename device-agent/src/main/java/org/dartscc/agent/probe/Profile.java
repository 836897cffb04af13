package org.dartscc.agent.probe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A way to run models on this host that ranks operators in its own way: a device of its own to everybody else. Named
 * for what it is.
 *
 * @param what it is, in a few words for users
 * @param engine the runtime, see {@link Engine}
 * @param optimisation how the runtime rewrites graphs, as it is named in fingerprints
 * @param threads that one run uses
 * @param batch images that one run takes
 * @param precision {@code float32}, or {@link #INT8} for models that are rewritten before they are run
 * @param cpuFlag instruction set without which the profile would not be what its name says; empty for none
 * @param environment of the process that measures, set before it starts
 */
public record Profile(
        String name,
        String what,
        String engine,
        String optimisation,
        int threads,
        int batch,
        String precision,
        String cpuFlag,
        Map<String, String> environment) {
    public static final String DEFAULT = "ort-cpu";
    static final String INT8 = "int8";
    static final String ONEDNN = "onednn";
    private static final String FLOAT32 = "float32";
    private static final int ONE_IMAGE = 1;

    private static final Map<String, Profile> REGISTERED = Stream.of(
                    ort(DEFAULT, "ONNX Runtime's own kernels, all graph rewrites, 1 thread", "all", 1, FLOAT32),
                    ort("ort-cpu-nchw", "the same without the blocked layout NCHWc", "extended", 1, FLOAT32),
                    ort("ort-cpu-2threads", "as ort-cpu, each run on 2 threads", "all", 2, FLOAT32),
                    ort(
                            "ort-cpu-int8",
                            "as ort-cpu, convolutions and linear layers rewritten to int8; times only, accuracy is not looked at",
                            "all",
                            1,
                            INT8),
                    onednn("onednn-avx512", "oneDNN kernels up to AVX-512", "avx512f", "AVX512_CORE_VNNI"),
                    onednn("onednn-avx2", "oneDNN kernels up to AVX2", "avx2", "AVX2"))
            .collect(Collectors.toMap(Profile::name, Function.identity(), (a, b) -> a, LinkedHashMap::new));

    private static Profile ort(String name, String what, String optimisation, int threads, String precision) {
        return new Profile(name, what, Engine.ONNXRUNTIME, optimisation, threads, ONE_IMAGE, precision, "", Map.of());
    }

    /** oneDNN's threads are OpenMP's, whose idle ones would spin. */
    private static Profile onednn(String name, String what, String cpuFlag, String highest) {
        return new Profile(
                name,
                what,
                ONEDNN,
                "all",
                1,
                ONE_IMAGE,
                FLOAT32,
                cpuFlag,
                Map.of("ONEDNN_MAX_CPU_ISA", highest, "OMP_NUM_THREADS", "1"));
    }

    public static List<Profile> all() {
        return List.copyOf(REGISTERED.values());
    }

    /** @throws IllegalArgumentException naming the registered profiles when there is none of that name */
    public static Profile of(String name) {
        var profile = REGISTERED.get(name);
        if (profile == null) {
            throw new IllegalArgumentException(
                    "there is no device profile \"" + name + "\"; known are " + String.join(", ", REGISTERED.keySet()));
        }
        return profile;
    }

    /**
     * Why this host can't be measured under this profile; empty when it can.
     *
     * @param onednn folder with the add-on's jars; null where there is none
     */
    public Optional<String> whyNotHere(Path onednn) {
        if (threads > Runtime.getRuntime().availableProcessors()) {
            return Optional.of("this machine has fewer than %d processors".formatted(threads));
        }
        if (!cpuFlag.isEmpty() && !Fingerprints.flags(Fingerprints.cpuInfo()).contains(cpuFlag)) {
            return Optional.of("this processor has no " + cpuFlag);
        }
        if (engine.equals(ONEDNN) && addOn(onednn).isEmpty()) {
            return Optional.of("the add-on device-agent-onednn is not installed (DARTSCC_AGENT_ONEDNN_FOLDER)");
        }
        return Optional.empty();
    }

    /** @throws IllegalArgumentException in one line, when this host can't be measured under this profile */
    public void requireHere(Path onednn) {
        whyNotHere(onednn).ifPresent(why -> {
            throw new IllegalArgumentException("profile %s is not available here: %s".formatted(name, why));
        });
    }

    /** Jars of an add-on's folder; empty when there are none. */
    public static List<Path> addOn(Path folder) {
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
