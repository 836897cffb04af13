package org.dartscc.trainer.step;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;

import org.dartscc.model.network.Network;
import org.dartscc.model.network.Parameter;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.alpha.OptionLayout;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.supernet.Forward;
import org.dartscc.trainer.supernet.Statistics;
import org.dartscc.trainer.supernet.Values;
import org.dartscc.trainer.supernet.WithoutGradients;

/**
 * Passes through the network in which every position holds the mixture of all its options (Liu et al., ICLR 2019). The
 * engine knows the mixture's weights only; what they are made of is on the host.
 */
final class MixtureStep {
    /** DARTS, section 3.1: the finite difference's step is this over the norm of the direction. */
    private static final double DIFFERENCE = .01;

    private final NDManager manager;
    private final Network network;
    private final OptionLayout layout;
    private final Values values;
    private final Values momenta;
    private final Sgd sgd;
    private final double weightDecay;
    private final Dataset dataset;
    private final List<Parameter> trained;

    MixtureStep(
            NDManager manager,
            SearchSpace space,
            Values values,
            Values momenta,
            double weightDecay,
            double largestNorm,
            Dataset dataset) {
        this.manager = manager;
        this.network = space.mixture().live();
        this.layout = new OptionLayout(space);
        this.values = values;
        this.momenta = momenta;
        this.weightDecay = weightDecay;
        this.sgd = Sgd.plain(values, momenta, weightDecay, largestNorm);
        this.dataset = dataset;
        this.trained =
                network.parameters().stream().filter(p -> p.role().trainable()).toList();
    }

    /**
     * @param crossEntropy mean over the batch
     * @param byMixture gradient of the cross-entropy by the mixture's weights
     * @param updated whether the network's weights were updated: not when a gradient was not finite, or none was asked
     */
    record Result(double crossEntropy, double[] byMixture, boolean updated) {}

    /** The gradient by the mixture's weights; the network's are left as they are. */
    Result differentiate(double[] mixture, BatchOrder.Batch batch) {
        try (var step = manager.newSubManager();
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return frozen(step, values.arrays(), mixture, batch);
        }
    }

    private Result frozen(NDManager step, Map<String, NDArray> arrays, double[] mixture, BatchOrder.Batch batch) {
        values.requireGradients(false);
        try {
            return pass(step, arrays, mixture, true, batch);
        } finally {
            values.requireGradients(true);
        }
    }

    /** One update of the network's weights. */
    Result train(double[] mixture, BatchOrder.Batch batch, double learningRate) {
        return train(mixture, false, batch, learningRate);
    }

    /** One update of the network's weights, and the gradient by the mixture's at the weights before it. */
    Result trainAndDifferentiate(double[] mixture, BatchOrder.Batch batch, double learningRate) {
        return train(mixture, true, batch, learningRate);
    }

    private Result train(double[] mixture, boolean differentiate, BatchOrder.Batch batch, double learningRate) {
        try (var step = manager.newSubManager();
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var result = pass(step, values.arrays(), mixture, differentiate, batch);
            return new Result(result.crossEntropy(), result.byMixture(), sgd.update(trained, learningRate));
        }
    }

    /**
     * The gradient by the mixture's weights of the loss after one step of training (DARTS, equations 7 and 8): w' = w -
     * xi (momentum + d L_train + decay w); d L_held(w') - xi (d L_train(w+) - d L_train(w-)) / (2 eps), w+- = w +- eps
     * d L_held / d w'.
     */
    Result differentiateUnrolled(double[] mixture, BatchOrder.Batch train, BatchOrder.Batch held, double xi) {
        try (var step = manager.newSubManager();
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var unrolled = unrolled(step, mixture, train, xi);
            var outer = pass(step, unrolled, mixture, true, held);
            var direction = gradients(unrolled);
            double norm = norm(direction);
            if (!Double.isFinite(norm) || norm == 0) {
                return outer;
            }
            double eps = DIFFERENCE / norm;
            var above = frozen(step, moved(direction, eps), mixture, train).byMixture();
            var below = frozen(step, moved(direction, -eps), mixture, train).byMixture();
            var gradient = outer.byMixture().clone();
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] -= xi * (above[i] - below[i]) / (2 * eps);
            }
            return new Result(outer.crossEntropy(), gradient, false);
        }
    }

    /** The weights after one step, as leaves of their own. */
    private Map<String, NDArray> unrolled(NDManager step, double[] mixture, BatchOrder.Batch train, double xi) {
        pass(step, values.arrays(), mixture, false, train);
        var gradients = gradients(values.arrays());
        var moved = new HashMap<>(values.arrays());
        try (var mode = new WithoutGradients()) {
            for (var parameter : trained) {
                var weight = values.get(parameter.name());
                var gradient = gradients.get(parameter.name());
                if (gradient != null) {
                    double decay = parameter.role() == Parameter.Role.WEIGHT ? xi * weightDecay : 0;
                    var next = weight.mul((float) (1 - decay))
                            .sub(gradient.mul((float) xi))
                            .sub(momenta.get(parameter.name()).mul(Sgd.MOMENTUM));
                    next.setRequiresGradient(true);
                    moved.put(parameter.name(), next);
                }
            }
        }
        trained.forEach(p -> JniUtils.zeroGrad((PtNDArray) values.get(p.name())));
        return moved;
    }

    private Map<String, NDArray> gradients(Map<String, NDArray> arrays) {
        var gradients = new LinkedHashMap<String, NDArray>();
        for (var parameter : trained) {
            var gradient = JniUtils.getGradient((PtNDArray) arrays.get(parameter.name()));
            if (gradient != null) {
                gradients.put(parameter.name(), gradient);
            }
        }
        return gradients;
    }

    private static double norm(Map<String, NDArray> gradients) {
        var norms = new NDList();
        gradients.values().forEach(g -> norms.add(g.norm()));
        return norms.isEmpty() ? 0 : NDArrays.stack(norms).norm().getFloat();
    }

    private Map<String, NDArray> moved(Map<String, NDArray> direction, double by) {
        var moved = new HashMap<>(values.arrays());
        try (var mode = new WithoutGradients()) {
            direction.forEach((name, d) -> moved.put(name, values.get(name).add(d.mul((float) by))));
        }
        return moved;
    }

    private Result pass(
            NDManager step,
            Map<String, NDArray> arrays,
            double[] mixture,
            boolean differentiate,
            BatchOrder.Batch batch) {
        var images = batch.images(step, dataset);
        var targets = batch.targets(step, dataset);
        var weights = new HashMap<Integer, NDArray>();
        for (int d = 0; d < layout.decisions(); d++) {
            var array = step.create(floats(mixture, layout.from(d), layout.to(d)));
            array.setRequiresGradient(differentiate);
            weights.put(d, array);
        }
        double crossEntropy;
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            var logits = new Forward(network, arrays, Statistics.BATCH, weights).logits(images);
            var loss = Loss.crossEntropy(logits, targets);
            collector.backward(loss);
            crossEntropy = loss.getFloat();
        }
        return new Result(crossEntropy, differentiate ? byMixture(weights) : new double[0], false);
    }

    private static float[] floats(double[] values, int from, int to) {
        var floats = new float[to - from];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[from + i];
        }
        return floats;
    }

    private double[] byMixture(Map<Integer, NDArray> weights) {
        var gradient = new double[layout.size()];
        weights.forEach((d, array) -> {
            var found = JniUtils.getGradient((PtNDArray) array);
            if (found != null) {
                var values = found.toFloatArray();
                for (int i = 0; i < values.length; i++) {
                    gradient[layout.from(d) + i] = values[i];
                }
            }
        });
        return gradient;
    }
}
