package org.dartscc.exporter.model;

import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.message.DatasetInfo;
import org.dartscc.model.message.ModelRequest;
import org.dartscc.model.message.Topics;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SpaceSpec;

/** A finalised subnet as a trainer leaves it: its weights, and images with the logits that it gave for them. */
public record Finalised(
        SpaceSpec space, Genotype genotype, DatasetInfo dataset, SafeTensors weights, SafeTensors reference) {
    private static final int IMAGES = 3;

    /** Random weights; the logits come from {@link PlainForward}. */
    public static Finalised of(SpaceSpec space, Genotype genotype, long seed) {
        var random = new Random(seed);
        var image = space.image();
        var dataset = new DatasetInfo(
                "things",
                image,
                IntStream.range(0, space.classes()).mapToObj(c -> "thing " + c).toList(),
                Collections.nCopies(image.channels(), .29),
                Collections.nCopies(image.channels(), .35),
                100,
                20,
                20,
                7);
        var pixels = new float[(int) (IMAGES * image.elements())];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat();
        }
        var network = space.create().network(genotype).live();
        var weights = PlainForward.calibratedWeights(network, dataset, pixels, random);
        var logits = PlainForward.logits(network, weights, dataset, pixels);
        var shape = List.of((long) IMAGES, (long) image.channels(), (long) image.height(), (long) image.width());
        var reference = new SafeTensors(
                Map.of(
                        "image", new SafeTensors.Tensor(shape, pixels),
                        "logits", new SafeTensors.Tensor(List.of((long) IMAGES, (long) space.classes()), logits)),
                Map.of());
        return new Finalised(space, genotype, dataset, weights, reference);
    }

    Finalised withGenotype(Genotype other) {
        return new Finalised(space, other, dataset, weights, reference);
    }

    Finalised withWeight(String name, SafeTensors.Tensor tensor) {
        return new Finalised(space, genotype, dataset, with(weights, name, tensor), reference);
    }

    Finalised withReference(String name, SafeTensors.Tensor tensor) {
        return new Finalised(space, genotype, dataset, weights, with(reference, name, tensor));
    }

    /** Without the tensor when it is null. */
    private static SafeTensors with(SafeTensors tensors, String name, SafeTensors.Tensor tensor) {
        var changed = new HashMap<>(tensors.tensors());
        changed.remove(name);
        if (tensor != null) {
            changed.put(name, tensor);
        }
        return new SafeTensors(changed, Map.of());
    }

    /** Stores the artifacts and asks for the model. */
    public ModelRequest request(ArtifactStore store, String modelId) throws IOException {
        return new ModelRequest(
                Topics.SCHEMA_VERSION,
                modelId,
                "search-1",
                "device-1",
                2,
                space,
                genotype,
                store.put(weights.toBytes()),
                store.put(reference.toBytes()),
                dataset,
                .91,
                .9,
                812.5,
                17);
    }
}
