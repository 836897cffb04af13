package org.dartscc.trainer.finalise;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.NDManager;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.network.Network;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.data.Pixels;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.seed.Seeds;
import org.dartscc.trainer.step.FineTuning;
import org.dartscc.trainer.supernet.Subnet;
import org.dartscc.trainer.supernet.Values;

/** Makes a chosen architecture a model: weights, statistics, accuracies, and images with the logits it must give. */
public final class Finalisation {
    private static final int RECALIBRATION_BATCHES = 40;
    private static final int RECALIBRATION_BATCH = 64;
    private static final int REFERENCE_IMAGES = 64;

    private final NDManager manager;
    private final SearchSpace space;
    private final Dataset dataset;
    private final Pace pace;

    public Finalisation(NDManager manager, SearchSpace space, Dataset dataset, Pace pace) {
        this.manager = manager;
        this.space = space;
        this.dataset = dataset;
        this.pace = pace;
    }

    /**
     * A model.
     *
     * @param weights all tensors of the live network by name
     * @param reference {@code image} [N, C, H, W] with pixels in [0, 1] and {@code logits} [N, classes]
     */
    public record Model(SafeTensors weights, SafeTensors reference, double validationAccuracy, double testAccuracy) {}

    /**
     * Finalises a genotype; the only place where test images are looked at.
     *
     * @param trained tensors of the space by name
     * @param fineTuneEpochs passes over the training images for this network alone; 0 keeps the inherited weights
     */
    public Model finalise(Genotype genotype, SafeTensors trained, int fineTuneEpochs, long seed) {
        var network = space.network(genotype).live();
        try (var own = manager.newSubManager()) {
            var weights = Values.of(own, network.parameters(), trained);
            if (fineTuneEpochs > 0) {
                new FineTuning(own, network, weights, dataset, pace).train(fineTuneEpochs, seed);
            }
            var recalibration = new Subnet.Recalibration(
                    RECALIBRATION_BATCHES, RECALIBRATION_BATCH, Seeds.mix(seed, Seeds.RECALIBRATION, -1));
            try (var subnet = Subnet.recalibrated(own, network, weights, dataset, recalibration, pace)) {
                return model(genotype, network, subnet);
            }
        }
    }

    private Model model(Genotype genotype, Network network, Subnet subnet) {
        pace.report("evaluating the model", 0, 2, null);
        double validation = subnet.accuracy(dataset.validation(), pace);
        pace.report("evaluating the model", 1, 2, null);
        double test = subnet.accuracy(dataset.test(), pace);
        pace.report("evaluating the model", 2, 2, null);
        var metadata = Map.of("genotype", genotype.toString());
        var tensors = new LinkedHashMap<String, SafeTensors.Tensor>();
        var all = subnet.tensors();
        network.parameters().forEach(p -> tensors.put(p.name(), all.get(p.name())));
        return new Model(new SafeTensors(tensors, metadata), reference(subnet), validation, test);
    }

    private SafeTensors reference(Subnet subnet) {
        var images = dataset.validation().spread(REFERENCE_IMAGES);
        var shape = images.shape();
        long count = images.size();
        var image = new SafeTensors.Tensor(
                List.of(count, (long) shape.channels(), (long) shape.height(), (long) shape.width()),
                Pixels.scaled(images));
        var logits = pace.piece(() -> subnet.logits(images, 0, images.size()));
        var tensors = new LinkedHashMap<String, SafeTensors.Tensor>();
        tensors.put("image", image);
        tensors.put(
                "logits",
                new SafeTensors.Tensor(
                        List.of(count, (long) dataset.info().classNames().size()), logits));
        return new SafeTensors(tensors, Map.of());
    }
}
