package org.dartscc.agent.probe;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;

import org.dartscc.model.network.Shape;

/** A model opened in ONNX Runtime, with images to run on and a place for the output, both made once. */
final class OrtRun implements OpenModel {
    private static final long MOST_VALUES = 1 << 20;

    private final OrtSession session;
    private final Map<String, OnnxTensor> input;
    private final Map<String, OnnxTensor> output;

    private OrtRun(OrtSession session, Map<String, OnnxTensor> input, Map<String, OnnxTensor> output) {
        this.session = session;
        this.input = input;
        this.output = output;
    }

    /** Takes over the session; whoever calls closes it when this fails. */
    static OrtRun of(OrtEnvironment environment, OrtSession session, Shape image, int batch) throws OrtException {
        var in = only(session.getInputInfo());
        var out = only(session.getOutputInfo());
        long[] imageShape = {batch, image.channels(), image.height(), image.width()};
        long[] outputShape = at(batch, ((TensorInfo) out.getInfo()).getShape());
        var input = OnnxTensor.createTensor(environment, pixels(elements(imageShape)), imageShape);
        try {
            var output = OnnxTensor.createTensor(environment, floats(elements(outputShape)), outputShape);
            return new OrtRun(session, Map.of(in.getName(), input), Map.of(out.getName(), output));
        } catch (OrtException | RuntimeException e) {
            input.close();
            throw e;
        }
    }

    private static NodeInfo only(Map<String, NodeInfo> infos) {
        if (infos.size() != 1
                || !(infos.values().iterator().next().getInfo() instanceof TensorInfo info)
                || info.type != ai.onnxruntime.OnnxJavaType.FLOAT) {
            throw new ProbeException("the model must have one float32 input and output, not " + infos.values(), null);
        }
        return infos.values().iterator().next();
    }

    /** The batch is the only dimension that a model of ours leaves open. */
    private static long[] at(int batch, long[] shape) {
        return Arrays.stream(shape).map(size -> size < 1 ? batch : size).toArray();
    }

    private static int elements(long[] shape) {
        long elements = 1;
        for (long size : shape) {
            elements = Math.multiplyExact(elements, size);
            if (elements > MOST_VALUES) {
                throw new ProbeException("the model's input or output is too large", null);
            }
        }
        return (int) elements;
    }

    /** Values spread over [0, 1), as pixels are; zeros may be faster than any image. */
    private static FloatBuffer pixels(int count) {
        var random = new Random(1);
        var pixels = floats(count);
        for (int i = 0; i < pixels.capacity(); i++) {
            pixels.put(i, random.nextFloat());
        }
        return pixels;
    }

    private static FloatBuffer floats(int count) {
        return ByteBuffer.allocateDirect(Float.BYTES * count)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Override
    public void run() {
        try {
            session.run(input, output).close();
        } catch (OrtException e) {
            throw new ProbeException("ONNX Runtime failed to run the model: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        input.values().forEach(OnnxTensor::close);
        output.values().forEach(OnnxTensor::close);
        try {
            session.close();
        } catch (OrtException e) {
            throw new ProbeException("ONNX Runtime failed to close a session: " + e.getMessage(), e);
        }
    }
}
