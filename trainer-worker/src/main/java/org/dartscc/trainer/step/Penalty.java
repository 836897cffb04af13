package org.dartscc.trainer.step;

/** What an architecture's cost adds to the loss that alpha is trained on. */
interface Penalty {
    /**
     * How the loss changes.
     *
     * @param loss with the cost
     * @param factor of the cross-entropy's gradient
     * @param byWeights gradient of the rest by the relaxed weights
     * @param byProbabilities gradient of the rest by softmax(alpha)
     */
    record Effect(double loss, double factor, double[] byWeights, double[] byProbabilities) {}

    /**
     * @param weights of the mixture, as drawn
     * @param probabilities softmax(alpha)
     */
    Effect at(double crossEntropy, double[] weights, double[] probabilities);

    /** Cross-entropy alone. */
    static Penalty none() {
        return (crossEntropy, weights, probabilities) ->
                new Effect(crossEntropy, 1, new double[weights.length], new double[weights.length]);
    }

    /** Cross-entropy + E[cost]; the expectation is by softmax(alpha), without noise or temperature. */
    static Penalty expected(double[] cost) {
        return (crossEntropy, weights, probabilities) ->
                new Effect(crossEntropy + dot(cost, probabilities), 1, new double[weights.length], cost);
    }

    /**
     * FBNet's loss (Wu et al., CVPR 2019, equation 2): cross-entropy x a log(LAT)^b, LAT = fixed + sum of the drawn
     * weights times the table's costs, in microseconds.
     */
    static Penalty fbnet(double fixedMicros, double[] micros, double a, double b) {
        return (crossEntropy, weights, probabilities) -> {
            double latency = fixedMicros + dot(micros, weights);
            // Below, the logarithm would be negative, and its power no number.
            double log = Math.log(Math.max(latency, LEAST_MICROS));
            double factor = a * Math.pow(log, b);
            double slope = latency > LEAST_MICROS ? crossEntropy * a * b * Math.pow(log, b - 1) / latency : 0;
            var byWeights = new double[micros.length];
            for (int i = 0; i < micros.length; i++) {
                byWeights[i] = slope * micros[i];
            }
            return new Effect(crossEntropy * factor, factor, byWeights, new double[micros.length]);
        };
    }

    double LEAST_MICROS = 1.5;

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
