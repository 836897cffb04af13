package org.dartscc.model.space;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.dartscc.model.network.Shape;

import static org.assertj.core.api.Assertions.assertThat;

/** Parameter and multiply-accumulate counts of published architectures, under the conventions of their sources. */
class GoldenCountsTest {
    private static final SpaceSpec CIFAR_DARTS = new SpaceSpec("darts", new Shape(3, 32, 32), 10);

    private static final List<String> DARTS_V1_NORMAL = edges(
            "sep_conv_3x3,sep_conv_3x3",
            "skip_connect,sep_conv_3x3,none",
            "skip_connect,sep_conv_3x3,none,none",
            "sep_conv_3x3,none,skip_connect,none,none");
    private static final List<String> DARTS_V1_REDUCE = edges(
            "max_pool_3x3,max_pool_3x3",
            "max_pool_3x3,none,skip_connect",
            "max_pool_3x3,none,skip_connect,none",
            "avg_pool_3x3,none,skip_connect,none,none");

    private static List<String> edges(String... nodes) {
        return List.of(String.join(",", nodes).split(","));
    }

    private static Genotype dartsV1() {
        var options = new ArrayList<>(DARTS_V1_NORMAL);
        options.addAll(DARTS_V1_REDUCE);
        return new Genotype("darts", options);
    }

    @Test
    void countsDartsV1AsPublished() {
        assertCounts(DartsSpace.create(CIFAR_DARTS, 36, 20), dartsV1(), 3_169_414, 500_987_520);
        assertCounts(DartsSpace.create(CIFAR_DARTS, 16, 8), dartsV1(), 232_890, 41_355_776);
        var imagenet = new SpaceSpec("darts", new Shape(3, 224, 224), 1000);
        assertCounts(DartsSpace.create(imagenet, 48, 14), dartsV1(), 4_510_432, 505_864_704);
    }

    @Test
    void countsNasBench201CellsAsPublished() {
        var first = Genotype.parse(
                "nas-bench-201/avg_pool_3x3,nor_conv_1x1,skip_connect,nor_conv_1x1,skip_connect," + "skip_connect");
        var second = Genotype.parse(
                "nas-bench-201/nor_conv_3x3,nor_conv_3x3,avg_pool_3x3,none,nor_conv_3x3," + "avg_pool_3x3");
        for (int classes : new int[] {10, 100}) {
            var space = new SpaceSpec("nas-bench-201", new Shape(3, 32, 32), classes).create();
            // The published count adds the bias of the classifier to the multiply-accumulates.
            assertCounts(
                    space,
                    first,
                    classes == 10 ? 129_306 : 135_156,
                    (classes == 10 ? 15_647_370 : 15_653_220) - classes);
            assertCounts(
                    space,
                    second,
                    classes == 10 ? 802_426 : 808_276,
                    (classes == 10 ? 113_951_370 : 113_957_220) - classes);
        }
        var imagenet16 = new SpaceSpec("nas-bench-201", new Shape(3, 16, 16), 120).create();
        assertCounts(imagenet16, first, 136_456, 3_919_480 - 120);
        assertCounts(imagenet16, second, 809_576, 28_495_480 - 120);
    }

    @Test
    void countsFbnetsAsPublished() {
        var imagenet = new SpaceSpec("fbnet", new Shape(3, 224, 224), 1000);
        var a = Genotype.parse("fbnet/skip_block,k3_e3,k3_e1,skip_block,skip_block,k5_e6,k3_e3,k5_e1,k3_e3,k5_e6,k5_e3,"
                + "k5_e1_g2,k5_e6,k3_e6,k5_e1_g2,k5_e3,k3_e1_g2,k5_e6,k5_e6,k5_e3,k5_e6,k5_e6");
        assertCounts(FbnetSpace.create(imagenet, 1504), a, 4_304_584, 244_452_664);
        var b = Genotype.parse(
                "fbnet/k3_e1,k3_e6,k5_e1,k3_e1,k3_e1,k5_e6,k5_e3,k3_e6,k5_e6,k5_e6,k5_e6,skip_block,k5_e3,"
                        + "k5_e6,k3_e1,k5_e1,k5_e3,k5_e6,k5_e1,k5_e6,k5_e6,k3_e6");
        assertCounts(FbnetSpace.create(imagenet, 1984), b, 4_801_368, 291_004_424);
    }

    @Test
    void countsTheLayerwiseRecipe() {
        var space = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10).create();
        assertThat(space.network(uniform("conv3")).parameterCount()).isEqualTo(158_682);
        assertThat(space.network(uniform("sep3")).parameterCount()).isEqualTo(24_986);
        assertThat(space.network(uniform("skip")).parameterCount()).isEqualTo(3_578);
    }

    private static Genotype uniform(String option) {
        return new Genotype("layerwise", Collections.nCopies(8, option));
    }

    /** By hand; the counts of parameters without batch norm are the ones that the ancestor's tables are about. */
    @Test
    void countsTheAncestorsCells() {
        for (var name : List.of("dartscc-toy-3", "dartscc-toy-5")) {
            var space = new SpaceSpec(name, new Shape(1, 28, 28), 10).create();
            int stem = 9 * 48 + 2 * 48;
            int inputs = 2 * (48 * 16 + 2 * 16) + (48 + 64) * 32 + 4 * 32 + (64 + 128) * 64 + 4 * 64;
            int classifier = 256 * 10 + 10;
            // Eight edges of each reduction cell have stride 2, where a skip is a factorised reduction.
            int skips = 8 * (32 * 32 + 2 * 32) + 8 * (64 * 64 + 2 * 64);
            long fixedMacs = 784 * (9 * 48 + 2 * 48 * 16 + (48 + 64) * 32) + 196 * (64 + 128) * 64 + 2560;
            assertCounts(
                    space,
                    new Genotype(name, Collections.nCopies(28, "skip_connect")),
                    stem + inputs + skips + classifier,
                    fixedMacs + 8 * 196 * 1024 + 8 * 49 * 4096);
            int pools = space.decisions().get(0).options().indexOf(Operator.MAX_POOL_3X3);
            var pooled = new int[28];
            java.util.Arrays.fill(pooled, pools);
            assertCounts(space, space.genotype(pooled), stem + inputs + classifier, fixedMacs);
            int separable = 178_752 + 14 * 4 * (16 + 32 + 64);
            assertThat(space.network(new Genotype(name, Collections.nCopies(28, "sep_conv_3x3")))
                            .parameterCount())
                    .isEqualTo(stem + inputs + separable + classifier);
        }
    }

    private static void assertCounts(SearchSpace space, Genotype genotype, long parameters, long macs) {
        var network = space.network(genotype);
        assertThat(network.parameterCount()).isEqualTo(parameters);
        assertThat(network.macs()).isEqualTo(macs);
    }
}
