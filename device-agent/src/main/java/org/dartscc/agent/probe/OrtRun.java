package org.dartscc.agent.probe;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Random;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.TensorInfo;

import org.dartscc.model.network.Shape;

/**
 * A model opened in ONNX Runtime under a profile, with an image to run on and a place for the output, both made once:
 * a run does nothing but infer. Native memory: must be closed.
 */
final class OrtRun implements Run, AutoCloseable {
    private static final int WARM_UP_RUNS = 3;
    private static final long MAX_OUTPUT = 1 << 20;

    private final OrtSession session;
    private final Map<String, OnnxTensor> input;
    private final Map<String, OnnxTensor> output;

    private OrtRun(OrtSession session, Map<String, OnnxTensor> input, Map<String, OnnxTensor> output) {
        this.session = session;
        this.input = input;
        this.output = output;
    }

    /** A carrier: nodes that are equal on purpose are kept apart. */
    static OrtRun carrier(Profile profile, byte[] model, Shape image) {
        return open(profile, model, image, true);
    }

    /** A network as users run it. */
    static OrtRun network(Profile profile, byte[] model, Shape image) {
        return open(profile, model, image, false);
    }

    private static OrtRun open(Profile profile, byte[] model, Shape image, boolean keepEqualNodes) {
        try (var options = options(profile, keepEqualNodes)) {
            var environment = OrtEnvironment.getEnvironment();
            var session = environment.createSession(model, options);
            try {
                return open(environment, session, image);
            } catch (OrtException | RuntimeException e) {
                session.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new ProbeException("ONNX Runtime refuses the model: " + e.getMessage(), e);
        }
    }

    private static OrtRun open(OrtEnvironment environment, OrtSession session, Shape image) throws OrtException {
        var in = only(session.getInputInfo());
        var out = only(session.getOutputInfo());
        long[] imageShape = {1, image.channels(), image.height(), image.width()};
        long[] outputShape = atBatchOne(((TensorInfo) out.getInfo()).getShape());
        var input = OnnxTensor.createTensor(environment, pixels(image), imageShape);
        try {
            var output = OnnxTensor.createTensor(environment, floats(elements(outputShape)), outputShape);
            var run = new OrtRun(session, Map.of(in.getName(), input), Map.of(out.getName(), output));
            try {
                for (int i = 0; i < WARM_UP_RUNS; i++) {
                    run.run();
                }
                return run;
            } catch (RuntimeException e) {
                output.close();
                throw e;
            }
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

    private static long[] atBatchOne(long[] shape) {
        var fixed = shape.clone();
        for (int i = 0; i < fixed.length; i++) {
            fixed[i] = Math.max(1, fixed[i]);
        }
        return fixed;
    }

    private static int elements(long[] shape) {
        long elements = 1;
        for (long size : shape) {
            elements = Math.multiplyExact(elements, size);
            if (elements > MAX_OUTPUT) {
                throw new ProbeException("the model's output is too large", null);
            }
        }
        return (int) elements;
    }

    /** Values spread over [0, 1), as pixels are; zeros may be faster than any image. */
    private static FloatBuffer pixels(Shape image) {
        var random = new Random(1);
        var pixels = floats((int) image.elements());
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

    private static SessionOptions options(Profile profile, boolean keepEqualNodes) throws OrtException {
        var options = new SessionOptions();
        options.setOptimizationLevel(profile.level());
        options.setIntraOpNumThreads(profile.threads());
        options.setInterOpNumThreads(1);
        options.setExecutionMode(ExecutionMode.SEQUENTIAL);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        if (keepEqualNodes) {
            options.addConfigEntry("optimization.disable_specified_optimizers", "CommonSubexpressionElimination");
        }
        return options;
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
