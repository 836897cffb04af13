package org.dartscc.onnx;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.dartscc.model.space.OperatorSignature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ModelGuardTest {
    private static final byte[] GOOD = OperatorCarrier.model(OperatorSignature.parse("sep_conv_3x3:16x8x8:16:s2"), 1);

    /** A way to change a good model, and a part of the reason for refusing the result. */
    record Attack(String name, String reason, Consumer<ModelProto.Builder> change) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Attack> attacks() {
        return Stream.of(
                new Attack(
                        "external data of an initializer",
                        "outside of the model",
                        m -> external(m.getGraphBuilder().getInitializerBuilder(0), "../../etc/passwd")),
                new Attack(
                        "an address in memory instead of a file",
                        "outside of the model",
                        m -> external(m.getGraphBuilder().getInitializerBuilder(0), "*/_ORT_MEM_ADDR_/*")),
                new Attack("external location without data", "outside of the model", m -> m.getGraphBuilder()
                        .getInitializerBuilder(0)
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)),
                new Attack("external data of an attribute", "of the kind TENSOR", m -> {
                    var tensor = TensorProto.newBuilder().setName("t");
                    external(tensor, "weights.bin");
                    attribute(m).setType(AttributeProto.AttributeType.TENSOR).setT(tensor);
                }),
                new Attack("a tensor hidden behind a number", "more than numbers", m -> attribute(m)
                        .setType(AttributeProto.AttributeType.INT)
                        .setT(TensorProto.newBuilder().setName("t"))),
                new Attack("a subgraph", "of the kind GRAPH", m -> attribute(m)
                        .setType(AttributeProto.AttributeType.GRAPH)
                        .setG(GraphProto.newBuilder().setName("inner"))),
                new Attack("sparse initializers", "sparse", m -> m.getGraphBuilder()
                        .addSparseInitializer(SparseTensorProto.newBuilder())),
                new Attack(
                        "a function", "functions", m -> m.addFunctionsBuilder().setName("f")),
                new Attack("another domain's operators", "opset 17", m -> m.addOpsetImportBuilder()
                        .setDomain("com.microsoft")
                        .setVersion(1)),
                new Attack("an operator this project does not write", "operator :Loop", m -> m.getGraphBuilder()
                        .addNode(NodeProto.newBuilder().setOpType("Loop"))),
                new Attack("a dimension of 2^31", "a dimension of 2147483648", m -> m.getGraphBuilder()
                        .getInitializerBuilder(0)
                        .setDims(0, 1L << 31)),
                new Attack("a negative dimension", "a dimension of -1", m -> m.getGraphBuilder()
                        .getInitializerBuilder(0)
                        .setDims(0, -1)),
                new Attack("fewer bytes than the dimensions say", "bytes for", m -> m.getGraphBuilder()
                        .getInitializerBuilder(0)
                        .setRawData(ByteString.EMPTY)),
                new Attack(
                        "a stride of zero",
                        "attribute strides is [0, 0]",
                        m -> nodeOf(m, "Conv").getAttributeBuilderList().stream()
                                .filter(a -> a.getName().equals("strides"))
                                .forEach(a -> a.setInts(0, 0).setInts(1, 0))),
                new Attack("a huge number of packed dimensions", "packed bytes", m -> m.getGraphBuilder()
                        .getInitializerBuilder(0)
                        .addAllInt64Data(java.util.Collections.nCopies(100_000, 1L))),
                new Attack("a million tiny parts", "parts", m -> {
                    var empty = StringStringEntryProto.getDefaultInstance();
                    for (int i = 0; i < 1_000_000; i++) {
                        m.addMetadataProps(empty);
                    }
                }));
    }

    private static void external(TensorProto.Builder tensor, String location) {
        tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue(location));
    }

    private static AttributeProto.Builder attribute(ModelProto.Builder model) {
        return model.getGraphBuilder().getNodeBuilder(0).addAttributeBuilder().setName("value");
    }

    private static NodeProto.Builder nodeOf(ModelProto.Builder model, String operator) {
        return model.getGraphBuilder().getNodeBuilderList().stream()
                .filter(n -> n.getOpType().equals(operator))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("attacks")
    void isRefused(Attack attack) throws Exception {
        ModelGuard.check(GOOD);
        var model = ModelProto.parseFrom(GOOD).toBuilder();
        attack.change().accept(model);

        assertThatThrownBy(() -> ModelGuard.check(model.build().toByteArray()))
                .isInstanceOf(RefusedModelException.class)
                .hasMessageContaining(attack.reason());
    }

    @Test
    void deepNestingIsRefusedWithoutRecursingIntoIt() {
        var graph = GraphProto.newBuilder().setName("g").build();
        for (int depth = 0; depth < 40; depth++) {
            var attribute = AttributeProto.newBuilder()
                    .setName("body")
                    .setType(AttributeProto.AttributeType.GRAPH)
                    .setG(graph);
            graph = GraphProto.newBuilder()
                    .addNode(NodeProto.newBuilder().setOpType("If").addAttribute(attribute))
                    .build();
        }
        var model = ModelProto.newBuilder().setGraph(graph).build().toByteArray();

        assertThatThrownBy(() -> ModelGuard.check(model)).hasMessageContaining("nested");
    }

    @Test
    void bytesThatAreNoModelAreRefused() {
        assertThatThrownBy(() -> ModelGuard.check(new byte[0])).hasMessageContaining("empty");
        assertThatThrownBy(() -> ModelGuard.check("no model at all".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(RefusedModelException.class);
        assertThatThrownBy(() -> ModelGuard.check(GOOD, 100)).hasMessageContaining("over the limit of 100");
    }

    @Test
    void aDamagedModelIsRefusedOrHarmlessButNeverCrashesTheGuard() {
        var random = new Random(3);
        int refused = 0;
        for (int i = 0; i < 2000; i++) {
            var damaged = i % 4 == 0 ? Arrays.copyOf(GOOD, random.nextInt(GOOD.length)) : GOOD.clone();
            for (int flips = random.nextInt(1, 5); flips > 0 && damaged.length > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                ModelGuard.check(damaged);
            } catch (RefusedModelException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(500);
    }
}
