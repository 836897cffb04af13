package org.dartscc.agent.child;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ModelFuzzTest {
    private static final int MODELS = 3_000;

    @TempDir
    Path folder;

    @Test
    void thousandsOfDamagedModelsKillNeitherTheGuardNorTheParent() throws Exception {
        var outcome = new ModelFuzz(4).run(MODELS, folder);

        System.out.println(outcome);
        assertThat(outcome.refused()).isGreaterThan(MODELS / 3);
        assertThat(outcome.failed()).isPositive();
        assertThat(outcome.run()).isPositive();
        assertThat(outcome.deaths()).isZero();
    }
}
