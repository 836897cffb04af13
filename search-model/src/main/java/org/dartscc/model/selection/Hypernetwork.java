package org.dartscc.model.selection;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;

/**
 * The trained hypernetwork alpha(trade-off, device): a perceptron with two hidden layers of ReLU that gives the logits
 * of every option of every decision, for a budget and a device it may never have seen. It is trained in the
 * trainer-worker; this is its forward pass.
 *
 * <p>Input: the budget's position in the device's range of latencies ({@link BudgetScale}), then for every option that
 * is not absent, by decision and option, ln(cost / mean cost), limited to [-4, 4]. Only ratios of costs enter, so that
 * a device that is slower throughout looks the same.
 */
public final class Hypernetwork {
    private static final double LARGEST_LOG_RATIO = 4;

    private final SearchSpace space;
    private final Layer[] layers;

    private Hypernetwork(SearchSpace space, Layer... layers) {
        this.space = space;
        this.layers = layers;
    }

    /**
     * Reads {@code layer1..3.weight} [out, in] and {@code layer1..3.bias} [out].
     *
     * @throws IllegalArgumentException when a tensor is missing, or does not fit the space
     */
    public static Hypernetwork of(SearchSpace space, SafeTensors weights) {
        var hypernetwork = new Hypernetwork(
                space, Layer.of(weights, "layer1"), Layer.of(weights, "layer2"), Layer.of(weights, "layer3"));
        hypernetwork.requireFits();
        return hypernetwork;
    }

    private void requireFits() {
        int in = inputs(space);
        for (var layer : layers) {
            if (layer.inputs() != in) {
                throw new IllegalArgumentException(
                        "a hypernetwork layer takes %d inputs, but gets %d".formatted(layer.inputs(), in));
            }
            in = layer.bias.length;
        }
        if (in != outputs(space)) {
            throw new IllegalArgumentException("the hypernetwork gives %d logits, but the space %s has %d options"
                    .formatted(in, space.name(), outputs(space)));
        }
    }

    /** Number of inputs for a space. */
    public static int inputs(SearchSpace space) {
        return 1
                + (int) space.decisions().stream()
                        .flatMap(d -> d.options().stream())
                        .filter(o -> !o.isAbsent())
                        .count();
    }

    /** Number of logits for a space: all options of all decisions. */
    public static int outputs(SearchSpace space) {
        return space.decisions().stream().mapToInt(d -> d.options().size()).sum();
    }

    /**
     * The input vector.
     *
     * @param budgetPosition in [0, 1]
     * @param optionMicros [decision][option], as {@link CostTable#optionMicros}
     */
    public static float[] encode(SearchSpace space, double budgetPosition, double[][] optionMicros) {
        var input = new float[inputs(space)];
        input[0] = (float) budgetPosition;
        double sum = 0;
        int i = 1;
        for (int d = 0; d < optionMicros.length; d++) {
            for (int o = 0; o < optionMicros[d].length; o++) {
                if (!space.decisions().get(d).options().get(o).isAbsent()) {
                    input[i++] = (float) optionMicros[d][o];
                    sum += optionMicros[d][o];
                }
            }
        }
        double mean = Math.max(sum / (input.length - 1), 1e-9);
        for (i = 1; i < input.length; i++) {
            double ratio = Math.log(Math.max(input[i], 1e-9) / mean);
            input[i] = (float) Math.max(-LARGEST_LOG_RATIO, Math.min(LARGEST_LOG_RATIO, ratio));
        }
        return input;
    }

    /** Logits by [decision][option]. */
    public double[][] logits(double budgetPosition, double[][] optionMicros) {
        var x = encode(space, budgetPosition, optionMicros);
        for (int l = 0; l < layers.length; l++) {
            x = layers[l].forward(x, l < layers.length - 1);
        }
        var logits = new double[optionMicros.length][];
        int i = 0;
        for (int d = 0; d < logits.length; d++) {
            logits[d] = new double[space.decisions().get(d).options().size()];
            for (int o = 0; o < logits[d].length; o++) {
                logits[d][o] = x[i++];
            }
        }
        return logits;
    }

    /** Probability of every assignment of every group: softmax over the sums of its decisions' logits. */
    public double[][] policy(double budgetPosition, double[][] optionMicros) {
        var logits = logits(budgetPosition, optionMicros);
        return space.groups().stream()
                .map(g -> softmax(GroupTables.sums(g, logits)))
                .toArray(double[][]::new);
    }

    /** The most likely architecture for a budget in microseconds on a device. */
    public Genotype mostLikely(double budgetMicros, CostTable costs) {
        var scale = BudgetScale.of(space, costs);
        var policy = policy(scale.position(budgetMicros), costs.optionMicros(space));
        var indices = new int[space.decisions().size()];
        for (int g = 0; g < policy.length; g++) {
            space.assign(indices, g, argmax(policy[g]));
        }
        return space.genotype(indices);
    }

    private static int argmax(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static double[] softmax(double[] logits) {
        double max = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        var probabilities = new double[logits.length];
        for (int k = 0; k < logits.length; k++) {
            probabilities[k] = Math.exp(logits[k] - max);
            sum += probabilities[k];
        }
        for (int k = 0; k < logits.length; k++) {
            probabilities[k] /= sum;
        }
        return probabilities;
    }

    private record Layer(float[] weight, float[] bias) {
        static Layer of(SafeTensors tensors, String name) {
            var weight = tensors.tensor(name + ".weight");
            var bias = tensors.tensor(name + ".bias");
            if (weight.shape().size() != 2
                    || bias.shape().size() != 1
                    || !weight.shape().get(0).equals(bias.shape().get(0))) {
                throw new IllegalArgumentException("the hypernetwork's " + name + " has tensors of shapes "
                        + weight.shape() + " and " + bias.shape());
            }
            return new Layer(weight.values(), bias.values());
        }

        int inputs() {
            return weight.length / Math.max(1, bias.length);
        }

        float[] forward(float[] x, boolean relu) {
            var y = bias.clone();
            for (int o = 0; o < y.length; o++) {
                for (int i = 0; i < x.length; i++) {
                    y[o] += weight[o * x.length + i] * x[i];
                }
                y[o] = relu ? Math.max(0, y[o]) : y[o];
            }
            return y;
        }
    }
}
