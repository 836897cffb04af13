package org.dartscc.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.dartscc.model.network.Shape;
import org.dartscc.model.space.SpaceSpec;

import static org.assertj.core.api.Assertions.assertThat;

class QuantisationTest {
    private static final Shape IMAGE = new Shape(3, 32, 32);

    @ParameterizedTest
    @ValueSource(strings = {"layerwise", "nas-bench-201", "darts"})
    void everyConvolutionAndLinearLayerIsInt8AndTheResultIsAboutTheSame(String name) throws Exception {
        var space = new SpaceSpec(name, IMAGE, 10).create();
        var model = OnnxModels.untrained(space.network(space.costliest()), 1);

        var rewritten = Quantisation.rewrite(model);

        OnnxChecker.check(rewritten);
        var graph = ModelProto.parseFrom(rewritten).getGraph();
        assertThat(graph.getInitializerList())
                .filteredOn(tensor -> tensor.getDimsCount() > 1)
                .filteredOn(tensor -> !tensor.getName().startsWith("normalisation"))
                .isNotEmpty()
                .allMatch(tensor -> tensor.getName().endsWith(".int8"));
        var pixels = OrtRun.pixels(IMAGE, 1, 1);
        assertThat(OrtRun.logits(rewritten, IMAGE, pixels)[0]).hasSize(10);
        assertThat(rewritten.length).isLessThan(model.length / 2);
    }
}
