package org.dartscc.agent.onednn;

import java.util.Random;

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

/** A session with an image and a place for the logits bound to it, both made once. */
final class OneDnnModel implements OpenModel {
    private final Session session;
    private final FloatPointer pixels;
    private final FloatPointer logits;
    private final Value input;
    private final Value output;
    private final IoBinding binding;
    private final RunOptions options = new RunOptions();

    /** Takes over the session. */
    OneDnnModel(Session session, Shape image) {
        this.session = session;
        long classes = classes(session);
        this.pixels = pixels(image);
        this.logits = new FloatPointer(classes);
        try (var memory = MemoryInfo.CreateCpu(OrtArenaAllocator, OrtMemTypeDefault)) {
            this.input = tensor(memory, pixels, 1, image.channels(), image.height(), image.width());
            this.output = tensor(memory, logits, 1, classes);
        }
        this.binding = new IoBinding(session);
        binding.BindInput(OnnxModels.INPUT, input);
        binding.BindOutput(OnnxModels.OUTPUT, output);
    }

    private static long classes(Session session) {
        var shape = session.GetOutputTypeInfo(0).GetTensorTypeAndShapeInfo().GetShape();
        if (shape.size() != 2 || shape.get(1) < 1) {
            throw new ProbeException("the model's output is not [N, classes]", null);
        }
        return shape.get(1);
    }

    /** Values spread over [0, 1), as pixels are. */
    private static FloatPointer pixels(Shape image) {
        var random = new Random(1);
        var pixels = new FloatPointer(image.elements());
        for (long i = 0; i < image.elements(); i++) {
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
        for (Pointer pointer : new Pointer[] {binding, input, output, options, session, pixels, logits}) {
            pointer.deallocate();
        }
    }
}
