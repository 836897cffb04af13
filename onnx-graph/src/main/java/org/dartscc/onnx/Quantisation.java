package org.dartscc.onnx;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

/**
 * A model of this project with int8 convolutions and linear layers, in the QDQ form of ONNX: QuantizeLinear and
 * DequantizeLinear around them, which runtimes fuse into integer kernels. Weights are int8 with a scale from their
 * largest value, feature maps uint8 with one scale for all: for measuring how long an int8 model takes. Accuracy is
 * not looked at, and would need scales from images.
 */
public final class Quantisation {
    private static final Set<String> QUANTISED = Set.of("Conv", "Gemm");

    /** Feature maps of normalised images and networks are some units wide. */
    private static final float MAP_SCALE = 16f / 255;

    private static final int INT8_MAX = 127;

    private final GraphProto.Builder graph;
    private final Map<String, TensorProto> constants = new HashMap<>();
    private final Map<String, List<NodeProto>> users = new HashMap<>();
    private final List<NodeProto> nodes = new ArrayList<>();

    /** From a float tensor to the one that went through uint8. */
    private final Map<String, String> mapped = new HashMap<>();

    private final Set<String> used = new HashSet<>();

    private Quantisation(GraphProto original) {
        this.graph = original.toBuilder().clearNode().clearInitializer();
        original.getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
        for (var node : original.getNodeList()) {
            node.getInputList().forEach(input -> users.computeIfAbsent(input, i -> new ArrayList<>())
                    .add(node));
        }
    }

    /** @param model as {@link OnnxModels} writes them */
    public static byte[] rewrite(byte[] model) {
        try {
            var original = ModelProto.parseFrom(model);
            var quantisation = new Quantisation(original.getGraph());
            original.getGraph().getNodeList().forEach(quantisation::add);
            return original.toBuilder().setGraph(quantisation.graph()).build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("it is no ONNX model: " + e.getMessage(), e);
        }
    }

    private GraphProto graph() {
        for (var node : nodes) {
            for (var input : node.getInputList()) {
                if (constants.containsKey(input) && used.add(input)) {
                    graph.addInitializer(constants.get(input));
                }
            }
        }
        return graph.addAllNode(nodes).build();
    }

    private void add(NodeProto node) {
        if (QUANTISED.contains(node.getOpType())) {
            addQuantised(node);
        } else {
            nodes.add(withInputs(
                    node,
                    node.getInputList().stream()
                            .map(input -> mapped.getOrDefault(input, input))
                            .toList()));
        }
        var output = node.getOutput(0);
        if (isQuantisedAfter(node) && users.containsKey(output)) {
            mapped.put(output, throughUint8(output, isRelu(node) ? 0 : 128));
        }
    }

    /** What a quantised layer gives goes through uint8, behind its ReLU if nothing else uses it. */
    private boolean isQuantisedAfter(NodeProto node) {
        if (QUANTISED.contains(node.getOpType())) {
            return !isFollowedByReluOnly(node);
        }
        return isRelu(node);
    }

    private boolean isFollowedByReluOnly(NodeProto node) {
        var following = users.getOrDefault(node.getOutput(0), List.of());
        return following.size() == 1 && isRelu(following.get(0));
    }

    private static boolean isRelu(NodeProto node) {
        return node.getOpType().equals("Relu");
    }

    private void addQuantised(NodeProto node) {
        var inputs = new ArrayList<String>();
        var map = node.getInput(0);
        inputs.add(mapped.computeIfAbsent(map, input -> throughUint8(input, 128)));
        float weightScale = scale(values(node.getInput(1)));
        inputs.add(weight(node.getInput(1), weightScale));
        if (node.getInputCount() > 2) {
            inputs.add(bias(node.getInput(2), weightScale * MAP_SCALE));
        }
        nodes.add(withInputs(node, inputs));
    }

    private static NodeProto withInputs(NodeProto node, List<String> inputs) {
        return node.toBuilder().clearInput().addAllInput(inputs).build();
    }

    private String throughUint8(String tensor, int zero) {
        var parameters = List.of(
                scalar(tensor + ".scale", MAP_SCALE),
                constant(tensor + ".zero", TensorProto.DataType.UINT8, List.of(), new byte[] {(byte) zero}));
        return linear(
                "DequantizeLinear",
                tensor + ".dequantized",
                linear("QuantizeLinear", tensor + ".quantized", tensor, parameters),
                parameters);
    }

    private String linear(String operator, String output, String input, List<String> parameters) {
        nodes.add(NodeProto.newBuilder()
                .setOpType(operator)
                .setName(output)
                .addInput(input)
                .addAllInput(parameters)
                .addOutput(output)
                .build());
        return output;
    }

    private String weight(String name, float scale) {
        var values = values(name);
        var bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Math.round(values[i] / scale);
        }
        var dims = constants.get(name).getDimsList();
        var parameters = List.of(
                scalar(name + ".scale", scale),
                constant(name + ".zero", TensorProto.DataType.INT8, List.of(), new byte[] {0}));
        return linear(
                "DequantizeLinear",
                name + ".dequantized",
                constant(name + ".int8", TensorProto.DataType.INT8, dims, bytes),
                parameters);
    }

    private String bias(String name, float scale) {
        var values = values(name);
        var bytes = java.nio.ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putInt(Math.round(value / scale));
        }
        var dims = constants.get(name).getDimsList();
        var parameters = List.of(
                scalar(name + ".scale", scale),
                constant(name + ".zero", TensorProto.DataType.INT32, List.of(), new byte[Integer.BYTES]));
        return linear(
                "DequantizeLinear",
                name + ".dequantized",
                constant(name + ".int32", TensorProto.DataType.INT32, dims, bytes.array()),
                parameters);
    }

    private static float scale(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest == 0 ? 1 : largest / INT8_MAX;
    }

    private float[] values(String name) {
        var tensor = constants.get(name);
        if (tensor == null || tensor.getDataType() != TensorProto.DataType.FLOAT_VALUE) {
            throw new IllegalArgumentException("the weights " + name + " are not in the model");
        }
        var buffer = tensor.getRawData()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        var values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private String scalar(String name, float value) {
        var bytes = java.nio.ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return constant(
                name,
                TensorProto.DataType.FLOAT,
                List.of(),
                bytes.putFloat(value).array());
    }

    private String constant(String name, TensorProto.DataType type, List<Long> dims, byte[] littleEndian) {
        constants.put(
                name,
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(type.getNumber())
                        .addAllDims(dims)
                        .setRawData(ByteString.copyFrom(littleEndian))
                        .build());
        return name;
    }
}
