package org.dartscc.onnx;

import java.util.List;

import org.dartscc.model.message.DatasetInfo;

/** Pixels in [0, 1] to what a network is trained on: (pixel - mean) / std, for each channel. */
record Normalisation(float[] mean, float[] std) {

    /** @throws IllegalArgumentException when the data set's values do not fit its images or can't be divided by */
    static Normalisation of(DatasetInfo dataset) {
        int channels = dataset.image().channels();
        if (dataset.mean().size() != channels || dataset.std().size() != channels) {
            throw new IllegalArgumentException("the data set %s has %d means and %d deviations for %d channels"
                    .formatted(
                            dataset.name(), dataset.mean().size(), dataset.std().size(), channels));
        }
        var normalisation = new Normalisation(floats(dataset.mean()), floats(dataset.std()));
        for (int c = 0; c < channels; c++) {
            if (!Float.isFinite(normalisation.mean[c]) || !(normalisation.std[c] > 0)) {
                throw new IllegalArgumentException("the data set %s can't be normalised by mean %s and deviation %s"
                        .formatted(dataset.name(), dataset.mean(), dataset.std()));
            }
        }
        return normalisation;
    }

    /** For networks whose weights, and so whose images, do not matter. */
    static Normalisation arbitrary(int channels) {
        var mean = new float[channels];
        var std = new float[channels];
        java.util.Arrays.fill(mean, .5f);
        java.util.Arrays.fill(std, .25f);
        return new Normalisation(mean, std);
    }

    private static float[] floats(List<Double> values) {
        var floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return floats;
    }
}
