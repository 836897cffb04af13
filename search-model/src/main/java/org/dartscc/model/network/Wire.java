package org.dartscc.model.network;

import java.util.List;

/** Sizes of what an ONNX file consists of, in Protocol Buffers' encoding; every tag below 16 takes one byte. */
final class Wire {
    private static final int TAG = 1;
    private static final int LONG_TAG = 2;
    private static final int BITS = 7;

    private Wire() {}

    static long varint(long value) {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + BITS - 1) / BITS);
    }

    /** A message, a text or bytes of that many bytes as a field. */
    static long message(long size) {
        return TAG + varint(size) + size;
    }

    /** ASCII only. */
    static long text(String text) {
        return message(text.length());
    }

    private static long attributeOf(String name, long value) {
        int type = LONG_TAG + 1;
        return message(text(name) + value + type);
    }

    static long attribute(String name, int value) {
        return attributeOf(name, TAG + varint(value));
    }

    static long floatAttribute(String name) {
        return attributeOf(name, TAG + Float.BYTES);
    }

    static long attribute(String name, List<Integer> values) {
        return attributeOf(name, values.stream().mapToLong(v -> TAG + varint(v)).sum());
    }

    /** A constant tensor: dimensions, type, name and raw data. */
    static long tensor(String name, List<Long> shape, int elementBytes) {
        long elements = shape.stream().reduce(1L, Math::multiplyExact);
        return shape.stream().mapToLong(d -> TAG + varint(d)).sum()
                + TAG
                + 1
                + text(name)
                + message(elements * elementBytes);
    }

    /** An input or output [N, dimensions...] of float32, with a text of that length. */
    static long value(String name, int textBytes, int... dimensions) {
        long shape = message(text("N"));
        for (int dimension : dimensions) {
            shape += message(TAG + varint(dimension));
        }
        long tensorType = TAG + 1 + message(shape);
        return text(name) + message(message(tensorType)) + message(textBytes);
    }
}
