package org.dartscc.benchmarks.fidelity;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Random splits of the networks into those of the calibration and those that are judged, the same for every method. */
final class Splits {
    private final List<Observation> networks;
    private final List<List<Integer>> orders = new ArrayList<>();
    private final int calibration;

    Splits(List<Observation> networks, int calibration, int count, long seed) {
        this.networks = networks;
        this.calibration = calibration;
        var random = new Random(seed);
        for (int s = 0; s < count; s++) {
            var order =
                    new ArrayList<>(IntStream.range(0, networks.size()).boxed().toList());
            Collections.shuffle(order, random);
            orders.add(order);
        }
    }

    /**
     * What came of all splits.
     *
     * @param scores one for each split
     * @param predictedMicros mean prediction of each network over the splits that judged it
     */
    record Result(List<Score> scores, double[] predictedMicros) {}

    Result judge(Predictor predictor) {
        var scores = new ArrayList<Score>();
        var sums = new double[networks.size()];
        var counts = new int[networks.size()];
        for (var order : orders) {
            var prediction = predictor.fit(
                    order.subList(0, calibration).stream().map(networks::get).toList());
            var judged = order.subList(calibration, order.size());
            var predicted = judged.stream()
                    .mapToDouble(i -> prediction.applyAsDouble(networks.get(i)))
                    .toArray();
            var truth = judged.stream()
                    .mapToDouble(i -> networks.get(i).truthMicros())
                    .toArray();
            scores.add(Score.of(predicted, truth));
            for (int j = 0; j < predicted.length; j++) {
                sums[judged.get(j)] += predicted[j];
                counts[judged.get(j)]++;
            }
        }
        Arrays.setAll(sums, i -> counts[i] == 0 ? Double.NaN : sums[i] / counts[i]);
        return new Result(scores, sums);
    }
}
