package org.dartscc.agent.probe;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.dartscc.model.cost.RuntimeFingerprint;

import static org.assertj.core.api.Assertions.assertThat;

class FingerprintsTest {
    @Test
    void aProcessorIsNamedWithTheInstructionSetsThatKernelsAreChosenBy() {
        assertThat(Fingerprints.cpu(List.of(
                        "processor\t: 0",
                        "model name\t: AMD EPYC 9654",
                        "flags\t\t: fpu sse2 avx avx2 fma avx512f avx512_vnni",
                        "",
                        "model name\t: the second one")))
                .isEqualTo("AMD EPYC 9654 avx avx2 fma avx512f avx512_vnni");
        assertThat(Fingerprints.cpu(List.of("CPU part\t: 0xd40", "Features\t: fp asimd asimddp sve i8mm bf16")))
                .isEqualTo("0xd40 asimd asimddp i8mm bf16 sve");
    }

    @Test
    void profilesThatRunModelsDifferentlyHaveDifferentFingerprints() {
        var all = of("ort-cpu");
        var extended = of("ort-cpu-nchw");

        assertThat(all).isNotEqualTo(extended);
        assertThat(all.runtime()).startsWith("onnxruntime 1.");
        assertThat(extended.optimisation()).isEqualTo("extended");
        assertThat(of("ort-cpu-int8").precision()).isEqualTo("int8");
        assertThat(all.batch()).isEqualTo(1);
        assertThat(of("ort-cpu-2threads").threads()).isEqualTo(2);
    }

    private static RuntimeFingerprint of(String name) {
        var profile = Profile.of(name);
        return Fingerprints.of(profile, Engine.of(profile.engine()));
    }
}
