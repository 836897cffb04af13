package org.dartscc.trainer.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.dartscc.model.message.DatasetInfo;

/** Sets training images aside for validation: the same share of every class, drawn by the seed. */
final class Split {
    private static final int LARGEST_VALIDATION = 5_000;
    private static final double VALIDATION_SHARE = 1 / 8.0;

    private Split() {}

    static Dataset of(Source source, long seed) {
        int classes = source.classNames().size();
        double share = Math.min(
                VALIDATION_SHARE, (double) LARGEST_VALIDATION / source.train().size());
        var parts = draw(source.train().labels(), classes, share, seed);
        if (parts.drawn().length == 0 || parts.rest().length == 0) {
            throw new UnusableDatasetException(source.name() + " has only "
                    + source.train().size() + " training images; that is too few to set some aside for validation");
        }
        var train = source.train().subset(parts.rest());
        var validation = source.train().subset(parts.drawn());
        var statistics = ChannelStatistics.of(train);
        var info = new DatasetInfo(
                source.name(),
                train.shape(),
                source.classNames(),
                statistics.mean(),
                statistics.std(),
                train.size(),
                validation.size(),
                source.test().size(),
                seed);
        return new Dataset(info, train, validation, source.test());
    }

    /** Indices in ascending order: those drawn, and the rest. */
    record Parts(int[] drawn, int[] rest) {}

    /** Draws the given share of each class, rounded. */
    static Parts draw(int[] labels, int classes, double share, long seed) {
        var random = new Random(seed);
        var drawn = new ArrayList<Integer>();
        var rest = new ArrayList<Integer>();
        for (int c = 0; c < classes; c++) {
            int wanted = c;
            var ofClass = new ArrayList<>(IntStream.range(0, labels.length)
                    .filter(i -> labels[i] == wanted)
                    .boxed()
                    .toList());
            Collections.shuffle(ofClass, random);
            int count = (int) Math.round(share * ofClass.size());
            drawn.addAll(ofClass.subList(0, count));
            rest.addAll(ofClass.subList(count, ofClass.size()));
        }
        return new Parts(ascending(drawn), ascending(rest));
    }

    private static int[] ascending(List<Integer> indices) {
        return indices.stream().mapToInt(Integer::intValue).sorted().toArray();
    }

    private record ChannelStatistics(List<Double> mean, List<Double> std) {

        static ChannelStatistics of(LabelledImages images) {
            var shape = images.shape();
            int plane = shape.height() * shape.width();
            var mean = new ArrayList<Double>();
            var std = new ArrayList<Double>();
            for (int c = 0; c < shape.channels(); c++) {
                double sum = 0;
                double squares = 0;
                for (int i = 0; i < images.size(); i++) {
                    int from = (i * shape.channels() + c) * plane;
                    for (int p = from; p < from + plane; p++) {
                        double value = (images.pixels()[p] & 0xff) / 255.0;
                        sum += value;
                        squares += value * value;
                    }
                }
                double count = (double) images.size() * plane;
                double average = sum / count;
                mean.add(average);
                // A channel that never changes must not divide by zero.
                std.add(Math.max(1e-3, Math.sqrt(Math.max(0, squares / count - average * average))));
            }
            return new ChannelStatistics(mean, std);
        }
    }
}
