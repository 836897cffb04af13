package org.dartscc.trainer.alpha;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.dartscc.model.artifact.SafeTensors;

/**
 * The architecture parameters of a method: named rows of logits over all options of a space, each trained by an Adam of
 * its own. The logits of a condition are a weighted sum of rows: a single row for one alpha, two knots for a piecewise
 * linear one, all reference points for a radial one.
 */
public final class Alphas {
    private static final double BETA2 = .999;
    private static final double EPSILON = 1e-8;
    private static final String MEAN = ".mean";
    private static final String VARIANCE = ".variance";
    private static final String UPDATES = ".updates";

    private final int size;
    private final Map<String, Row> rows = new LinkedHashMap<>();

    private Alphas(int size) {
        this.size = size;
    }

    /**
     * How a row is updated.
     *
     * @param weightDecay added to the gradient, times the logits
     */
    public record Adam(double learningRate, double beta1, double weightDecay) {}

    /** Floats, so that what is stored is what goes on. */
    private record Row(float[] logits, float[] mean, float[] variance, float[] updates) {}

    /**
     * The rows of a checkpoint.
     *
     * @throws IllegalArgumentException when they are of another size
     */
    public static Alphas of(int size, Map<String, SafeTensors.Tensor> tensors) {
        var alphas = new Alphas(size);
        tensors.keySet().stream()
                .filter(name -> name.endsWith(UPDATES))
                .map(name -> name.substring(0, name.length() - UPDATES.length()))
                .forEach(name -> alphas.rows.put(
                        name,
                        new Row(
                                values(tensors, name, size),
                                values(tensors, name + MEAN, size),
                                values(tensors, name + VARIANCE, size),
                                values(tensors, name + UPDATES, 1))));
        return alphas;
    }

    private static float[] values(Map<String, SafeTensors.Tensor> tensors, String name, int size) {
        var tensor = tensors.get(name);
        if (tensor == null || tensor.values().length != size) {
            throw new IllegalArgumentException("the checkpoint does not hold %d values of %s".formatted(size, name));
        }
        return tensor.values().clone();
    }

    /** Starts a row at random around zero, by the seed and its name; nothing when it is there. */
    public void start(String name, double deviation, long seed) {
        rows.computeIfAbsent(name, n -> {
            var random = new Random(seed * 0x9E3779B97F4A7C15L + n.hashCode());
            var logits = new float[size];
            for (int i = 0; i < size; i++) {
                logits[i] = (float) (deviation * random.nextGaussian());
            }
            return new Row(logits, new float[size], new float[size], new float[1]);
        });
    }

    public boolean has(Collection<String> names) {
        return rows.keySet().containsAll(names);
    }

    /** The weighted sum of rows. */
    public double[] logits(Map<String, Double> weights) {
        var sum = new double[size];
        weights.forEach((name, weight) -> {
            var row = rows.get(name).logits();
            for (int i = 0; i < size; i++) {
                sum[i] += weight * row[i];
            }
        });
        return sum;
    }

    /**
     * One step of Adam for the rows that have weight.
     *
     * @param gradient of the loss by the weighted sum
     * @return whether there was an update: none when the gradient is not finite
     */
    public boolean update(Map<String, Double> weights, double[] gradient, Adam adam) {
        for (double g : gradient) {
            if (!Double.isFinite(g)) {
                return false;
            }
        }
        weights.forEach((name, weight) -> {
            if (weight != 0) {
                update(rows.get(name), weight, gradient, adam);
            }
        });
        return true;
    }

    private void update(Row row, double weight, double[] gradient, Adam adam) {
        double updates = ++row.updates()[0];
        double meanLeft = 1 - Math.pow(adam.beta1(), updates);
        double varianceLeft = 1 - Math.pow(BETA2, updates);
        for (int i = 0; i < size; i++) {
            double g = weight * gradient[i] + adam.weightDecay() * row.logits()[i];
            row.mean()[i] = (float) (adam.beta1() * row.mean()[i] + (1 - adam.beta1()) * g);
            row.variance()[i] = (float) (BETA2 * row.variance()[i] + (1 - BETA2) * g * g);
            double step = row.mean()[i] / meanLeft / (Math.sqrt(row.variance()[i] / varianceLeft) + EPSILON);
            row.logits()[i] -= (float) (adam.learningRate() * step);
        }
    }

    /** Everything to go on from, by name. */
    public Map<String, SafeTensors.Tensor> tensors() {
        var tensors = new LinkedHashMap<String, SafeTensors.Tensor>();
        rows.forEach((name, row) -> {
            tensors.put(name, tensor(row.logits()));
            tensors.put(name + MEAN, tensor(row.mean()));
            tensors.put(name + VARIANCE, tensor(row.variance()));
            tensors.put(name + UPDATES, tensor(row.updates()));
        });
        return tensors;
    }

    private static SafeTensors.Tensor tensor(float[] values) {
        return new SafeTensors.Tensor(List.of((long) values.length), values.clone());
    }
}
