package org.dartscc.trainer.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

import org.dartscc.model.network.Shape;

/** Reads the idx format of MNIST: big-endian magic and dimensions, then bytes. Sizes are limited before allocation. */
final class Idx {
    private static final int LABELS = 0x0801;
    private static final int IMAGES = 0x0803;
    private static final int MAX_COUNT = 1_000_000;
    private static final int MAX_SIDE = 256;
    private static final long MAX_PIXELS = 1L << 30;

    private Idx() {}

    /**
     * Reads a pair of gzipped files and closes them.
     *
     * @throws IOException when they are no such files, or do not belong together
     */
    static LabelledImages read(InputStream gzippedImages, InputStream gzippedLabels) throws IOException {
        try (var images = open(gzippedImages);
                var labels = open(gzippedLabels)) {
            require(images.readInt() == IMAGES, "not an idx file of images");
            int count = within(images.readInt(), MAX_COUNT);
            int height = within(images.readInt(), MAX_SIDE);
            int width = within(images.readInt(), MAX_SIDE);
            require((long) count * height * width <= MAX_PIXELS, "too many pixels");
            require(labels.readInt() == LABELS, "not an idx file of labels");
            require(labels.readInt() == count, "labels and images differ in number");
            var pixels = exactly(images, count * height * width);
            var classes = exactly(labels, count);
            var indices = new int[count];
            for (int i = 0; i < count; i++) {
                indices[i] = classes[i] & 0xff;
            }
            return new LabelledImages(new Shape(1, height, width), pixels, indices);
        }
    }

    private static DataInputStream open(InputStream gzipped) throws IOException {
        return new DataInputStream(new BufferedInputStream(new GZIPInputStream(gzipped, 1 << 16), 1 << 16));
    }

    private static byte[] exactly(DataInputStream in, int count) throws IOException {
        var bytes = new byte[count];
        in.readFully(bytes);
        require(in.read() < 0, "bytes after its end");
        return bytes;
    }

    private static int within(int value, int max) throws IOException {
        require(value >= 1 && value <= max, "a dimension of " + value);
        return value;
    }

    private static void require(boolean condition, String otherwise) throws IOException {
        if (!condition) {
            throw new IOException("idx: " + otherwise);
        }
    }
}
