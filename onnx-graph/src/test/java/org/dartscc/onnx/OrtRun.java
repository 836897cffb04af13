package org.dartscc.onnx;

import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Random;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import org.dartscc.model.network.Shape;

/** Runs a model once in ONNX Runtime. */
final class OrtRun {
    private OrtRun() {}

    /** Logits [batch][classes]. */
    static float[][] logits(byte[] model, Shape image, float[] pixels) throws OrtException {
        long batch = pixels.length / image.elements();
        var environment = OrtEnvironment.getEnvironment();
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            var shape = new long[] {batch, image.channels(), image.height(), image.width()};
            try (var session = environment.createSession(model, options);
                    var input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(pixels), shape);
                    var result = session.run(Map.of(OnnxModels.INPUT, input))) {
                return (float[][]) result.get(OnnxModels.OUTPUT).orElseThrow().getValue();
            }
        }
    }

    static float[] pixels(Shape image, int batch, long seed) {
        var random = new Random(seed);
        var pixels = new float[(int) (batch * image.elements())];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = random.nextFloat();
        }
        return pixels;
    }
}
