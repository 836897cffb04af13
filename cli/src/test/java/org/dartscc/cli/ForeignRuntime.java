package org.dartscc.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;

/**
 * What someone sees who got a model and the published images, and nothing of this project: another version of ONNX
 * Runtime, the model's contract (pixels in [0, 1]), and the whole Fashion-MNIST test set as Zalando ships it.
 */
final class ForeignRuntime {
    private static final Path IMAGES = Path.of("../trainer-worker/src/main/resources/datasets/fashion-mnist-sample");
    private static final int IMAGES_HEADER = 16;
    private static final int LABELS_HEADER = 8;
    private static final int SIDE = 28;
    private static final int BATCH = 500;

    private final byte[] images = read("t10k-images-idx3-ubyte.gz");
    private final byte[] labels = read("t10k-labels-idx1-ubyte.gz");

    private static byte[] read(String file) {
        try (var in = new GZIPInputStream(Files.newInputStream(IMAGES.resolve(file)))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    double testAccuracy(Path model) throws OrtException {
        var environment = OrtEnvironment.getEnvironment();
        int total = labels.length - LABELS_HEADER;
        int right = 0;
        try (var session = environment.createSession(model.toString())) {
            for (int from = 0; from < total; from += BATCH) {
                try (var batch = batch(environment, from);
                        var result = session.run(Map.of("image", batch))) {
                    var logits = (float[][]) result.get("logits").orElseThrow().getValue();
                    for (int i = 0; i < BATCH; i++) {
                        right += argMax(logits[i]) == labels[LABELS_HEADER + from + i] ? 1 : 0;
                    }
                }
            }
        }
        return (double) right / total;
    }

    private OnnxTensor batch(OrtEnvironment environment, int from) throws OrtException {
        int start = IMAGES_HEADER + from * SIDE * SIDE;
        var pixels = FloatBuffer.allocate(BATCH * SIDE * SIDE);
        for (int i = 0; i < pixels.capacity(); i++) {
            pixels.put(i, Byte.toUnsignedInt(images[start + i]) / 255f);
        }
        return OnnxTensor.createTensor(environment, pixels, new long[] {BATCH, 1, SIDE, SIDE});
    }

    private static int argMax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }
}
