package org.dartscc.exporter.model;

import java.nio.FloatBuffer;
import java.util.Map;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import org.dartscc.onnx.OnnxModels;

/**
 * How a model in ONNX Runtime differs from its reference: largest absolute differences of a logit.
 *
 * @param toReference of the whole batch, and of each image alone, to the supernet's logits
 * @param aloneToBatch of each image alone to the same image in the batch
 */
record Parity(double toReference, double aloneToBatch) {
    /** Above it, the model is not what was trained. */
    static final double TOLERANCE = 1e-4;

    /** @throws OrtException when ONNX Runtime refuses the model or fails to run it */
    static Parity measure(OrtEnvironment environment, byte[] model, ReferenceBatch reference) throws OrtException {
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            try (var session = environment.createSession(model, options)) {
                var batch = run(environment, session, reference, 0, reference.images());
                double toReference = difference(batch, 0, reference.logits(), 0, batch.length);
                double aloneToBatch = 0;
                for (int i = 0; i < reference.images(); i++) {
                    var alone = run(environment, session, reference, i, 1);
                    int at = i * reference.classes();
                    aloneToBatch = Math.max(aloneToBatch, difference(alone, 0, batch, at, alone.length));
                    toReference = Math.max(toReference, difference(alone, 0, reference.logits(), at, alone.length));
                }
                return new Parity(toReference, aloneToBatch);
            }
        }
    }

    /** Logits of the given number of images from the first on. */
    private static float[] run(
            OrtEnvironment environment, OrtSession session, ReferenceBatch reference, int first, int images)
            throws OrtException {
        var image = reference.image();
        int size = Math.toIntExact(image.elements());
        var pixels = FloatBuffer.wrap(reference.pixels(), first * size, images * size);
        var shape = new long[] {images, image.channels(), image.height(), image.width()};
        try (var input = OnnxTensor.createTensor(environment, pixels, shape);
                var result = session.run(Map.of(OnnxModels.INPUT, input))) {
            var output = (OnnxTensor) result.get(OnnxModels.OUTPUT).orElseThrow();
            var logits = new float[images * reference.classes()];
            output.getFloatBuffer().get(logits);
            return logits;
        }
    }

    /** NaN counts as infinitely far: no comparison with it would hold. */
    private static double difference(float[] a, int fromA, float[] b, int fromB, int count) {
        double largest = 0;
        for (int i = 0; i < count; i++) {
            double difference = Math.abs((double) a[fromA + i] - b[fromB + i]);
            largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
        }
        return largest;
    }

    boolean holds() {
        return toReference <= TOLERANCE && aloneToBatch <= TOLERANCE;
    }
}
