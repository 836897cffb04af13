package org.dartscc.model.space;

import java.util.regex.Pattern;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * What a device is asked to measure: an operator at one shape. Two positions of a network with equal signatures cost
 * the same. As text, in JSON and in Kafka keys: {@code KIND:INxHEIGHTxWIDTH:OUT:sSTRIDE}, as
 * {@code conv3:16x14x14:32:s2}. Sizes are bounded, since the text comes from outside.
 */
public record OperatorSignature(Operator operator, int inChannels, int height, int width, int outChannels, int stride) {
    private static final Pattern TEXT =
            Pattern.compile("([a-z0-9_]{1,32}):(\\d{1,5})x(\\d{1,5})x(\\d{1,5}):(\\d{1,5}):s(\\d{1,2})");
    private static final int MAX_SIDE = 1024;
    private static final int MAX_CHANNELS = 4096;
    private static final int MAX_STRIDE = 4;

    public OperatorSignature {
        requireWithin("channels", inChannels, MAX_CHANNELS);
        requireWithin("channels", outChannels, MAX_CHANNELS);
        requireWithin("height", height, MAX_SIDE);
        requireWithin("width", width, MAX_SIDE);
        requireWithin("stride", stride, MAX_STRIDE);
        if ((long) Math.max(inChannels, outChannels) * height * width > 1 << 24) {
            throw new IllegalArgumentException("an operator signature is limited to 2^24 values per feature map");
        }
    }

    private static void requireWithin(String what, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(
                    "%s of an operator signature must be within 1..%d, not %d".formatted(what, max, value));
        }
    }

    @JsonCreator
    public static OperatorSignature parse(String text) {
        var m = TEXT.matcher(text);
        if (!m.matches()) {
            throw new IllegalArgumentException("not an operator signature (KIND:INxHEIGHTxWIDTH:OUT:sSTRIDE): " + text);
        }
        return new OperatorSignature(
                Operator.of(m.group(1)),
                Integer.parseInt(m.group(2)),
                Integer.parseInt(m.group(3)),
                Integer.parseInt(m.group(4)),
                Integer.parseInt(m.group(5)),
                Integer.parseInt(m.group(6)));
    }

    @JsonValue
    @Override
    public String toString() {
        return "%s:%dx%dx%d:%d:s%d".formatted(operator.key(), inChannels, height, width, outChannels, stride);
    }
}
