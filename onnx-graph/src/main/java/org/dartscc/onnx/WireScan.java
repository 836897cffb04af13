package org.dartscc.onnx;

import java.io.IOException;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;

/**
 * Walks the bytes of a protobuf message without building anything. A message of many tiny parts takes a hundred times
 * its size once parsed; this walk takes no memory, and refuses such bytes before they are parsed.
 */
final class WireScan {
    private static final int MAX_FIELDS = 200_000;
    private static final int MAX_DEPTH = 12;

    /** Values belong into raw data; packed numbers, as dimensions, are few. */
    private static final int MAX_PACKED_BYTES = 1 << 12;

    private final CodedInputStream in;
    private int fields;

    private WireScan(byte[] bytes) {
        this.in = CodedInputStream.newInstance(bytes);
    }

    /** @throws IOException when the bytes are not such a message */
    static void scan(byte[] bytes, Descriptor type) throws IOException, RefusedModelException {
        new WireScan(bytes).message(type, 0);
    }

    private void message(Descriptor type, int depth) throws IOException, RefusedModelException {
        if (depth > MAX_DEPTH) {
            throw new RefusedModelException("its parts are nested over " + MAX_DEPTH + " deep");
        }
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (++fields > MAX_FIELDS) {
                throw new RefusedModelException("it has over " + MAX_FIELDS + " parts");
            }
            var field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            if (field == null) {
                throw new RefusedModelException(
                        "it has an unknown field " + WireFormat.getTagFieldNumber(tag) + " in a " + type.getName());
            }
            field(field, tag, depth);
        }
    }

    private void field(FieldDescriptor field, int tag, int depth) throws IOException, RefusedModelException {
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            in.skipField(tag);
            return;
        }
        int length = in.readRawVarint32();
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            int outer = in.pushLimit(length);
            message(field.getMessageType(), depth + 1);
            in.checkLastTagWas(0);
            in.popLimit(outer);
            return;
        }
        if (field.isPackable() && length > MAX_PACKED_BYTES) {
            throw new RefusedModelException("its field " + field.getName() + " holds " + length + " packed bytes");
        }
        in.skipRawBytes(length);
    }
}
