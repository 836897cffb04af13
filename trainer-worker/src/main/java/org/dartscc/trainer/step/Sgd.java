package org.dartscc.trainer.step;

import java.util.ArrayList;
import java.util.List;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

import org.dartscc.model.network.Parameter;
import org.dartscc.trainer.supernet.Values;

/**
 * Stochastic gradient descent with Nesterov momentum, weight decay on weights only, and the gradient's global norm
 * limited. The momentum holds the learning rates of its time: v = m (v + lr g), w -= v + lr g.
 */
public final class Sgd {
    static final float MOMENTUM = .9f;
    private static final float NO_ELEMENTWISE_CLIP = -1;

    private final float weightDecay;
    private final double largestNorm;
    private final boolean nesterov;
    private final Values values;
    private final Values momenta;

    public Sgd(Values values, Values momenta, double weightDecay, double largestNorm) {
        this(values, momenta, weightDecay, largestNorm, true);
    }

    private Sgd(Values values, Values momenta, double weightDecay, double largestNorm, boolean nesterov) {
        this.values = values;
        this.momenta = momenta;
        this.weightDecay = (float) weightDecay;
        this.largestNorm = largestNorm;
        this.nesterov = nesterov;
    }

    /** With plain momentum: v = m v + lr g, w -= v. */
    static Sgd plain(Values values, Values momenta, double weightDecay, double largestNorm) {
        return new Sgd(values, momenta, weightDecay, largestNorm, false);
    }

    /**
     * Updates the given parameters from their gradients, which it then zeroes; all others stay, with their momentum.
     *
     * @param used those that the step's networks use, no others
     * @return whether there was an update: none when a gradient is not finite
     */
    public boolean update(List<Parameter> used, double learningRate) {
        var gradients = new ArrayList<NDArray>(used.size());
        for (var parameter : used) {
            gradients.add(JniUtils.getGradient(array(values, parameter)));
        }
        double norm = norm(gradients);
        boolean finite = Double.isFinite(norm);
        for (int i = 0; i < used.size(); i++) {
            var gradient = (PtNDArray) gradients.get(i);
            if (gradient != null && finite) {
                update(used.get(i), gradient, (float) learningRate, (float) Math.min(1, largestNorm / norm));
            }
            JniUtils.zeroGrad(array(values, used.get(i)));
        }
        return finite;
    }

    private void update(Parameter parameter, PtNDArray gradient, float learningRate, float scale) {
        float decay = parameter.role() == Parameter.Role.WEIGHT ? weightDecay : 0;
        var weight = array(values, parameter);
        var momentum = array(momenta, parameter);
        if (!nesterov) {
            JniUtils.sgdUpdate(weight, gradient, momentum, learningRate, decay, scale, NO_ELEMENTWISE_CLIP, MOMENTUM);
            return;
        }
        // The engine has plain momentum only; its two plain updates make Nesterov's.
        JniUtils.sgdUpdate(
                weight, gradient, momentum, MOMENTUM * learningRate, decay, scale, NO_ELEMENTWISE_CLIP, MOMENTUM);
        JniUtils.sgdUpdate(weight, gradient, momentum, learningRate, decay, scale, NO_ELEMENTWISE_CLIP, 0);
    }

    private static double norm(List<NDArray> gradients) {
        var norms = new NDList();
        for (var gradient : gradients) {
            if (gradient != null) {
                norms.add(gradient.norm());
            }
        }
        return norms.isEmpty() ? 0 : NDArrays.stack(norms).norm().getFloat();
    }

    private static PtNDArray array(Values values, Parameter parameter) {
        return (PtNDArray) values.get(parameter.name());
    }
}
