package org.dartscc.model.space;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A user's own space: a chain of slots after a stem, as in {@code layerwise}, or cells as in {@code dartscc-toy-5}.
 * Exactly one of {@code layers} and {@code cells} is given. Sizes are bounded, since definitions come from outside.
 *
 * @param name as the user calls it; not that of a registered space
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SpaceDefinition(String name, Layers layers, Cells cells) {
    public static final int MOST_SLOTS = 64;
    public static final int MOST_CHANNELS = 1024;
    public static final int MOST_CELLS = 32;

    /** The last cells are as many times as wide as the first. */
    private static final int WIDENING = 4;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final int DIGITS = 12;

    /** A 3x3 convolution, then slots. */
    public record Layers(Stem stem, List<Slot> slots) {
        public Layers {
            slots = List.copyOf(slots);
            require(
                    !slots.isEmpty() && slots.size() <= MOST_SLOTS,
                    "a space has 1 to %d slots, not %d".formatted(MOST_SLOTS, slots.size()));
            require(stem != null, "a space of slots needs a stem");
        }
    }

    public record Stem(int channels, int stride) {
        public Stem {
            requireChannels("the stem", channels);
            requireStride("the stem", stride);
        }
    }

    /** @param options names of operators, each once */
    public record Slot(int channels, int stride, List<String> options) {
        public Slot {
            options = requireOptions("a slot", options);
            requireChannels("a slot", channels);
            requireStride("a slot", stride);
        }
    }

    /**
     * Cells of four nodes and 14 edges, each of which takes one of the options; reduction cells, which double the width,
     * at 1/3 and 2/3 of the depth.
     *
     * @param channels of the first cells
     * @param count of cells
     */
    public record Cells(int channels, int count, List<String> options) {
        public Cells {
            options = requireOptions("a cell", options);
            require(
                    channels >= 2 && WIDENING * channels <= MOST_CHANNELS && channels % 2 == 0,
                    "cells begin with an even number of channels up to %d, not %d"
                            .formatted(MOST_CHANNELS / WIDENING, channels));
            require(
                    count >= 1 && count <= MOST_CELLS,
                    "a space has 1 to %d cells, not %d".formatted(MOST_CELLS, count));
            for (var option : options) {
                require(!Operator.of(option).isAbsent(), "a cell has no option " + option + ": no edge is left out");
            }
        }
    }

    public SpaceDefinition {
        require(
                name != null && NAME.matcher(name).matches(),
                "a space's name must be like my-space-2, not \"" + name + "\"");
        require(!Spaces.names().contains(name), "there is a space " + name + " already; give yours another name");
        require((layers == null) != (cells == null), "a space needs either slots or cells");
    }

    private static List<String> requireOptions(String where, List<String> options) {
        require(options != null && options.size() >= 2, where + " needs at least two options");
        options.forEach(Operator::of);
        require(options.stream().distinct().count() == options.size(), where + " has an option twice: " + options);
        return List.copyOf(options);
    }

    private static void requireChannels(String where, int channels) {
        require(
                channels >= 2 && channels <= MOST_CHANNELS && channels % 2 == 0,
                "%s has an even number of channels up to %d, not %d".formatted(where, MOST_CHANNELS, channels));
    }

    private static void requireStride(String where, int stride) {
        require(stride == 1 || stride == 2, "%s has stride 1 or 2, not %d".formatted(where, stride));
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** The name with a digest of everything else: definitions that differ have different ids. */
    @JsonIgnore
    public String id() {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(toString().getBytes(StandardCharsets.UTF_8));
            return name + "@" + HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** What is allowed, but makes latencies harder to predict; for the user to read. */
    @JsonIgnore
    public List<String> warnings() {
        var odd = new ArrayList<String>();
        if (layers != null) {
            addUneven(odd, "the stem", layers.stem().channels());
            for (int s = 0; s < layers.slots().size(); s++) {
                addUneven(odd, "slot " + (s + 1), layers.slots().get(s).channels());
            }
        } else {
            addUneven(odd, "the first cells", cells.channels());
        }
        return odd;
    }

    private static void addUneven(List<String> warnings, String where, int channels) {
        if (channels % 16 != 0) {
            warnings.add("%s: %d channels are no multiple of 16, so that latencies are not additive there"
                    .formatted(where, channels));
        }
    }

    SearchSpace create(SpaceSpec spec) {
        if (cells != null) {
            return DartsSpace.everyEdge(spec, cells.channels(), cells.count(), operators(cells.options()));
        }
        return LayerwiseSpace.create(
                spec,
                layers.stem(),
                layers.slots().stream()
                        .map(s -> new LayerwiseSpace.Slot(s.channels(), s.stride(), operators(s.options())))
                        .toList());
    }

    private static List<Operator> operators(List<String> keys) {
        return keys.stream().map(Operator::of).toList();
    }
}
