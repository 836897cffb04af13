package org.dartscc.trainer.data;

import org.dartscc.model.message.DatasetInfo;

/** From bytes to floats: scaled to [0, 1], or normalised per channel with the training images' mean and deviation. */
public final class Pixels {
    private static final int LEVELS = 256;

    private final float[][] normalised;

    Pixels(DatasetInfo info) {
        normalised = new float[info.image().channels()][LEVELS];
        for (int c = 0; c < normalised.length; c++) {
            float mean = info.mean().get(c).floatValue();
            float std = info.std().get(c).floatValue();
            for (int level = 0; level < LEVELS; level++) {
                normalised[c][level] = (scaled(level) - mean) / std;
            }
        }
    }

    private static float scaled(int level) {
        return level / 255f;
    }

    /** Normalised images [indices.length, channels, height, width]; those marked are mirrored left to right. */
    public float[] normalised(LabelledImages images, int[] indices, boolean[] mirrored) {
        var shape = images.shape();
        int width = shape.width();
        int length = (int) shape.elements();
        var out = new float[indices.length * length];
        int to = 0;
        for (int i = 0; i < indices.length; i++) {
            int from = indices[i] * length;
            for (int c = 0; c < shape.channels(); c++) {
                for (int y = 0; y < shape.height(); y++, from += width) {
                    for (int x = 0; x < width; x++) {
                        int column = mirrored[i] ? width - 1 - x : x;
                        out[to++] = normalised[c][images.pixels()[from + column] & 0xff];
                    }
                }
            }
        }
        return out;
    }

    /** Normalised images from (inclusive) to (exclusive). */
    public float[] normalised(LabelledImages images, int from, int to) {
        var indices = new int[to - from];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = from + i;
        }
        return normalised(images, indices, new boolean[indices.length]);
    }

    /** Images with pixels in [0, 1], as a shipped model takes them. */
    public static float[] scaled(LabelledImages images) {
        var out = new float[images.pixels().length];
        for (int i = 0; i < out.length; i++) {
            out[i] = scaled(images.pixels()[i] & 0xff);
        }
        return out;
    }
}
