package org.dartscc.onnx;

import java.util.Arrays;
import java.util.Random;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.network.Parameter;

/** Where a network's values come from. */
@FunctionalInterface
interface Weights {
    /** The values of a parameter, row-major; not to be changed. */
    float[] of(Parameter parameter);

    /**
     * Trained weights.
     *
     * @throws IllegalArgumentException from {@link #of} when a tensor is missing, has another shape, or holds a value
     *     that is not finite
     */
    static Weights trained(SafeTensors weights) {
        return parameter -> {
            var tensor = weights.tensors().get(parameter.name());
            if (tensor == null) {
                throw new IllegalArgumentException("the weights lack the tensor " + parameter.name());
            }
            if (!tensor.shape().equals(parameter.shape())) {
                throw new IllegalArgumentException("the weights' tensor %s has the shape %s, the network needs %s"
                        .formatted(parameter.name(), tensor.shape(), parameter.shape()));
            }
            for (float value : tensor.values()) {
                if (!Float.isFinite(value)) {
                    throw new IllegalArgumentException(
                            "the weights' tensor " + parameter.name() + " holds the value " + value);
                }
            }
            return tensor.values();
        };
    }

    /** Weights as an untrained network has them (He et al., 2015); a parameter's depend on the seed and its name. */
    static Weights random(long seed) {
        return parameter -> {
            var values = new float[Math.toIntExact(parameter.elements())];
            switch (parameter.role()) {
                case WEIGHT -> {
                    var random = new Random(31 * seed + parameter.name().hashCode());
                    double fanIn =
                            (double) parameter.elements() / parameter.shape().get(0);
                    double deviation = Math.sqrt(2 / fanIn);
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) (deviation * random.nextGaussian());
                    }
                }
                case SCALE, RUNNING_VARIANCE -> Arrays.fill(values, 1);
                case BIAS, SHIFT, RUNNING_MEAN -> {
                    // zeros
                }
            }
            return values;
        };
    }
}
