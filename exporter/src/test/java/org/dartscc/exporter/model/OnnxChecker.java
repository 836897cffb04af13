package org.dartscc.exporter.model;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.onnx.ModelProto;
import org.bytedeco.onnx.global.onnx;

/** The official checker of the ONNX project. */
final class OnnxChecker {
    private OnnxChecker() {}

    /** Full check with strict shape inference; throws what the checker finds. */
    static void check(byte[] model) {
        try (var proto = new ModelProto();
                var bytes = new BytePointer(model)) {
            if (!onnx.ParseProtoFromBytes(proto, bytes, model.length)) {
                throw new AssertionError("the checker can't parse the model");
            }
            onnx.check_model(proto, true, false, false);
        }
    }
}
