package org.dartscc.trainer.tradeoff;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import ai.djl.ndarray.NDManager;

import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.supernet.Subnet;
import org.dartscc.trainer.supernet.Values;

/** Validation accuracies of subnets with the supernet's weights and statistics of their own, each evaluated once. */
public final class SubnetEvaluations {
    private final NDManager manager;
    private final SearchSpace space;
    private final Values weights;
    private final Dataset dataset;
    private final Subnet.Recalibration recalibration;
    private final int validationImages;
    private final int expected;
    private final Pace pace;
    private final Map<Genotype, Double> accuracies = new LinkedHashMap<>();

    /**
     * @param validationImages at most so many
     * @param expected number of evaluations to come, for progress
     */
    SubnetEvaluations(
            NDManager manager,
            SearchSpace space,
            Values weights,
            Dataset dataset,
            Subnet.Recalibration recalibration,
            int validationImages,
            int expected,
            Pace pace) {
        this.manager = manager;
        this.space = space;
        this.weights = weights;
        this.dataset = dataset;
        this.recalibration = recalibration;
        this.validationImages = validationImages;
        this.expected = expected;
        this.pace = pace;
    }

    /** In [0, 1]. */
    double accuracy(Genotype genotype) {
        var known = accuracies.get(genotype);
        return known != null ? known : evaluate(genotype);
    }

    private double evaluate(Genotype genotype) {
        var images = dataset.validation().spread(validationImages);
        var network = space.network(genotype).live();
        try (var subnet = Subnet.recalibrated(manager, network, weights, dataset, recalibration, pace)) {
            double accuracy = subnet.accuracy(images, pace);
            accuracies.put(genotype, accuracy);
            pace.report("evaluating architectures", accuracies.size(), Math.max(expected, accuracies.size()), null);
            return accuracy;
        }
    }

    /** Of everything evaluated so far. */
    Map<Genotype, Double> accuracies() {
        return Collections.unmodifiableMap(accuracies);
    }

    int size() {
        return accuracies.size();
    }

    /** From everything evaluated; half an image keeps ln(error) finite when none is wrong. */
    AccuracyEstimate estimate() {
        int images = Math.min(validationImages, dataset.validation().size());
        var errors = new LinkedHashMap<Genotype, Double>();
        accuracies.forEach((genotype, accuracy) -> errors.put(genotype, Math.log(Math.max(1 - accuracy, .5 / images))));
        return Ridge.fit(space, errors, images);
    }
}
