package org.dartscc.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import ai.onnx.proto.OnnxMl.ModelProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.message.DatasetInfo;
import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.NetworkBuilder;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.model.space.Spaces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class OnnxModelsTest {
    private static final List<SpaceSpec> SPACES = List.of(
            new SpaceSpec("layerwise", new Shape(1, 28, 28), 10),
            new SpaceSpec("nas-bench-201", new Shape(3, 16, 16), 10),
            new SpaceSpec("darts", new Shape(3, 16, 16), 5),
            new SpaceSpec("darts-every-edge", new Shape(1, 8, 8), 5),
            new SpaceSpec("fbnet", new Shape(3, 16, 16), 5),
            new SpaceSpec("dartscc-toy-3", new Shape(1, 8, 8), 5),
            new SpaceSpec("dartscc-toy-5", new Shape(1, 8, 8), 5));

    static Stream<Candidate> genotypes() {
        return SPACES.stream().flatMap(spec -> {
            var space = spec.create();
            var random = new Random(7);
            var genotypes = new ArrayList<>(List.of(space.cheapest(), space.costliest()));
            for (int i = 0; i < 3; i++) {
                genotypes.add(space.random(random));
            }
            return genotypes.stream().map(genotype -> new Candidate(spec, genotype));
        });
    }

    @Test
    void noSpaceIsLeftOut() {
        assertThat(SPACES.stream().map(SpaceSpec::name)).containsExactlyInAnyOrderElementsOf(Spaces.names());
    }

    record Candidate(SpaceSpec spec, Genotype genotype) {
        Network network() {
            return spec.create().network(genotype);
        }
    }

    @ParameterizedTest
    @MethodSource("genotypes")
    void everyGenotypePassesTheOfficialCheckerAndRunsAtAnyBatchSize(Candidate candidate) throws Exception {
        var network = candidate.network();
        var model = OnnxModels.untrained(network, 1);

        OnnxChecker.check(model);
        ModelGuard.check(model);
        var image = network.input().output();
        var pixels = OrtRun.pixels(image, 3, 2);
        var three = OrtRun.logits(model, image, pixels);
        var one = OrtRun.logits(model, image, Arrays.copyOf(pixels, (int) image.elements()));
        assertThat(three).hasDimensions(3, candidate.spec().classes());
        assertThat(one).hasDimensions(1, candidate.spec().classes());
        for (int c = 0; c < one[0].length; c++) {
            float expected = three[0][c];
            assertThat(one[0][c]).isFinite().isCloseTo(expected, within(1e-5f * Math.max(1, Math.abs(expected))));
        }
        assertThat(three[0]).isNotEqualTo(three[1]);
    }

    @ParameterizedTest
    @MethodSource("genotypes")
    void equalArgumentsGiveEqualBytesAndAnotherSeedOtherWeights(Candidate candidate) {
        var model = OnnxModels.untrained(candidate.network(), 1);

        assertThat(OnnxModels.untrained(candidate.network(), 1)).isEqualTo(model);
        assertThat(OnnxModels.untrained(candidate.network(), 2)).isNotEqualTo(model);
    }

    @Test
    void aCellNodeWithoutEdgesIsZerosForEveryImageOfTheBatch() throws Exception {
        var spec = SPACES.get(1);
        var genotype =
                Genotype.parse("nas-bench-201/none,skip_connect,nor_conv_1x1,skip_connect,avg_pool_3x3,nor_conv_3x3");
        var network = spec.create().network(genotype);
        assertThat(network.live().nodes()).anyMatch(n -> n.layer() instanceof Layer.Zero);
        var model = OnnxModels.untrained(network, 1);

        OnnxChecker.check(model);
        ModelGuard.check(model);
        assertThat(OrtRun.logits(model, spec.image(), OrtRun.pixels(spec.image(), 3, 2)))
                .hasDimensions(3, 10);
    }

    @Test
    void batchNormsAfterConvolutionsAreFoldedAndOneReluServesAllBranchesOfATensor() throws Exception {
        var spec = SPACES.get(1);
        var genotype = Genotype.parse("nas-bench-201/nor_conv_3x3,nor_conv_3x3,none,nor_conv_1x1,none,none");
        var operators = operators(OnnxModels.untrained(spec.create().network(genotype), 1));

        // Only the batch norm after the last cell follows a sum.
        assertThat(operators.get("BatchNormalization")).isEqualTo(1);
        // The branches of a cell share one: 15 cells, 2 residual blocks of two, the head.
        assertThat(operators.get("Relu")).isEqualTo(15 + 2 * 2 + 1);
    }

    @Test
    void theBatchNormOfAFactorisedReductionIsFoldedThroughItsConcatenation() throws Exception {
        var space = SPACES.get(2).create();
        var network = space.network(space.costliest());
        assertThat(network.live().nodes()).anyMatch(n -> n.layer() instanceof Layer.DropFirst);

        assertThat(operators(OnnxModels.untrained(network, 1))).doesNotContainKey("BatchNormalization");
    }

    @Test
    void aSkippedSlotCostsNothing() throws Exception {
        var space = SPACES.get(0).create();
        var operators = operators(OnnxModels.untrained(space.network(space.cheapest()), 1));

        // The stem's, and those after the shortcuts of the two slots that change the shape.
        assertThat(operators.get("Relu")).isEqualTo(1 + 2);
        assertThat(operators).doesNotContainKey("Add");
    }

    private static Map<String, Long> operators(byte[] model) throws Exception {
        return ModelProto.parseFrom(model).getGraph().getNodeList().stream()
                .collect(Collectors.groupingBy(n -> n.getOpType(), Collectors.counting()));
    }

    @Test
    void aSmallModelIsWrittenAsDocumented() throws Exception {
        var model = OnnxModels.trained(
                small(), weights(1), dataset(List.of(.5)), Map.of("search", "s1", "genotype", "g", "accuracy", "0.9"));

        OnnxChecker.check(model);
        assertThat(describe(ModelProto.parseFrom(model))).isEqualTo("""
                        ir 8, opset 17, producer darts-cc %s
                        metadata accuracy=0.9, genotype=g, search=s1
                        in image float32 [N, 1, 4, 4]
                        Sub(image, normalisation.mean) -> normalisation.centred
                        Div(normalisation.centred, normalisation.std) -> normalisation
                        Conv(normalisation, stem.conv.weight, stem.conv.bias) -> stem.conv
                        Relu(stem.conv) -> relu
                        GlobalAveragePool(relu) -> pool
                        Flatten(pool) -> classifier.flat
                        Gemm(classifier.flat, classifier.weight, classifier.bias) -> logits
                        out logits float32 [N, 2]
                        normalisation.mean [1, 1, 1, 1]
                        normalisation.std [1, 1, 1, 1]
                        stem.conv.weight [2, 1, 3, 3]
                        stem.conv.bias [2]
                        classifier.weight [2, 2]
                        classifier.bias [2]
                        """.formatted(OnnxModels.PRODUCER_VERSION));
        assertThat(OnnxModels.PRODUCER_VERSION).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    private static String describe(ModelProto model) {
        var text = new StringBuilder("ir %d, opset %d, producer %s %s\n"
                .formatted(
                        model.getIrVersion(),
                        model.getOpsetImport(0).getVersion(),
                        model.getProducerName(),
                        model.getProducerVersion()));
        text.append(model.getMetadataPropsList().stream()
                .map(p -> p.getKey() + "=" + p.getValue())
                .collect(Collectors.joining(", ", "metadata ", "\n")));
        var graph = model.getGraph();
        graph.getInputList().forEach(i -> text.append("in ")
                .append(i.getName())
                .append(" float32 ")
                .append(dims(i))
                .append('\n'));
        graph.getNodeList()
                .forEach(n -> text.append("%s(%s) -> %s\n"
                        .formatted(n.getOpType(), String.join(", ", n.getInputList()), n.getOutput(0))));
        graph.getOutputList().forEach(o -> text.append("out ")
                .append(o.getName())
                .append(" float32 ")
                .append(dims(o))
                .append('\n'));
        graph.getInitializerList().forEach(i -> text.append(i.getName())
                .append(' ')
                .append(i.getDimsList())
                .append('\n'));
        return text.toString();
    }

    private static List<String> dims(ai.onnx.proto.OnnxMl.ValueInfoProto value) {
        assertThat(value.getType().getTensorType().getElemType()).isEqualTo(1);
        return value.getType().getTensorType().getShape().getDimList().stream()
                .map(d -> d.getDimParam().isEmpty() ? Long.toString(d.getDimValue()) : d.getDimParam())
                .toList();
    }

    @Test
    void weightsThatDoNotFitAreRefusedByName() {
        var without = new SafeTensors(
                weights(1).tensors().entrySet().stream()
                        .filter(e -> !e.getKey().equals("stem.bn.mean"))
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                Map.of());
        assertThatThrownBy(() -> OnnxModels.trained(small(), without, dataset(List.of(.5)), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the weights lack the tensor stem.bn.mean");
        assertThatThrownBy(() -> OnnxModels.trained(small(), weights(Float.NaN), dataset(List.of(.5)), Map.of()))
                .hasMessageContaining("holds the value NaN");
        var wide = new java.util.HashMap<>(weights(1).tensors());
        wide.put("classifier.bias", new SafeTensors.Tensor(List.of(3L), new float[3]));
        assertThatThrownBy(() ->
                        OnnxModels.trained(small(), new SafeTensors(wide, Map.of()), dataset(List.of(.5)), Map.of()))
                .hasMessageContaining("classifier.bias has the shape [3], the network needs [2]");
    }

    @Test
    void aDataSetThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> OnnxModels.trained(small(), weights(1), dataset(List.of(.5, .5)), Map.of()))
                .hasMessageContaining("2 deviations for 1 channels");
        assertThatThrownBy(() -> OnnxModels.trained(small(), weights(1), dataset(List.of(0.0)), Map.of()))
                .hasMessageContaining("can't be normalised");
    }

    private static Network small() {
        var builder = new NetworkBuilder(new Shape(1, 4, 4));
        var x = builder.relu("relu", builder.convBn("stem", builder.image(), 2, 3, 1));
        return builder.build(
                builder.add("classifier", new Layer.Linear(2), builder.add("pool", new Layer.GlobalAveragePool(), x)));
    }

    private static SafeTensors weights(float value) {
        return new SafeTensors(
                small().parameters().stream().collect(Collectors.toMap(p -> p.name(), p -> {
                    var values = new float[(int) p.elements()];
                    Arrays.fill(values, value);
                    return new SafeTensors.Tensor(p.shape(), values);
                })),
                Map.of());
    }

    private static DatasetInfo dataset(List<Double> std) {
        return new DatasetInfo(
                "two-things",
                new Shape(1, 4, 4),
                List.of("a", "b"),
                std.stream().map(s -> .5).toList(),
                std,
                1,
                1,
                1,
                0);
    }
}
