package org.dartscc.model.space;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.NetworkBuilder;
import org.dartscc.model.network.Node;
import org.dartscc.model.network.Shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SearchSpaceTest {
    static Stream<SearchSpace> spaces() {
        return Spaces.names().stream().flatMap(name -> Stream.of(new Shape(1, 28, 28), new Shape(3, 32, 32))
                .map(image -> new SpaceSpec(name, image, 10).create()));
    }

    @ParameterizedTest
    @MethodSource("spaces")
    void drawsValidGenotypesWhoseNetworksEndInTheLogits(SearchSpace space) {
        var random = new Random(1);
        for (int i = 0; i < 20; i++) {
            var genotype = space.random(random);
            assertThat(space.isValid(genotype)).isTrue();
            assertThat(Genotype.parse(genotype.toString())).isEqualTo(genotype);
            assertThat(space.network(genotype).output().output()).isEqualTo(new Shape(10, 1, 1));
        }
    }

    @ParameterizedTest
    @MethodSource("spaces")
    void holdsEveryParameterThatAGenotypeUsesWithOneShapePerName(SearchSpace space) {
        var all = space.parameters();
        assertThat(all).doesNotHaveDuplicates();
        var random = new Random(2);
        for (int i = 0; i < 10; i++) {
            assertThat(all).containsAll(space.network(space.random(random)).parameters());
        }
    }

    @ParameterizedTest
    @MethodSource("spaces")
    void addsUpParametersAndMacsOverDecisions(SearchSpace space) {
        var random = new Random(3);
        var base = space.costliest();
        for (int i = 0; i < 5; i++) {
            var other = space.random(random);
            assertThat(difference(space, space.optionParameters(), base, other))
                    .isEqualTo(space.network(other).parameterCount()
                            - space.network(base).parameterCount());
            assertThat(difference(space, space.optionMacs(), base, other))
                    .isEqualTo(space.network(other).macs() - space.network(base).macs());
        }
    }

    private static double difference(SearchSpace space, double[][] table, Genotype from, Genotype to) {
        var a = space.indices(from);
        var b = space.indices(to);
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += table[d][b[d]] - table[d][a[d]];
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("spaces")
    void ordersItsCheapestAndCostliest(SearchSpace space) {
        var random = new Random(4);
        long least = space.network(space.cheapest()).macs();
        long most = space.network(space.costliest()).macs();
        assertThat(space.isValid(space.cheapest())).isTrue();
        assertThat(space.isValid(space.costliest())).isTrue();
        for (int i = 0; i < 50; i++) {
            assertThat(space.network(space.random(random)).macs()).isBetween(least, most);
        }
    }

    @Test
    void theCheapestHasNoPoolWhereAnIdentityMultipliesAsLittle() {
        var space = new SpaceSpec("dartscc-toy-3", new Shape(1, 28, 28), 10).create();
        long least = space.network(space.cheapest()).macs();
        var options = space.cheapest().options();
        assertThat(options).contains("skip_connect");
        for (int d = 0; d < options.size(); d++) {
            if (options.get(d).contains("pool")) {
                var other = new java.util.ArrayList<>(options);
                other.set(d, "skip_connect");
                assertThat(space.network(new Genotype(space.name(), other)).macs())
                        .as("decision %d", d)
                        .isGreaterThan(least);
            }
        }
    }

    @Test
    void liveNetworksHaveNoNodeThatLeadsNowhere() {
        var space = new SpaceSpec("nas-bench-201", new Shape(3, 32, 32), 10).create();
        // Nodes 1 and 2 are computed, but only the edge 3<-0 leads on.
        var genotype = Genotype.parse("nas-bench-201/nor_conv_3x3,nor_conv_3x3,none,nor_conv_1x1,none,none");
        Network live = space.network(genotype).live();
        assertThat(live.nodes()).extracting(Node::name).noneMatch(n -> n.contains("node1") || n.contains("node2"));
        assertThat(live.parameterCount()).isLessThan(space.network(genotype).parameterCount());
    }

    @Test
    void ofNasBench201sEqualCellsOnlyTheOneWithoutDeadEdgesIsAMember() {
        var space = new SpaceSpec("nas-bench-201", new Shape(1, 28, 28), 10).create();
        assertThat(space.isValid(Genotype.parse("nas-bench-201/none,none,none,nor_conv_1x1,none,none")))
                .isTrue();
        // Leads nowhere; comes from nowhere.
        assertThat(space.isValid(Genotype.parse("nas-bench-201/nor_conv_3x3,none,none,nor_conv_1x1,none,none")))
                .isFalse();
        assertThat(space.isValid(Genotype.parse("nas-bench-201/none,none,nor_conv_3x3,nor_conv_1x1,none,skip_connect")))
                .isFalse();
        var random = new Random(6);
        for (int i = 0; i < 200; i++) {
            var network = space.network(space.random(random));
            assertThat(network.live().parameterCount()).isEqualTo(network.parameterCount());
        }
    }

    @Test
    void ofEqualPoolsOnOneMapAllButTheFirstAreRepeated() {
        var space = new SpaceSpec("nas-bench-201", new Shape(1, 28, 28), 10).create();
        int cells = 15;
        // Node 1 is the cell's input again, so that the edge to node 3 pools what the edge to node 2 does.
        var same = Genotype.parse("nas-bench-201/skip_connect,avg_pool_3x3,none,none,avg_pool_3x3,skip_connect");
        assertThat(space.repeated(space.indices(same))).containsExactly(false, false, false, false, true, false);
        var random = new Random(7);
        int found = 0;
        for (int i = 0; i < 300; i++) {
            var genotype = space.random(random);
            int repeated = 0;
            for (boolean one : space.repeated(space.indices(genotype))) {
                repeated += one ? cells : 0;
            }
            assertThat(repeated).as(genotype.toString()).isEqualTo(equalPools(space.network(genotype)));
            found += repeated;
        }
        assertThat(found).isPositive();
    }

    /** Pools that equal an earlier node, as a runtime finds them that merges equal nodes. */
    private static int equalPools(Network network) {
        var first = new HashMap<List<Object>, String>();
        var merged = new HashMap<String, String>();
        int pools = 0;
        for (var node : network.nodes()) {
            var inputs = node.inputs().stream().map(merged::get).toList();
            var known =
                    node.parameters().isEmpty() ? first.putIfAbsent(List.of(node.layer(), inputs), node.name()) : null;
            merged.put(node.name(), known == null ? node.name() : known);
            pools += known != null && node.layer() instanceof Layer.AveragePool ? 1 : 0;
        }
        return pools;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "layerwise/conv3",
                "layerwise/conv3,conv3,conv3,conv3,conv3,conv3,conv3,none",
                "layerwise/conv3,conv3,conv3,conv3,conv3,conv3,conv3,conv9",
                "darts/conv3,conv3,conv3,conv3,conv3,conv3,conv3,conv3"
            })
    void refusesGenotypesOfAnotherForm(String genotype) {
        var space = new SpaceSpec("layerwise", new Shape(1, 28, 28), 10).create();
        assertThatThrownBy(() -> space.indices(Genotype.parse(genotype))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesTheKnownSpacesWhenThereIsNoSuchSpace() {
        assertThatThrownBy(() -> new SpaceSpec("resnet", new Shape(1, 28, 28), 10).create())
                .hasMessage("there is no search space \"resnet\"; known are darts, darts-every-edge, "
                        + "dartscc-toy-3, dartscc-toy-5, fbnet, layerwise, nas-bench-201");
    }

    @Test
    void whereEveryEdgeOfDartsTakesAnOperationNoneIsOneButNoNodeIsEmpty() {
        var image = new Shape(1, 28, 28);
        var every = new SpaceSpec("darts-every-edge", image, 10).create();
        var two = new SpaceSpec("darts", image, 10).create();
        var cell = List.of(
                "sep_conv_3x3,skip_connect",
                "none,max_pool_3x3,dil_conv_5x5",
                "none,avg_pool_3x3,none,sep_conv_5x5",
                "none,dil_conv_3x3,none,none,skip_connect");
        var options = List.of((String.join(",", cell) + "," + String.join(",", cell)).split(","));
        var kept = every.network(new Genotype("darts-every-edge", options));
        var known = two.network(new Genotype("darts", options));
        assertThat(kept.parameterCount()).isEqualTo(known.parameterCount());
        assertThat(kept.macs()).isEqualTo(known.macs());
        assertThat(every.isValid(new Genotype("darts-every-edge", Collections.nCopies(28, "sep_conv_3x3"))))
                .isTrue();
        // The edges of the first cell's nodes begin at these.
        for (int node : new int[] {0, 2, 5, 9}) {
            assertThat(every.decisions().get(node).options()).contains(Operator.NONE);
            assertThat(every.decisions().get(node + 1).options()).hasSize(7).doesNotContain(Operator.NONE);
        }
    }

    @Test
    void saysWhichImagesASpaceCanNotTake() {
        assertThatThrownBy(() -> new SpaceSpec("darts", new Shape(3, 30, 30), 10).create())
                .hasMessageContaining("multiples of 4");
        assertThatThrownBy(() -> new SpaceSpec("layerwise", new Shape(3, 8, 8), 10).create())
                .hasMessageContaining("16x16");
    }

    @Test
    void refusesInconsistentSpaces() {
        var decision = new Decision("slot1", List.of(Operator.CONV3, Operator.SEP3));
        var spec = new SpaceSpec("broken", new Shape(1, 28, 28), 10);
        assertThatThrownBy(() -> space(spec, decision, List.of(), true)).hasMessageContaining("exactly one group");
        assertThatThrownBy(() -> space(spec, decision, List.of(Group.single(0, 2)), false))
                .hasMessageContaining("slot1 is used nowhere");
        assertThatThrownBy(() -> space(spec, decision, List.of(Group.single(0, 3)), true))
                .hasMessageContaining("has no option 2");
    }

    private static SearchSpace space(SpaceSpec spec, Decision decision, List<Group> groups, boolean used) {
        return new SearchSpace(spec, List.of(decision), groups, i -> true, filling -> {
            var network = new NetworkBuilder(spec.image());
            return network.build(
                    used
                            ? filling.place(network, "slot1", 0, network.image(), 1, 1)
                                    .orElseThrow()
                            : network.relu("relu", network.image()));
        });
    }

    @Test
    void mixesAllOptionsThatAddSomethingAtEveryPosition() {
        spaces().forEach(space -> {
            var mixtures = space.mixture().nodes().stream()
                    .filter(n -> n.layer() instanceof Layer.Mixture)
                    .toList();
            assertThat(mixtures).as(space.name()).hasSameSizeAs(space.positions());
            for (int i = 0; i < mixtures.size(); i++) {
                var mixture = (Layer.Mixture) mixtures.get(i).layer();
                var position = space.positions().get(i);
                var options = space.decisions().get(position.decision()).options();
                assertThat(mixture.decision()).isEqualTo(position.decision());
                assertThat(mixture.options().stream().map(options::get))
                        .containsExactlyElementsOf(
                                options.stream().filter(o -> !o.isAbsent()).toList());
            }
            assertThat(space.mixture().parameters()).containsExactlyInAnyOrderElementsOf(space.parameters());
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "conv3:16x14x14:32:s0",
                "conv3:0x14x14:32:s1",
                "conv3:99999x14x14:32:s1",
                "conv3:16x1024x1025:32:s1",
                "conv3:4096x1024x1024:32:s1",
                "conv9:16x14x14:32:s1",
                "conv3",
                "conv3:16x14x14:32:s1 "
            })
    void refusesHostileSignatures(String text) {
        assertThatThrownBy(() -> OperatorSignature.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsBackItsSignatures() {
        spaces().flatMap(s -> s.signatures().stream())
                .forEach(s -> assertThat(OperatorSignature.parse(s.toString())).isEqualTo(s));
    }
}
