package org.dartscc.exporter.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.artifact.FolderArtifactStore;
import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.message.ExportedModel;
import org.dartscc.model.message.ModelRequest;
import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.Position;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceDefinition;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.model.space.Spaces;
import org.dartscc.model.turn.MachineTurn;

import static org.assertj.core.api.Assertions.assertThat;

class ModelExportTest {
    private static final SpaceSpec LAYERWISE = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10);
    private static final SpaceSpec NAS_BENCH_201 = new SpaceSpec("nas-bench-201", new Shape(3, 8, 8), 10);
    private static final SpaceSpec FBNET = new SpaceSpec("fbnet", new Shape(3, 16, 16), 4);
    private static final SpaceSpec DARTS = new SpaceSpec("darts", new Shape(3, 8, 8), 6);
    private static final SpaceSpec EVERY_EDGE = new SpaceSpec("darts-every-edge", new Shape(1, 8, 8), 6);
    private static final SpaceSpec TOY_3 = new SpaceSpec("dartscc-toy-3", new Shape(1, 8, 8), 6);
    private static final SpaceSpec TOY_5 = new SpaceSpec("dartscc-toy-5", new Shape(1, 8, 8), 6);
    private static final List<SpaceSpec> SPACES =
            List.of(LAYERWISE, NAS_BENCH_201, FBNET, DARTS, EVERY_EDGE, TOY_3, TOY_5);

    /** Users' own, smaller than those in docs/examples. */
    private static final SpaceSpec SLOTS = SpaceSpec.of(
            new SpaceDefinition(
                    "my-space",
                    new SpaceDefinition.Layers(
                            new SpaceDefinition.Stem(16, 2),
                            List.of(
                                    new SpaceDefinition.Slot(16, 1, List.of("skip", "sep3", "mbconv3_k3", "conv3")),
                                    new SpaceDefinition.Slot(32, 2, List.of("skip", "sep3", "mbconv3_k3", "conv3")),
                                    new SpaceDefinition.Slot(64, 2, List.of("skip", "sep3", "sep5")))),
                    null),
            new Shape(1, 16, 16),
            6);

    private static final SpaceSpec CELLS = SpaceSpec.of(
            new SpaceDefinition(
                    "my-cells",
                    null,
                    new SpaceDefinition.Cells(
                            16, 3, List.of("skip_connect", "avg_pool_3x3", "sep_conv_3x3", "dil_conv_3x3"))),
            new Shape(1, 8, 8),
            6);

    private static final Finalised SMALL =
            Finalised.of(LAYERWISE, LAYERWISE.create().cheapest(), 1);

    @TempDir
    Path folder;

    private FolderArtifactStore store;
    private ModelExport exports;

    @BeforeEach
    void openStore() {
        store = new FolderArtifactStore(folder.resolve("artifacts"));
        exports = new ModelExport(store, MachineTurn.in(folder.resolve("locks")));
    }

    record Candidate(SpaceSpec space, Genotype genotype) {}

    static Stream<Candidate> candidates() {
        var genotypes = Stream.of(
                "layerwise/sep3,sep3,sep5,skip,conv3,mbconv3_k3,mbconv3_k5,skip",
                "layerwise/mbconv3_k5,mbconv3_k3,conv3,sep5,sep5,skip,skip,conv3",
                "fbnet/k3_e1,k3_e1_g2,k3_e3,k3_e6,k5_e1,k5_e1_g2,k5_e3,k5_e6,skip_block,k3_e1,k3_e1_g2,k3_e3,k3_e6,"
                        + "k5_e1,k5_e1_g2,k5_e3,k5_e6,skip_block,k3_e3,skip_block,k5_e3,skip_block",
                // Normal cell, then reduction cell: 2, 3, 4 and 5 edges, two of them taken.
                "darts/sep_conv_3x3,dil_conv_3x3,none,skip_connect,sep_conv_5x5,none,none,max_pool_3x3,avg_pool_3x3,"
                        + "dil_conv_5x5,none,none,none,skip_connect,"
                        + "skip_connect,max_pool_3x3,avg_pool_3x3,sep_conv_5x5,none,dil_conv_5x5,none,sep_conv_3x3,none,"
                        + "none,skip_connect,none,dil_conv_3x3,none");
        var fixed = genotypes.map(Genotype::parse).map(g -> new Candidate(space(g), g));
        var all = Stream.concat(SPACES.stream(), Stream.of(SLOTS, CELLS));
        return Stream.concat(fixed, all.flatMap(spec -> covering(spec).map(genotype -> new Candidate(spec, genotype))));
    }

    /** Random genotypes that together have every option of the space, wherever it changes the size and where not. */
    private static Stream<Genotype> covering(SpaceSpec spec) {
        var space = spec.create();
        var random = new Random(5);
        var missing = new HashSet<>(kinds(space));
        var chosen = new ArrayList<Genotype>();
        while (!missing.isEmpty()) {
            var genotype = space.random(random);
            if (missing.removeAll(kinds(space, genotype))) {
                chosen.add(genotype);
            }
        }
        return chosen.stream();
    }

    private static List<String> kinds(SearchSpace space, Genotype genotype) {
        return space.positions().stream()
                .map(p -> kind(p, genotype.options().get(p.decision())))
                .toList();
    }

    private static List<String> kinds(SearchSpace space) {
        return space.positions().stream()
                .flatMap(p ->
                        space.decisions().get(p.decision()).options().stream().map(o -> kind(p, o.key())))
                .toList();
    }

    private static String kind(Position position, String option) {
        boolean widens = position.input().channels() != position.outChannels();
        return option + " stride " + position.stride() + (widens ? " widening" : "");
    }

    private static SpaceSpec space(Genotype genotype) {
        return SPACES.stream()
                .filter(spec -> spec.name().equals(genotype.space()))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("candidates")
    void aModelGivesTheLogitsThatAnIndependentForwardPassGives(Candidate candidate) throws Exception {
        var finalised = Finalised.of(candidate.space(), candidate.genotype(), 3);
        var answer = exports.export(finalised.request(store, "m"));

        assertThat(answer).isInstanceOf(ExportedModel.Exported.class);
        var exported = (ExportedModel.Exported) answer;
        System.out.printf(
                "parity of %s: %.2e, %d bytes%n",
                candidate.genotype(),
                exported.parityMaxAbsDiff(),
                exported.onnx().sizeBytes());
        assertThat(exported.parityMaxAbsDiff()).isLessThan(1e-4);
        OnnxChecker.check(store.get(exported.onnx()));
        for (float logit : finalised.reference().tensor("logits").values()) {
            assertThat(Math.abs(logit)).isBetween(0f, 100f);
        }
    }

    @Test
    void theCandidatesHaveEveryOperatorOfEverySpace() {
        assertThat(SPACES.stream().map(SpaceSpec::name)).containsExactlyInAnyOrderElementsOf(Spaces.names());
        var seen = EnumSet.noneOf(Operator.class);
        candidates().forEach(c -> c.genotype().options().forEach(option -> seen.add(Operator.of(option))));

        assertThat(seen).containsExactlyInAnyOrder(Operator.values());
    }

    @Test
    void theModelSaysWhereItComesFrom() throws Exception {
        var exported = (ExportedModel.Exported) exports.export(SMALL.request(store, "m1"));
        var metadata = ModelProto.parseFrom(store.get(exported.onnx())).getMetadataPropsList();

        assertThat(metadata)
                .extracting(p -> p.getKey() + "=" + p.getValue())
                .contains(
                        "model=m1",
                        "search=search-1",
                        "device=device-1",
                        "space=layerwise",
                        "genotype=" + SMALL.genotype(),
                        "dataset=things",
                        "cost_version=17",
                        "validation_accuracy=0.91",
                        "test_accuracy=0.9",
                        "predicted_latency_micros=812.5");
        assertThat(metadata)
                .filteredOn(p -> p.getKey().equals("class_names"))
                .extracting(StringStringEntryProto::getValue)
                .allMatch(names -> names.startsWith("[\"thing 0\",\"thing 1\","))
                .hasSize(1);
    }

    @Test
    void aRequestThatComesTwiceGivesTheSameArtifact() throws Exception {
        var request = SMALL.request(store, "m");

        assertThat(exports.export(request)).isEqualTo(exports.export(request));
    }

    @Test
    void aModelWhoseLogitsDifferFailsWithTheFigureAndIsNotPublished() throws Exception {
        var logits = SMALL.reference().tensor("logits");
        var values = logits.values().clone();
        values[4] += .001f;
        var request = SMALL.withReference("logits", new SafeTensors.Tensor(logits.shape(), values))
                .request(store, "m");
        long before = artifacts();

        assertThat(failure(request)).contains("differ from the supernet's by 0.00100");
        assertThat(artifacts()).isEqualTo(before);
    }

    private long artifacts() throws IOException {
        try (var files = Files.walk(folder.resolve("artifacts"))) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void anUnusableReferenceFails() throws Exception {
        var logits = SMALL.reference().tensor("logits");
        var image = SMALL.reference().tensor("image");
        var tooLarge = image.values().clone();
        tooLarge[0] = 2;
        var notANumber = logits.values().clone();
        notANumber[0] = Float.NaN;

        assertThat(failure(SMALL.withReference("logits", null).request(store, "m")))
                .contains("no tensor named logits");
        assertThat(failure(SMALL.withReference("image", logits).request(store, "m")))
                .contains("not [N, 1, 28, 28] and [N, 10]");
        assertThat(failure(SMALL.withReference("image", new SafeTensors.Tensor(image.shape(), tooLarge))
                        .request(store, "m")))
                .contains("a pixel of 2.0");
        assertThat(failure(SMALL.withReference("logits", new SafeTensors.Tensor(logits.shape(), notANumber))
                        .request(store, "m")))
                .contains("a logit of NaN");
    }

    @Test
    void unusableWeightsFailByName() throws Exception {
        assertThat(failure(SMALL.withWeight("classifier.bias", null).request(store, "m")))
                .isEqualTo("the weights lack the tensor classifier.bias");
        assertThat(failure(SMALL.withWeight("classifier.bias", new SafeTensors.Tensor(List.of(2L), new float[2]))
                        .request(store, "m")))
                .contains("classifier.bias has the shape [2], the network needs [10]");
    }

    @Test
    void missingAndDamagedArtifactsFail() throws Exception {
        var request = SMALL.request(store, "m");
        var missing = new ArtifactRef("0".repeat(64), 5);
        var huge = new ArtifactRef("0".repeat(64), 1L << 40);

        assertThat(failure(withWeights(request, missing))).contains("000, are not in the store");
        assertThat(failure(withWeights(request, huge))).contains("over the limit");
        var notTensors = store.put("pickled".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(failure(withWeights(request, notTensors))).contains("the weights can't be read");

        var sha256 = request.weights().sha256();
        var file = folder.resolve("artifacts").resolve(sha256.substring(0, 2)).resolve(sha256.substring(2));
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        assertThat(failure(request)).contains("is damaged: its digest differs");
    }

    @Test
    void aGenotypeThatIsNotOfTheSpaceFails() throws Exception {
        assertThat(failure(SMALL.withGenotype(Genotype.parse("layerwise/conv3")).request(store, "m")))
                .contains("takes 8 decisions");
        assertThat(failure(SMALL.withGenotype(Genotype.parse("darts/none")).request(store, "m")))
                .contains("not a genotype of the space layerwise");
        assertThat(failure(SMALL.withGenotype(Genotype.parse("layerwise/none,skip,skip,skip,skip,skip,skip,skip"))
                        .request(store, "m")))
                .contains("has no option none");
    }

    @Test
    void aFullDiskFailsTheModelWithTheCause() throws Exception {
        var full = new ArtifactStore() {
            @Override
            public ArtifactRef put(byte[] content) throws IOException {
                throw new IOException("No space left on device");
            }

            @Override
            public byte[] get(ArtifactRef ref) throws IOException {
                return store.get(ref);
            }

            @Override
            public Path file(ArtifactRef ref) throws IOException {
                return store.file(ref);
            }
        };
        var answer = new ModelExport(full, MachineTurn.free()).export(SMALL.request(store, "m"));

        assertThat(((ExportedModel.Failed) answer).reason())
                .contains("the model can't be stored")
                .contains("No space left on device");
    }

    private String failure(ModelRequest request) {
        var answer = exports.export(request);
        assertThat(answer).isInstanceOf(ExportedModel.Failed.class);
        assertThat(answer.modelId()).isEqualTo("m");
        assertThat(answer.attempt()).isEqualTo(2);
        return ((ExportedModel.Failed) answer).reason();
    }

    private static ModelRequest withWeights(ModelRequest r, ArtifactRef weights) {
        return new ModelRequest(
                r.schemaVersion(),
                r.modelId(),
                r.searchId(),
                r.deviceId(),
                r.attempt(),
                r.space(),
                r.genotype(),
                weights,
                r.reference(),
                r.dataset(),
                r.validationAccuracy(),
                r.testAccuracy(),
                r.predictedLatencyMicros(),
                r.costVersion());
    }
}
