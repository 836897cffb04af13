package org.dartscc.orchestrator.search;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.dartscc.model.network.Shape;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.SpaceSpec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SpaceYamlTest {
    private static final Shape IMAGE = new Shape(1, 28, 28);

    @Test
    void theDocumentedSpaceIsOneOfNineSlots() throws Exception {
        var definition = SpaceYaml.parse(Files.readString(Path.of("../docs/examples/my-space.yaml")));
        var space = SpaceSpec.of(definition, IMAGE, 10).create();

        assertThat(definition.warnings()).isEmpty();
        assertThat(space.decisions()).hasSize(9);
        assertThat(space.positions()).extracting(p -> p.stride()).containsExactly(1, 1, 2, 1, 1, 2, 1, 1, 1);
        assertThat(space.decisions().get(8).options()).containsExactly(Operator.SKIP, Operator.SEP3, Operator.SEP5);
        assertThat(space.cheapest().toString())
                .startsWith("my-space@")
                .endsWith("/skip,skip,skip,skip,skip,skip,skip,skip,skip");
    }

    @Test
    void theDocumentedCellsHaveADecisionForEveryEdge() throws Exception {
        var definition = SpaceYaml.parse(Files.readString(Path.of("../docs/examples/my-cells.yaml")));
        var space = SpaceSpec.of(definition, IMAGE, 10).create();

        assertThat(space.decisions()).hasSize(28);
        assertThat(space.isValid(space.cheapest())).isTrue();
    }

    @Test
    void aDefinitionThatDiffersIsAnotherSpace() {
        var one = SpaceYaml.parse(slot("channels: 32, options: [skip, conv3]"));
        var other = SpaceYaml.parse(slot("channels: 32, options: [conv3, skip]"));

        assertThat(one.name()).isEqualTo(other.name());
        assertThat(one.id()).isNotEqualTo(other.id());
        var genotype = SpaceSpec.of(one, IMAGE, 10).create().cheapest();
        assertThatThrownBy(() -> SpaceSpec.of(other, IMAGE, 10).create().indices(genotype))
                .hasMessageContaining("is not a genotype of the space my-space@");
        assertThatThrownBy(() -> new SpaceSpec(one.id(), IMAGE, 10, other))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatMakesLatenciesHardToPredictIsWarnedOf() {
        assertThat(SpaceYaml.parse(slot("channels: 20, options: [skip, conv3]")).warnings())
                .containsExactly("slot 1: 20 channels are no multiple of 16, so that latencies are not additive there");
    }

    /** Name, stem, and one slot on line 4. */
    private static String slot(String fields) {
        return "name: my-space\nstem: {channels: 16, stride: 2}\nslots:\n  - {" + fields + "}\n";
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("", "line 1: the definition is empty"),
                Arguments.of("- a\n", "line 1: a space must have fields: cells, name, options, slots, stem"),
                Arguments.of("name: my-space\nstem: [\n", "line 3: no YAML"),
                Arguments.of(
                        "name: my-space\nstems: {channels: 16}\n", "line 2: a space has no field stems; known are"),
                Arguments.of("name: my-space\nname: b\n", "line 2: the field name comes twice"),
                Arguments.of(
                        "name: My Space\ncells: {channels: 16, count: 3, options: [skip_connect, sep3]}",
                        "must be like"),
                Arguments.of("name: darts\ncells: {channels: 16, count: 3, options: [skip_connect, sep3]}", "already"),
                Arguments.of("name: my-space\nslots: []\n", "line 1: a space needs the field stem"),
                Arguments.of(
                        "name: my-space\nstem: {channels: 16}\nslots: []\n",
                        "line 1: a space has 1 to 64 slots, not 0"),
                Arguments.of("name: my-space\nstem: {channels: 16}\nslots: 3\n", "line 3: slots must be a list"),
                Arguments.of(
                        "name: my-space\nstem:\n  channels: many\n",
                        "line 3: channels must be a whole number, not many"),
                Arguments.of(
                        "name: my-space\nstem:\n  channels: 15\n", "line 3: the stem has an even number of channels"),
                Arguments.of(slot("channels: 32"), "line 4: a slot needs options"),
                Arguments.of(slot("channels: 32, options: [skip]"), "line 4: a slot needs at least two options"),
                Arguments.of(
                        slot("channels: 32, options: [skip, conv9]"),
                        "line 4: there is no operator \"conv9\"; known are none, skip,"),
                Arguments.of(slot("channels: 32, options: [skip, skip]"), "line 4: the option skip comes twice"),
                Arguments.of(
                        slot("channels: 32, stride: 3, options: [skip, sep3]"),
                        "line 4: a slot has stride 1 or 2, not 3"),
                Arguments.of(
                        slot("channels: 4096, options: [skip, sep3]"),
                        "line 4: a slot has an even number of channels up to"),
                Arguments.of(
                        slot("channels: 32, repeat: 65, options: [skip, sep3]"), "line 4: a space has 1 to 64 slots"),
                Arguments.of(
                        "name: my-space\ncells: {channels: 16, count: 3, options: [none, sep3]}",
                        "line 2: a cell has no"),
                Arguments.of(
                        "name: my-space\ncells: {channels: 300, count: 3, options: [sep3, sep5]}",
                        "line 2: cells begin with an even number of channels up to 256, not 300"),
                Arguments.of(
                        "name: my-space\nstem: {channels: 16}\ncells: {channels: 16, count: 3, options: [sep3, sep5]}",
                        "line 2"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void whatIsWrongIsToldWithItsLine(String text, String message) {
        assertThatThrownBy(() -> SpaceYaml.parse(text))
                .isInstanceOf(SpaceYaml.WrongSpaceException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "!!java.lang.ProcessBuilder [[\"touch\", \"x\"]]",
                "a: &a [x, x]\nb: [*a, *a]",
                "[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]"
            })
    void hostileTextIsRefused(String text) {
        assertThatThrownBy(() -> SpaceYaml.parse(text)).isInstanceOf(SpaceYaml.WrongSpaceException.class);
    }

    @Test
    void imagesThatAreTooSmallAreRefusedWithTheSlot() {
        var definition =
                SpaceYaml.parse("name: my-space\nstem: {channels: 16, stride: 2}\noptions: [skip, sep3]\nslots:\n"
                        + "  - {channels: 16, stride: 2}\n".repeat(6));

        assertThatThrownBy(() -> SpaceSpec.of(definition, IMAGE, 10).create())
                .hasMessageContaining("slot 5 of the space my-space@")
                .hasMessageContaining("halves maps of 1x1");
    }
}
