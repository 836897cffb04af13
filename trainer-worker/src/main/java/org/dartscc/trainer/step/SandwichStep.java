package org.dartscc.trainer.step;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;

import org.dartscc.model.network.Network;
import org.dartscc.model.network.Parameter;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.supernet.Forward;
import org.dartscc.trainer.supernet.Statistics;
import org.dartscc.trainer.supernet.Values;

/**
 * One step of the supernet by the sandwich rule (Yu and Huang, ICCV 2019): the gradients of several networks add up to
 * one update. All learn from the labels, or, with in-place distillation, all but the first from its soft predictions.
 * Batch norm uses each batch's own statistics.
 */
final class SandwichStep {
    private final NDManager manager;
    private final Values values;
    private final Sgd sgd;
    private final Dataset dataset;
    private final boolean distillation;

    /** @param distillation whether the other networks learn from the first one's predictions, or from the labels */
    SandwichStep(NDManager manager, Values values, Sgd sgd, Dataset dataset, boolean distillation) {
        this.distillation = distillation;
        this.manager = manager;
        this.values = values;
        this.sgd = sgd;
        this.dataset = dataset;
    }

    /** @param updated whether the weights were updated: not when a loss or gradient was not finite */
    record Result(double loss, boolean updated) {}

    /** @param networks live networks, the teacher first */
    Result run(List<Network> networks, BatchOrder.Batch batch, double learningRate) {
        try (var step = manager.newSubManager();
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            double loss = backward(step, networks, batch);
            boolean updated = sgd.update(used(networks), learningRate);
            return new Result(loss, updated);
        }
    }

    private double backward(NDManager step, List<Network> networks, BatchOrder.Batch batch) {
        var images = batch.images(step, dataset);
        NDArray targets = batch.targets(step, dataset);
        Double teacherLoss = null;
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            for (var network : networks) {
                var logits = new Forward(network, values.arrays(), Statistics.BATCH).logits(images);
                var loss = Loss.crossEntropy(logits, targets);
                collector.backward(loss);
                if (teacherLoss == null) {
                    teacherLoss = (double) loss.getFloat();
                    targets = distillation ? logits.stopGradient().softmax(1) : targets;
                }
            }
        }
        return teacherLoss == null ? 0 : teacherLoss;
    }

    private static List<Parameter> used(List<Network> networks) {
        var used = new LinkedHashMap<String, Parameter>();
        for (var network : networks) {
            network.parameters().stream().filter(p -> p.role().trainable()).forEach(p -> used.putIfAbsent(p.name(), p));
        }
        return new ArrayList<>(used.values());
    }
}
