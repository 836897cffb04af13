package org.dartscc.agent.onednn;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.onnxruntime.IoBinding;
import org.bytedeco.onnxruntime.MemoryInfo;
import org.bytedeco.onnxruntime.RunOptions;
import org.bytedeco.onnxruntime.Session;
import org.bytedeco.onnxruntime.Value;

import org.dartscc.agent.probe.OpenModel;
import org.dartscc.agent.probe.ProbeException;
import org.dartscc.model.network.Shape;
import org.dartscc.onnx.OnnxModels;

import static org.bytedeco.onnxruntime.global.onnxruntime.OrtArenaAllocator;
import static org.bytedeco.onnxruntime.global.onnxruntime.OrtMemTypeDefault;

/** A session with images and a place for the output bound to it, both made once. */
final class OneDnnModel implements OpenModel {
    private final Session session;
    private final FloatPointer pixels;
    private final FloatPointer outputs;
    private final Value input;
    private final Value output;
    private final IoBinding binding;
    private final RunOptions options = new RunOptions();

    /** Takes over the session. */
    OneDnnModel(Session session, Shape image, int batch) {
        this.session = session;
        var outputShape = outputShape(session, batch);
        this.pixels = pixels(batch * image.elements());
        this.outputs = new FloatPointer(Arrays.stream(outputShape).reduce(1, Math::multiplyExact));
        try (var memory = MemoryInfo.CreateCpu(OrtArenaAllocator, OrtMemTypeDefault)) {
            this.input = tensor(memory, pixels, batch, image.channels(), image.height(), image.width());
            this.output = tensor(memory, outputs, outputShape);
        }
        this.binding = new IoBinding(session);
        binding.BindInput(OnnxModels.INPUT, input);
        binding.BindOutput(session.GetOutputNames().get(0).getString(), output);
    }

    /** The batch is the only dimension that a model of ours leaves open. */
    private static long[] outputShape(Session session, int batch) {
        var shape = session.GetOutputTypeInfo(0).GetTensorTypeAndShapeInfo().GetShape();
        return LongStream.range(0, shape.size())
                .map(shape::get)
                .map(size -> size < 1 ? batch : size)
                .toArray();
    }

    /** Values spread over [0, 1), as pixels are. */
    private static FloatPointer pixels(long count) {
        var random = new Random(1);
        var pixels = new FloatPointer(count);
        for (long i = 0; i < count; i++) {
            pixels.put(i, random.nextFloat());
        }
        return pixels;
    }

    private static Value tensor(MemoryInfo memory, FloatPointer values, long... shape) {
        try (var dimensions = new LongPointer(shape)) {
            return Value.CreateTensorFloat(
                    memory.asOrtMemoryInfo(), values, values.capacity(), dimensions, shape.length);
        }
    }

    @Override
    public void run() {
        try {
            session.Run(options, binding);
        } catch (RuntimeException e) {
            throw new ProbeException("ONNX Runtime with oneDNN failed to run the model: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        for (Pointer pointer : new Pointer[] {binding, input, output, options, session, pixels, outputs}) {
            pointer.deallocate();
        }
    }
}
