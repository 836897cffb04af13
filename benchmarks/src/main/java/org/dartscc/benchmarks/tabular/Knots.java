package org.dartscc.benchmarks.tabular;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The logits of DARTS-CC, piecewise linear in the trade-off, with knots that a hypernetwork gives for the device:
 * alpha(x, d) = (1 - u) W_k h(d) + u W_(k+1) h(d) between knots k and k + 1, h(d) = (d, ReLU(V d)). The condition is the
 * trade-off's place x in [0, 1], then the device's features d.
 */
final class Knots implements Policy {
    private final Layer hidden;
    private final Layer[] knots;

    /** @param features of a device */
    Knots(int features, int hiddenUnits, int count, Random random) {
        hidden = new Layer(features, hiddenUnits, Math.sqrt(2.0 / features), random);
        knots = IntStream.range(0, count)
                .mapToObj(k -> new Layer(features + hiddenUnits, LOGITS, .01, random))
                .toArray(Layer[]::new);
    }

    private double position(double[] condition) {
        return condition[0] * (knots.length - 1);
    }

    private int below(double[] condition) {
        return Math.min(knots.length - 2, (int) position(condition));
    }

    private static double[] features(double[] condition) {
        return Arrays.copyOfRange(condition, 1, condition.length);
    }

    private double[] represented(double[] features) {
        var units = hidden.forward(features);
        var all = Arrays.copyOf(features, features.length + units.length);
        for (int i = 0; i < units.length; i++) {
            all[features.length + i] = Math.max(0, units[i]);
        }
        return all;
    }

    @Override
    public double[] logits(double[] condition) {
        int k = below(condition);
        double share = position(condition) - k;
        var represented = represented(features(condition));
        var logits = new double[LOGITS];
        Vectors.addTo(logits, knots[k].forward(represented), 1 - share);
        Vectors.addTo(logits, knots[k + 1].forward(represented), share);
        return logits;
    }

    @Override
    public void backward(double[] condition, double[] byLogits) {
        int k = below(condition);
        double share = position(condition) - k;
        var features = features(condition);
        var represented = represented(features);
        var byRepresented = knots[k].backward(represented, scaled(byLogits, 1 - share));
        Vectors.addTo(byRepresented, knots[k + 1].backward(represented, scaled(byLogits, share)), 1);
        var byHidden = Arrays.copyOfRange(byRepresented, features.length, represented.length);
        for (int i = 0; i < byHidden.length; i++) {
            byHidden[i] = represented[features.length + i] > 0 ? byHidden[i] : 0;
        }
        hidden.backward(features, byHidden);
    }

    private static double[] scaled(double[] values, double factor) {
        return Arrays.stream(values).map(v -> factor * v).toArray();
    }

    @Override
    public void step(double rate) {
        hidden.step(rate);
        for (var knot : knots) {
            knot.step(rate);
        }
    }
}
