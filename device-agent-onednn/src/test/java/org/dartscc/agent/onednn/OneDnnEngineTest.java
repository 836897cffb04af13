package org.dartscc.agent.onednn;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import org.dartscc.agent.probe.Engine;
import org.dartscc.agent.probe.ProbeException;
import org.dartscc.agent.probe.Profile;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.onnx.OnnxModels;
import org.dartscc.onnx.OperatorCarrier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@EnabledOnOs(value = OS.LINUX, architectures = "amd64", disabledReason = "the add-on is for x86-64 Linux only")
class OneDnnEngineTest {
    private final Engine engine = Engine.of("onednn");
    private final Profile profile = Profile.of("onednn-avx2");

    @Test
    void theAddOnIsFoundAndSaysWhatItIs() {
        assertThat(engine).isInstanceOf(OneDnnEngine.class);
        assertThat(engine.runtime()).startsWith("onnxruntime 1.");
        assertThat(engine.provider()).startsWith("oneDNN");
    }

    @Test
    void operatorsAndNetworksRunAgainAndAgain() {
        var signature = OperatorSignature.parse("mbconv3_k3:16x14x14:32:s2");
        var image = new Shape(1, 28, 28);
        var space = new SpaceSpec("layerwise", image, 10).create();
        for (int i = 0; i < 5; i++) {
            try (var carrier = engine.open(
                            OperatorCarrier.model(signature, 2), OperatorCarrier.image(signature), profile, true);
                    var alone = engine.open(
                            OperatorCarrier.alone(signature).orElseThrow(), new Shape(16, 14, 14), profile, false);
                    var network = engine.open(
                            OnnxModels.untrained(space.network(space.costliest()), 1), image, profile, false)) {
                carrier.run();
                alone.run();
                network.run();
                network.run();
            }
        }
    }

    @Test
    void bytesThatAreNoModelAreRefused() {
        assertThatThrownBy(() -> engine.open(new byte[] {1, 2, 3}, new Shape(1, 28, 28), profile, false))
                .isInstanceOf(ProbeException.class)
                .hasMessageContaining("refuses the model");
    }
}
