package org.dartscc.trainer.finalise;

import java.util.Map;

import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.network.Parameter;
import org.dartscc.model.space.Spaces;
import org.dartscc.trainer.Small;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.supernet.Forward;
import org.dartscc.trainer.supernet.NativeEngine;
import org.dartscc.trainer.supernet.Statistics;
import org.dartscc.trainer.supernet.Values;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class FinalisationTest {
    @Test
    void theStoredWeightsGiveTheStoredLogitsForTheStoredImagesInEverySpace() {
        var dataset = Small.dataset();
        for (var name : Spaces.names()) {
            var space = Small.space(name).create();
            var genotype = space.random(new java.util.Random(2));
            try (var manager = NativeEngine.load(1).newManager()) {
                var trained = new SafeTensors(
                        Values.initial(manager, space.parameters(), 1).tensors(), Map.of());
                var model =
                        new Finalisation(manager, space, dataset, Pace.undisturbed()).finalise(genotype, trained, 0, 1);
                var network = space.network(genotype).live();
                assertThat(model.weights().tensors().keySet())
                        .containsExactlyElementsOf(network.parameters().stream()
                                .map(Parameter::name)
                                .toList());
                var arrays = new java.util.HashMap<String, ai.djl.ndarray.NDArray>();
                model.weights()
                        .tensors()
                        .forEach((n, t) -> arrays.put(
                                n,
                                manager.create(
                                        t.values(),
                                        new Shape(t.shape().stream()
                                                .mapToLong(Long::longValue)
                                                .toArray()))));
                var image = model.reference().tensor("image");
                assertThat(image.shape()).containsExactly(64L, 1L, 28L, 28L);
                var pixels = manager.create(image.values(), new Shape(64, 1, 28, 28));
                var normalised = pixels.sub(dataset.info().mean().get(0).floatValue())
                        .div(dataset.info().std().get(0).floatValue());
                var logits = new Forward(network, arrays, Statistics.RUNNING)
                        .logits(normalised)
                        .toFloatArray();
                var expected = model.reference().tensor("logits").values();
                for (int i = 0; i < logits.length; i++) {
                    assertThat(logits[i]).as(name).isCloseTo(expected[i], within(1e-4f));
                }
            }
        }
    }

    @Test
    void fineTuningImprovesTheInheritedWeightsAndLeavesThemAlone() {
        var dataset = Small.dataset();
        var space = Small.space("layerwise").create();
        try (var manager = NativeEngine.load(1).newManager()) {
            var trained = new SafeTensors(
                    Values.initial(manager, space.parameters(), 1).tensors(), Map.of());
            var finalisation = new Finalisation(manager, space, dataset, Pace.undisturbed());
            var inherited = finalisation.finalise(space.cheapest(), trained, 0, 1);
            var tuned = finalisation.finalise(space.cheapest(), trained, 3, 1);
            assertThat(tuned.validationAccuracy()).isGreaterThan(inherited.validationAccuracy() + .1);
            assertThat(finalisation
                            .finalise(space.cheapest(), trained, 0, 1)
                            .weights()
                            .toBytes())
                    .isEqualTo(inherited.weights().toBytes());
        }
    }
}
