package org.dartscc.onnx;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.dartscc.model.network.Shape;
import org.dartscc.model.space.OperatorSignature;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.model.space.Spaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class OperatorCarrierTest {

    static Stream<OperatorSignature> signatures() {
        return Spaces.names().stream()
                .map(name -> new SpaceSpec(name, new Shape(3, 16, 16), 10))
                .flatMap(spec -> spec.create().signatures().stream())
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void everySignatureOfEverySpaceHasAValidCarrier(OperatorSignature signature) throws Exception {
        for (int nodes : List.of(1, 3)) {
            var model = OperatorCarrier.model(signature, nodes);
            OnnxChecker.check(model);
            ModelGuard.check(model);
            var image = OperatorCarrier.image(signature);
            assertThat(OrtRun.logits(model, image, OrtRun.pixels(image, 2, 1))).hasDimensions(2, 2);
        }
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void twoMoreNodesAreFourMoreOperatorsWithWeightsOfTheirOwn(OperatorSignature signature) {
        long one = parameters(signature, 1);
        long two = parameters(signature, 2);
        long three = parameters(signature, 3);

        assertThat(three - two).isEqualTo(two - one);
        assertThat(OperatorCarrier.network(signature, 3).live()).isEqualTo(OperatorCarrier.network(signature, 3));
    }

    private static long parameters(OperatorSignature signature, int nodes) {
        return OperatorCarrier.network(signature, nodes).parameterCount();
    }

    @ParameterizedTest
    @MethodSource("signatures")
    void everySignatureButAnIdentityIsAValidModelAlone(OperatorSignature signature) throws Exception {
        var model = OperatorCarrier.alone(signature);
        if (model.isPresent()) {
            OnnxChecker.check(model.get());
        } else {
            assertThat(signature.operator().key()).startsWith("skip");
        }
    }

    @Test
    void anAbsentOperatorHasNoCarrier() {
        assertThatThrownBy(() -> OperatorCarrier.model(OperatorSignature.parse("none:16x8x8:16:s1"), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("costs nothing");
    }

    @Test
    void anOperatorOfAbsurdSizeIsRefusedBeforeItsWeightsAreMade() {
        assertThatThrownBy(() -> OperatorCarrier.model(OperatorSignature.parse("conv3:4096x1x1:4096:s1"), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("over the limit");
    }
}
