package org.dartscc.agent.probe;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ProfileTest {
    @TempDir
    Path empty;

    @Test
    void theDefaultIsAvailableEverywhere() {
        assertThat(Profile.of(Profile.DEFAULT).whyNotHere(null)).isEmpty();
    }

    @Test
    void aProfileWithoutItsAddOnIsRefusedInOneLine() {
        assertThatThrownBy(() -> Profile.of("onednn-avx2").requireHere(empty))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("profile onednn-avx2 is not available here: ")
                .hasMessageNotContaining("\n");
        assertThat(Profile.of("onednn-avx512").whyNotHere(null)).isPresent();
    }

    @Test
    void whatTheEnvironmentMustSayIsSetBeforeTheProcessStarts() {
        assertThat(Profile.of("onednn-avx2").environment()).containsEntry("ONEDNN_MAX_CPU_ISA", "AVX2");
        assertThatThrownBy(() -> Engine.of("onednn")).hasMessage("there is no engine \"onednn\" here");
    }
}
