package org.dartscc.trainer.hypernet;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

import org.dartscc.model.artifact.SafeTensors;

/** A perceptron with two hidden layers of 64, trained by Adam. */
final class Perceptron {
    private static final int HIDDEN = 64;
    private static final float BETA1 = .9f;
    private static final float BETA2 = .999f;
    private static final float EPSILON = 1e-8f;

    private final NDManager manager;
    private final Map<String, Trained> tensors = new LinkedHashMap<>();
    private int updates;

    private Perceptron(NDManager manager) {
        this.manager = manager;
    }

    private record Trained(PtNDArray value, PtNDArray mean, PtNDArray variance) {}

    static Perceptron initial(NDManager manager, int inputs, int outputs, Random random) {
        var perceptron = new Perceptron(manager);
        perceptron.addLayer("layer1", inputs, HIDDEN, random);
        perceptron.addLayer("layer2", HIDDEN, HIDDEN, random);
        perceptron.addLayer("layer3", HIDDEN, outputs, random);
        return perceptron;
    }

    private void addLayer(String name, int inputs, int outputs, Random random) {
        var weight = new float[inputs * outputs];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = (float) (random.nextGaussian() / Math.sqrt(inputs));
        }
        add(name + ".weight", manager.create(weight, new Shape(outputs, inputs)));
        add(name + ".bias", manager.zeros(new Shape(outputs)));
    }

    private void add(String name, NDArray value) {
        value.setRequiresGradient(true);
        tensors.put(name, new Trained((PtNDArray) value, zeros(value), zeros(value)));
    }

    private PtNDArray zeros(NDArray like) {
        return (PtNDArray) manager.zeros(like.getShape());
    }

    NDManager newSubManager() {
        return manager.newSubManager();
    }

    /** Logits [batch, outputs] of inputs [batch, inputs]. */
    NDArray logits(NDArray inputs) {
        return layer("layer3", Activation.relu(layer("layer2", Activation.relu(layer("layer1", inputs)))));
    }

    private NDArray layer(String name, NDArray x) {
        return Linear.linear(
                        x,
                        tensors.get(name + ".weight").value(),
                        tensors.get(name + ".bias").value())
                .singletonOrThrow();
    }

    /** One step of Adam with the gradients collected, which are then zeroed. */
    void update(double learningRate) {
        updates++;
        double corrected = learningRate * Math.sqrt(1 - Math.pow(BETA2, updates)) / (1 - Math.pow(BETA1, updates));
        for (var t : tensors.values()) {
            JniUtils.adamUpdate(
                    t.value(),
                    JniUtils.getGradient(t.value()),
                    t.mean(),
                    t.variance(),
                    (float) learningRate,
                    (float) corrected,
                    0,
                    1,
                    -1,
                    BETA1,
                    BETA2,
                    EPSILON,
                    false);
            JniUtils.zeroGrad(t.value());
        }
    }

    Map<String, SafeTensors.Tensor> tensors() {
        var copies = new LinkedHashMap<String, SafeTensors.Tensor>();
        tensors.forEach((name, t) -> copies.put(name, tensor(t.value())));
        return copies;
    }

    private static SafeTensors.Tensor tensor(NDArray array) {
        var shape = java.util.Arrays.stream(array.getShape().getShape()).boxed().toList();
        return new SafeTensors.Tensor(shape, array.toFloatArray());
    }
}
