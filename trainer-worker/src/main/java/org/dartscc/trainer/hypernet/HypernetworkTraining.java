package org.dartscc.trainer.hypernet;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.selection.GroupTables;
import org.dartscc.model.selection.Hypernetwork;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.pace.Pace;

/**
 * Trains the hypernetwork alpha(budget, device costs) on an accuracy estimate. Since error and the sum that latency
 * grows with are additive over groups, the expectations under its policy are exact: the loss is E[ln error] + rho
 * max(0, E[sum] / (sum of the budget) - 1) - entropy bonus, averaged over random budgets and devices. Devices are the given ones with the costs of
 * each kind of operator changed at random, so that it answers changed costs and unseen devices without training.
 */
public final class HypernetworkTraining {
    private static final int BATCH = 64;
    private static final int DEVICES = 256;
    private static final double LEARNING_RATE = 5e-3;
    private static final float RHO = 5;
    private static final double ENTROPY_BONUS = .05;
    private static final int STEPS_PER_PIECE = 25;

    private final NDManager parent;
    private final SearchSpace space;
    private final AccuracyEstimate estimate;
    private final List<CostTable> devices;
    private final Random random;
    private final int assignments;

    /** @param devices at least one, each covering the space */
    public HypernetworkTraining(
            NDManager parent, SearchSpace space, AccuracyEstimate estimate, List<CostTable> devices, Random random) {
        this.parent = parent;
        this.space = space;
        this.estimate = estimate;
        this.devices = devices;
        this.random = random;
        this.assignments =
                space.groups().stream().mapToInt(g -> g.assignments().size()).sum();
    }

    /** The trained weights, as {@link Hypernetwork#of} reads them. */
    public SafeTensors train(int steps, Pace pace) {
        var pool = AugmentedDevices.of(space, devices, DEVICES, random);
        try (var manager = parent.newSubManager();
                var outer = new NDScope()) {
            outer.suppressNotUsedWarning();
            var perceptron =
                    Perceptron.initial(manager, Hypernetwork.inputs(space), Hypernetwork.outputs(space), random);
            var objective = new Objective(manager);
            for (int from = 0; from < steps; from += STEPS_PER_PIECE) {
                int start = from;
                int end = Math.min(steps, from + STEPS_PER_PIECE);
                int done = pace.piece(() -> steps(perceptron, objective, pool, start, end, steps));
                pace.report("fitting the trade-off", done, steps, null);
            }
            return new SafeTensors(perceptron.tensors(), Map.of());
        }
    }

    /** Does the steps from one to another, and gives the number of those done so far. */
    private int steps(
            Perceptron perceptron, Objective objective, List<AugmentedDevices.Device> pool, int from, int to, int of) {
        for (int step = from; step < to; step++) {
            step(perceptron, objective, pool, 1 - (double) step / of);
        }
        return to;
    }

    /** @param left share of the training still to come: learning rate and entropy bonus fall with it */
    private void step(Perceptron perceptron, Objective objective, List<AugmentedDevices.Device> pool, double left) {
        try (var manager = perceptron.newSubManager();
                var scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            var batch = batch(manager, pool);
            try (var collector = Engine.getInstance().newGradientCollector()) {
                var loss = objective.loss(perceptron.logits(batch.inputs()), batch, ENTROPY_BONUS * left);
                collector.backward(loss);
            }
            perceptron.update(LEARNING_RATE * Math.max(.02, left));
        }
    }

    /**
     * Devices and budgets.
     *
     * @param inputs [BATCH, inputs]
     * @param costs cost of every assignment of every group relative to the budget, [BATCH, assignments]
     * @param fixed cost that every architecture pays, relative to the budget, [BATCH]
     */
    private record Batch(NDArray inputs, NDArray costs, NDArray fixed) {}

    private Batch batch(NDManager manager, List<AugmentedDevices.Device> pool) {
        int width = Hypernetwork.inputs(space);
        var inputs = new float[BATCH * width];
        var costs = new float[BATCH * assignments];
        var fixed = new float[BATCH];
        for (int i = 0; i < BATCH; i++) {
            var device = pool.get(random.nextInt(pool.size()));
            double position = random.nextDouble();
            double budget = device.budget(position);
            System.arraycopy(device.encoded(), 0, inputs, i * width, width);
            // The budget comes first; the costs after it do not depend on it.
            inputs[i * width] = (float) position;
            for (int a = 0; a < assignments; a++) {
                costs[i * assignments + a] = (float) (device.assignmentMicros()[a] / budget);
            }
            fixed[i] = (float) (device.costs().fixedMicros() / budget);
        }
        return new Batch(
                manager.create(inputs, new Shape(BATCH, width)),
                manager.create(costs, new Shape(BATCH, assignments)),
                manager.create(fixed));
    }

    /** The loss as tensors that stay the same over all steps. */
    private final class Objective {
        /** Which options each assignment takes: logits [batch, options] times this are summed per assignment. */
        private final NDArray membership;

        private final NDArray effects;
        private final List<NDIndex> groups = new ArrayList<>();

        Objective(NDManager manager) {
            int options = Hypernetwork.outputs(space);
            var members = new float[options * assignments];
            var effect = new float[assignments];
            var offsets = new int[space.decisions().size()];
            for (int d = 1; d < offsets.length; d++) {
                offsets[d] =
                        offsets[d - 1] + space.decisions().get(d - 1).options().size();
            }
            int column = 0;
            for (var group : space.groups()) {
                groups.add(new NDIndex(
                        ":, " + column + ":" + (column + group.assignments().size())));
                var sums = GroupTables.sums(group, estimate.table());
                for (int k = 0; k < sums.length; k++, column++) {
                    effect[column] = (float) sums[k];
                    for (int i = 0; i < group.decisions().size(); i++) {
                        int option = offsets[group.decisions().get(i)]
                                + group.assignments().get(k).get(i);
                        members[option * assignments + column] = 1;
                    }
                }
            }
            membership = manager.create(members, new Shape(options, assignments));
            effects = manager.create(effect);
        }

        NDArray loss(NDArray logits, Batch batch, double bonus) {
            var sums = logits.matMul(membership);
            var probabilities = new NDList();
            var logProbabilities = new NDList();
            for (var group : groups) {
                var log = sums.get(group).logSoftmax(1);
                logProbabilities.add(log);
                probabilities.add(log.exp());
            }
            var p = concat(probabilities);
            var negativeEntropy = p.mul(concat(logProbabilities)).sum().mul((float) (bonus / groups.size()));
            var error = p.mul(effects).sum();
            var excess =
                    p.mul(batch.costs()).sum(new int[] {1}).add(batch.fixed()).sub(1);
            var penalty = excess.maximum(0).sum().mul(RHO);
            return error.add(penalty).add(negativeEntropy).div(BATCH);
        }

        /** One alone would come back as a copy without its gradient. */
        private static NDArray concat(NDList groups) {
            return groups.size() == 1 ? groups.get(0) : NDArrays.concat(groups, 1);
        }
    }
}
