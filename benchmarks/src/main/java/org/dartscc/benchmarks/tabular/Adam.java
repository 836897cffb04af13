package org.dartscc.benchmarks.tabular;

/** Adam (Kingma and Ba, 2015) over one array of parameters. */
final class Adam {
    private static final double BETA1 = .9;
    private static final double BETA2 = .999;

    private final double[] parameters;
    private final double[] gradient;
    private final double[] mean;
    private final double[] square;
    private int steps;

    Adam(double[] parameters) {
        this.parameters = parameters;
        this.gradient = new double[parameters.length];
        this.mean = new double[parameters.length];
        this.square = new double[parameters.length];
    }

    /** Where gradients are added up until the next step. */
    double[] gradient() {
        return gradient;
    }

    void step(double rate) {
        steps++;
        double corrected = rate * Math.sqrt(1 - Math.pow(BETA2, steps)) / (1 - Math.pow(BETA1, steps));
        for (int i = 0; i < parameters.length; i++) {
            mean[i] += (1 - BETA1) * (gradient[i] - mean[i]);
            square[i] += (1 - BETA2) * (gradient[i] * gradient[i] - square[i]);
            parameters[i] -= corrected * mean[i] / (Math.sqrt(square[i]) + 1e-8);
            gradient[i] = 0;
        }
    }
}
