package org.dartscc.model.network;

/** Shape of one feature map without the batch dimension: [channels, height, width]. */
public record Shape(int channels, int height, int width) {
    public Shape {
        if (channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException(
                    "a shape needs positive sizes, not [%d, %d, %d]".formatted(channels, height, width));
        }
    }

    /** Number of values in one feature map. */
    public long elements() {
        return (long) channels * height * width;
    }

    @Override
    public String toString() {
        return channels + "x" + height + "x" + width;
    }
}
