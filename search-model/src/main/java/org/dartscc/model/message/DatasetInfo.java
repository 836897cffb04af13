package org.dartscc.model.message;

import java.util.List;

import org.dartscc.model.network.Shape;

/**
 * What a trainer found in a data set, and a model needs to know of it.
 *
 * @param image shape of one image
 * @param mean per-channel mean of the training pixels in [0, 1]
 * @param std per-channel standard deviation of the training pixels in [0, 1]
 */
public record DatasetInfo(
        String name,
        Shape image,
        List<String> classNames,
        List<Double> mean,
        List<Double> std,
        int trainImages,
        int validationImages,
        int testImages,
        long splitSeed) {
    public DatasetInfo {
        classNames = List.copyOf(classNames);
        mean = List.copyOf(mean);
        std = List.copyOf(std);
    }
}
