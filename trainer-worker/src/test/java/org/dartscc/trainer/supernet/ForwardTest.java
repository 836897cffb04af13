package org.dartscc.trainer.supernet;

import java.util.Map;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

import org.dartscc.model.network.Layer;
import org.dartscc.model.network.NetworkBuilder;

import static org.assertj.core.api.Assertions.assertThat;

class ForwardTest {
    /** As the exported models do, whose average pools are held against a plain forward pass that counts it, too. */
    @Test
    void anAveragePoolCountsItsPaddingAtTheBorder() {
        assertThat(pooled(new Layer.AveragePool(3, 1, 1), 3))
                .containsExactly(4 / 9f, 6 / 9f, 4 / 9f, 6 / 9f, 1, 6 / 9f, 4 / 9f, 6 / 9f, 4 / 9f);
        assertThat(pooled(new Layer.AveragePool(3, 2, 1), 4)).containsExactly(4 / 9f, 6 / 9f, 6 / 9f, 1);
    }

    @Test
    void aMaxPoolDoesNotSeeItsPadding() {
        assertThat(pooled(new Layer.MaxPool(3, 2, 1), 4)).containsOnly(1);
    }

    /** Of a map of ones; what it is under a linear layer of the identity. */
    private static float[] pooled(Layer layer, int size) {
        var builder = new NetworkBuilder(new org.dartscc.model.network.Shape(1, size, size));
        var pooled = builder.add("pool", layer, builder.image());
        int area = (int) builder.shape(pooled).elements();
        var network = builder.build(builder.add("classifier", new Layer.Linear(area), pooled));
        try (NDManager manager = NativeEngine.load(1).newManager()) {
            var values =
                    Map.of("classifier.weight", manager.eye(area), "classifier.bias", manager.zeros(new Shape(area)));
            return new Forward(network, values, Statistics.RUNNING)
                    .logits(manager.ones(new Shape(1, 1, size, size)))
                    .toFloatArray();
        }
    }
}
