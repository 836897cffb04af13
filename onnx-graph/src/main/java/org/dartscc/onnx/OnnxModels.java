package org.dartscc.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.message.DatasetInfo;
import org.dartscc.model.network.Network;

/**
 * Whole networks as ONNX models (IR 8, opset 17), batch norm folded, batch size dynamic. Their input {@link #INPUT} is
 * float32 [N, channels, height, width] with pixels in [0, 1]; their output {@link #OUTPUT} is float32 [N, classes].
 * Equal arguments give equal bytes.
 */
public final class OnnxModels {
    public static final String INPUT = "image";
    public static final String OUTPUT = "logits";

    /** Version of this project, as written into the models. */
    public static final String PRODUCER_VERSION = producerVersion();

    private static final long MAX_PARAMETERS = 64 << 20;

    private OnnxModels() {}

    /**
     * A trained model to ship.
     *
     * @param weights the network's live parameters by {@link org.dartscc.model.network.Parameter#name()}; others are
     *     ignored
     * @param dataset its normalisation goes into the model
     * @param metadata written into the model
     * @throws IllegalArgumentException when weights are missing, of another shape or not finite, or the data set does
     *     not fit the network
     */
    public static byte[] trained(
            Network network, SafeTensors weights, DatasetInfo dataset, Map<String, String> metadata) {
        var image = network.input().output();
        int classes = network.output().output().channels();
        if (!dataset.image().equals(image) || dataset.classNames().size() != classes) {
            throw new IllegalArgumentException("the data set %s has images of %s and %d classes, the network %s and %d"
                    .formatted(
                            dataset.name(),
                            dataset.image(),
                            dataset.classNames().size(),
                            image,
                            classes));
        }
        return write(
                network,
                Weights.trained(weights),
                Normalisation.of(dataset),
                "Image classifier, searched for and trained by DARTS-CC. Its origin is in the metadata.",
                metadata);
    }

    /** The same graph with random weights that depend on the seed, for measuring how long the network takes. */
    public static byte[] untrained(Network network, long seed) {
        return write(
                network,
                Weights.random(seed),
                Normalisation.arbitrary(network.input().output().channels()),
                "A network with random weights, for timing only.",
                Map.of());
    }

    private static byte[] write(
            Network network, Weights weights, Normalisation normalisation, String doc, Map<String, String> metadata) {
        if (network.live().parameterCount() > MAX_PARAMETERS) {
            throw new IllegalArgumentException("a network of %d parameters is over the limit of %d"
                    .formatted(network.live().parameterCount(), MAX_PARAMETERS));
        }
        return NetworkWriter.write(network, weights, normalisation).model(PRODUCER_VERSION, doc, metadata);
    }

    private static String producerVersion() {
        try (var file = OnnxModels.class.getResourceAsStream("/dartscc-onnx.properties")) {
            var properties = new Properties();
            properties.load(file);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
