package org.dartscc.orchestrator.search;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

import org.dartscc.model.space.Operator;
import org.dartscc.model.space.SpaceDefinition;

/** A user's own space as YAML (docs/spaces.md). Whatever is wrong is told with its line; only plain data is taken. */
final class SpaceYaml {
    private static final int MOST_CHARACTERS = 100_000;

    private SpaceYaml() {}

    /** A definition that can't be used; the message starts with its line. */
    static final class WrongSpaceException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WrongSpaceException(int line, String message) {
            super("line " + line + ": " + message);
        }
    }

    /** @throws WrongSpaceException when the text is no definition of a space */
    static SpaceDefinition parse(String text) {
        var root = Fields.of("a space", compose(text), Set.of("name", "stem", "options", "slots", "cells"));
        var name = root.text("name");
        if (root.has("cells")) {
            var cells = cells(Fields.of("cells", root.get("cells"), Set.of("channels", "count", "options")));
            for (var other : List.of("stem", "slots", "options")) {
                if (root.has(other)) {
                    throw wrong(root.get(other), "a space of cells has no " + other + " of its own");
                }
            }
            return at(root.node, () -> new SpaceDefinition(name, null, cells));
        }
        var stem = stem(Fields.of("the stem", root.get("stem"), Set.of("channels", "stride")));
        var common = root.has("options") ? options(root.get("options")) : null;
        var slots = slots(sequence("slots", root.get("slots")), common);
        return at(root.node, () -> new SpaceDefinition(name, new SpaceDefinition.Layers(stem, slots), null));
    }

    private static Node compose(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new WrongSpaceException(1, "a definition has at most %d characters".formatted(MOST_CHARACTERS));
        }
        var options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(10);
        try {
            var node = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            if (node == null) {
                throw new WrongSpaceException(1, "the definition is empty");
            }
            return node;
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            throw new WrongSpaceException(mark == null ? 1 : mark.getLine() + 1, "no YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new WrongSpaceException(1, "no YAML: " + e.getMessage());
        }
    }

    private static SpaceDefinition.Stem stem(Fields fields) {
        int channels = fields.number("channels");
        int stride = fields.has("stride") ? fields.number("stride") : 1;
        return at(fields.node, () -> new SpaceDefinition.Stem(channels, stride));
    }

    private static SpaceDefinition.Cells cells(Fields fields) {
        int channels = fields.number("channels");
        int count = fields.number("count");
        var options = options(fields.get("options"));
        return at(fields.node, () -> new SpaceDefinition.Cells(channels, count, options));
    }

    private static List<SpaceDefinition.Slot> slots(SequenceNode all, List<String> common) {
        var slots = new ArrayList<SpaceDefinition.Slot>();
        for (var node : all.getValue()) {
            var fields = Fields.of("a slot", node, Set.of("channels", "stride", "repeat", "options"));
            int channels = fields.number("channels");
            int stride = fields.has("stride") ? fields.number("stride") : 1;
            int repeat = fields.has("repeat") ? fields.number("repeat") : 1;
            if (repeat < 1 || slots.size() + repeat > SpaceDefinition.MOST_SLOTS) {
                throw wrong(
                        fields.has("repeat") ? fields.get("repeat") : node,
                        "a space has 1 to %d slots, repeated ones counted".formatted(SpaceDefinition.MOST_SLOTS));
            }
            if (!fields.has("options") && common == null) {
                throw wrong(node, "a slot needs options, its own or those of the space");
            }
            var options = fields.has("options") ? options(fields.get("options")) : common;
            for (int i = 0; i < repeat; i++) {
                // Only the first of repeated slots changes the size.
                int own = i == 0 ? stride : 1;
                slots.add(at(node, () -> new SpaceDefinition.Slot(channels, own, options)));
            }
        }
        return slots;
    }

    private static List<String> options(Node node) {
        var options = new ArrayList<String>();
        for (var option : sequence("options", node).getValue()) {
            var key = scalar("an option", option);
            at(option, () -> Operator.of(key));
            if (options.contains(key)) {
                throw wrong(option, "the option " + key + " comes twice");
            }
            options.add(key);
        }
        return options;
    }

    private static SequenceNode sequence(String what, Node node) {
        if (node instanceof SequenceNode sequence) {
            return sequence;
        }
        throw wrong(node, what + " must be a list");
    }

    private static String scalar(String what, Node node) {
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw wrong(node, what + " must be a single value");
    }

    /** What the definition itself objects to, with the line of what it objects to. */
    private static <T> T at(Node node, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw wrong(node, e.getMessage());
        }
    }

    private static WrongSpaceException wrong(Node node, String message) {
        return new WrongSpaceException(node.getStartMark().getLine() + 1, message);
    }

    /** A mapping with some of the known fields. */
    private record Fields(String what, Node node, Map<String, Node> values) {

        static Fields of(String what, Node node, Set<String> known) {
            if (!(node instanceof MappingNode mapping)) {
                throw wrong(node, what + " must have fields: " + String.join(", ", new TreeSet<>(known)));
            }
            var values = new LinkedHashMap<String, Node>();
            for (var pair : mapping.getValue()) {
                var key = scalar("the name of a field", pair.getKeyNode());
                if (!known.contains(key)) {
                    throw wrong(
                            pair.getKeyNode(),
                            "%s has no field %s; known are %s"
                                    .formatted(what, key, String.join(", ", new TreeSet<>(known))));
                }
                if (values.put(key, pair.getValueNode()) != null) {
                    throw wrong(pair.getKeyNode(), "the field " + key + " comes twice");
                }
            }
            return new Fields(what, node, values);
        }

        boolean has(String field) {
            return values.containsKey(field);
        }

        Node get(String field) {
            if (!has(field)) {
                throw wrong(node, what + " needs the field " + field);
            }
            return values.get(field);
        }

        String text(String field) {
            return scalar(field, get(field));
        }

        int number(String field) {
            var text = text(field);
            try {
                return Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw wrong(get(field), "%s must be a whole number, not %s".formatted(field, text));
            }
        }
    }
}
