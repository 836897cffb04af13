package org.dartscc.benchmarks.tabular;

import java.util.Random;

/** A fully connected layer, trained by Adam: y = W x + b. */
final class Layer {
    private final int inputs;
    private final int outputs;
    private final double[] parameters;
    private final Adam adam;

    Layer(int inputs, int outputs, double deviation, Random random) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.parameters = new double[outputs * (inputs + 1)];
        this.adam = new Adam(parameters);
        for (int i = 0; i < outputs * inputs; i++) {
            parameters[i] = deviation * random.nextGaussian();
        }
    }

    double[] forward(double[] x) {
        var y = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            double sum = parameters[outputs * inputs + o];
            for (int i = 0; i < inputs; i++) {
                sum += parameters[o * inputs + i] * x[i];
            }
            y[o] = sum;
        }
        return y;
    }

    /** Adds up the gradients for one example, and gives that by its input. */
    double[] backward(double[] x, double[] byOutput) {
        var gradient = adam.gradient();
        var byInput = new double[inputs];
        for (int o = 0; o < outputs; o++) {
            gradient[outputs * inputs + o] += byOutput[o];
            for (int i = 0; i < inputs; i++) {
                gradient[o * inputs + i] += byOutput[o] * x[i];
                byInput[i] += byOutput[o] * parameters[o * inputs + i];
            }
        }
        return byInput;
    }

    void step(double rate) {
        adam.step(rate);
    }
}
