package org.dartscc.trainer.supernet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.network.Network;
import org.dartscc.model.network.Parameter;

/** The tensors of a network or of a whole space by parameter name, on the device; they live as long as their manager. */
public final class Values {
    private static final int KERNEL_DIMENSIONS = 4;

    private final NDManager manager;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();
    private final Map<String, NDArray> arrays = new LinkedHashMap<>();

    private Values(NDManager manager) {
        this.manager = manager;
    }

    /** Starts anew: convolutions drawn as He et al. (2015) do, every parameter by the seed and its own name. */
    public static Values initial(NDManager manager, List<Parameter> parameters, long seed) {
        var values = new Values(manager);
        parameters.forEach(p -> values.put(p, initial(p, seed)));
        return values;
    }

    private static float[] initial(Parameter parameter, long seed) {
        var values = new float[Math.toIntExact(parameter.elements())];
        switch (parameter.role()) {
            case SCALE, RUNNING_VARIANCE -> java.util.Arrays.fill(values, 1);
            case WEIGHT -> {
                var random =
                        new Random(seed * 0x9E3779B97F4A7C15L + parameter.name().hashCode());
                double inputs = values.length / (double) parameter.shape().get(0);
                boolean linear = parameter.shape().size() == 2;
                double deviation = Math.sqrt((linear ? 1 : 2) / inputs);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (deviation * random.nextGaussian());
                }
            }
            case BIAS, SHIFT, RUNNING_MEAN -> {
                // Zeros.
            }
        }
        return values;
    }

    /**
     * Takes the trainable tensors from a file, and fresh running statistics.
     *
     * @throws IllegalArgumentException when a tensor is missing or of another shape
     */
    public static Values of(NDManager manager, List<Parameter> parameters, SafeTensors file) {
        var values = new Values(manager);
        for (var parameter : parameters) {
            values.put(parameter, parameter.role().trainable() ? stored(parameter, file) : initial(parameter, 0));
        }
        return values;
    }

    private static float[] stored(Parameter parameter, SafeTensors file) {
        var tensor = file.tensor(parameter.name());
        if (!tensor.shape().equals(parameter.shape())) {
            throw new IllegalArgumentException("the tensor %s has the shape %s, but the space needs %s"
                    .formatted(parameter.name(), tensor.shape(), parameter.shape()));
        }
        return tensor.values();
    }

    private void put(Parameter parameter, float[] values) {
        var array = array(parameter, values);
        array.setRequiresGradient(parameter.role().trainable());
        parameters.put(parameter.name(), parameter);
        arrays.put(parameter.name(), array);
    }

    /** Kernels lie in memory with their channels last, which makes all feature maps so, and steps twice as fast. */
    private NDArray array(Parameter parameter, float[] values) {
        var shape = shape(parameter);
        if (shape.dimension() < KERNEL_DIMENSIONS) {
            return manager.create(values, shape);
        }
        int channels = (int) shape.get(1);
        int window = (int) (shape.get(2) * shape.get(3));
        var channelsLast = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            int out = i / (channels * window);
            int channel = i / window % channels;
            channelsLast[(out * window + i % window) * channels + channel] = values[i];
        }
        return manager.create(channelsLast, new Shape(shape.get(0), shape.get(2), shape.get(3), channels))
                .transpose(0, 3, 1, 2);
    }

    private static Shape shape(Parameter parameter) {
        return new Shape(parameter.shape().stream().mapToLong(Long::longValue).toArray());
    }

    /** Shares the weights of a network, and gives it running statistics of its own, which start fresh. */
    public Values subnet(NDManager owner, Network network) {
        var subnet = new Values(owner);
        for (var parameter : network.parameters()) {
            if (parameter.role().trainable()) {
                subnet.parameters.put(parameter.name(), parameter);
                subnet.arrays.put(parameter.name(), get(parameter.name()));
            } else {
                subnet.put(parameter, initial(parameter, 0));
            }
        }
        return subnet;
    }

    /** Zeros in the shape of every trainable tensor, as a momentum starts. */
    public Values zeros(NDManager owner) {
        return untrained(owner, p -> new float[Math.toIntExact(p.elements())]);
    }

    /**
     * Stored tensors in the shape of every trainable tensor, as a momentum goes on.
     *
     * @throws IllegalArgumentException when one is missing or of another shape
     */
    public Values restored(NDManager owner, SafeTensors file) {
        return untrained(owner, p -> stored(p, file));
    }

    private Values untrained(NDManager owner, Function<Parameter, float[]> source) {
        var copies = new Values(owner);
        trainable().forEach(p -> {
            copies.parameters.put(p.name(), p);
            copies.arrays.put(p.name(), copies.array(p, source.apply(p)));
        });
        return copies;
    }

    public NDArray get(String name) {
        var array = arrays.get(name);
        if (array == null) {
            throw new IllegalArgumentException("there is no tensor " + name);
        }
        return array;
    }

    public Map<String, NDArray> arrays() {
        return arrays;
    }

    /** Whether the engine computes gradients of the trainable tensors: without, a pass for others costs a third less. */
    public void requireGradients(boolean required) {
        trainable().forEach(p -> arrays.get(p.name()).setRequiresGradient(required));
    }

    public List<Parameter> trainable() {
        return parameters.values().stream().filter(p -> p.role().trainable()).toList();
    }

    /** Copies to the heap, by name. */
    public Map<String, SafeTensors.Tensor> tensors() {
        var tensors = new LinkedHashMap<String, SafeTensors.Tensor>();
        parameters.forEach((name, p) -> tensors.put(
                name, new SafeTensors.Tensor(p.shape(), arrays.get(name).toFloatArray())));
        return tensors;
    }
}
