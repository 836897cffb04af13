package org.dartscc.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;

/**
 * An ONNX graph under construction. It owns the tensors' names, which are unique; a node is named after its output.
 * Equal calls give equal bytes.
 */
final class OnnxGraph {
    /** The versions that every ONNX tool of the last years reads. */
    static final int IR_VERSION = 8;

    static final int OPSET = 17;
    static final String BATCH = "N";

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("network");
    private final Set<String> names = new HashSet<>();

    String input(String name, String doc, int... dimensionsAfterBatch) {
        graph.addInput(value(claim(name), doc, dimensionsAfterBatch));
        return name;
    }

    /** Declares a tensor that a node has written as the graph's output. */
    void output(String name, String doc, int... dimensionsAfterBatch) {
        graph.addOutput(value(name, doc, dimensionsAfterBatch));
    }

    private static ValueInfoProto value(String name, String doc, int... dimensionsAfterBatch) {
        var shape = TensorShapeProto.newBuilder();
        shape.addDimBuilder().setDimParam(BATCH);
        for (int dimension : dimensionsAfterBatch) {
            shape.addDimBuilder().setDimValue(dimension);
        }
        var tensor = TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT_VALUE)
                .setShape(shape);
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setDocString(doc)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** Adds constant float32 values, row-major. */
    String floats(String name, List<Long> shape, float[] values) {
        var bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return initializer(name, TensorProto.DataType.FLOAT, shape, bytes);
    }

    /** A constant int64 vector, shared by all who need the same one. */
    String longs(long... values) {
        var name = "longs" + Arrays.toString(values).replace(" ", "");
        if (names.contains(name)) {
            return name;
        }
        var bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return initializer(name, TensorProto.DataType.INT64, List.of((long) values.length), bytes);
    }

    private String initializer(String name, TensorProto.DataType type, List<Long> shape, ByteBuffer littleEndian) {
        graph.addInitializer(TensorProto.newBuilder()
                .setName(claim(name))
                .setDataType(type.getNumber())
                .addAllDims(shape)
                .setRawData(ByteString.copyFrom(littleEndian)));
        return name;
    }

    /** Adds a node; the result is its output, for the next node to take. */
    String node(String operator, String output, List<String> inputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addAllInput(inputs)
                .addOutput(claim(output))
                .addAllAttribute(List.of(attributes)));
        return output;
    }

    private String claim(String name) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("a graph has two tensors named " + name);
        }
        return name;
    }

    static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto attribute(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    static AttributeProto attribute(String name, List<Long> values) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INTS)
                .addAllInts(values)
                .build();
    }

    /** The graph as a model, its metadata in the order of the keys. */
    byte[] model(String producerVersion, String doc, Map<String, String> metadata) {
        var model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setProducerName("darts-cc")
                .setProducerVersion(producerVersion)
                .setDomain("org.dartscc")
                .setModelVersion(1)
                .setDocString(doc)
                .setGraph(graph);
        new TreeMap<>(metadata)
                .forEach((key, value) -> model.addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
        return model.build().toByteArray();
    }
}
