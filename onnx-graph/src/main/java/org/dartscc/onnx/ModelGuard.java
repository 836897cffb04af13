package org.dartscc.onnx;

import java.io.IOException;
import java.util.List;
import java.util.Set;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;

/**
 * Stands before every runtime: lets only models pass that this project could have written, and refuses all others
 * before native code sees them. So a model can't name files or memory (external data), bring subgraphs, functions or
 * foreign operators, divide by a stride of zero, or claim tensors larger than its own bytes. Memory stays within a
 * small multiple of the model's size.
 */
public final class ModelGuard {
    /** Many times the largest model of the search spaces. */
    public static final long MAX_BYTES = 64 << 20;

    private static final int MAX_SIZE = 1 << 14;
    private static final Set<String> OPERATORS = Set.of(
            "Add",
            "AveragePool",
            "BatchNormalization",
            "Concat",
            "ConstantOfShape",
            "Conv",
            "Div",
            "Flatten",
            "Gemm",
            "GlobalAveragePool",
            "MaxPool",
            "Relu",
            "Shape",
            "Slice",
            "Sub");
    private static final Set<String> POSITIVE = Set.of("kernel_shape", "strides", "dilations", "group");

    private ModelGuard() {}

    /** As {@link #check(byte[], long)} with the default limit. */
    public static void check(byte[] model) throws RefusedModelException {
        check(model, MAX_BYTES);
    }

    /** @throws RefusedModelException saying why, for everything that is not a model as this project writes them */
    public static void check(byte[] model, long maxBytes) throws RefusedModelException {
        require(model.length > 0, "it is empty");
        require(model.length <= maxBytes, "its %d bytes are over the limit of %d", model.length, maxBytes);
        try {
            WireScan.scan(model, ModelProto.getDescriptor());
            checkModel(ModelProto.parseFrom(model));
        } catch (IOException e) {
            throw new RefusedModelException("it is no ONNX model (" + e.getMessage() + ")", e);
        }
    }

    private static void checkModel(ModelProto model) throws RefusedModelException {
        require(model.getIrVersion() == OnnxGraph.IR_VERSION, "its IR version is %d", model.getIrVersion());
        require(
                model.getOpsetImportCount() == 1
                        && model.getOpsetImport(0).getDomain().isEmpty()
                        && model.getOpsetImport(0).getVersion() == OnnxGraph.OPSET,
                "it needs other operators than those of opset %d",
                OnnxGraph.OPSET);
        require(model.getFunctionsCount() == 0 && model.getTrainingInfoCount() == 0, "it brings functions");
        checkGraph(model.getGraph());
    }

    private static void checkGraph(GraphProto graph) throws RefusedModelException {
        require(
                graph.getSparseInitializerCount() == 0 && graph.getQuantizationAnnotationCount() == 0,
                "it has sparse or annotated tensors");
        require(names(graph.getInputList()).equals(List.of(OnnxModels.INPUT)), "its input is not image");
        require(names(graph.getOutputList()).equals(List.of(OnnxModels.OUTPUT)), "its output is not logits");
        for (var tensor : graph.getInitializerList()) {
            checkTensor(tensor);
        }
        for (var node : graph.getNodeList()) {
            checkNode(node);
        }
        for (var input : graph.getInputList()) {
            for (var dimension : input.getType().getTensorType().getShape().getDimList()) {
                require(isSize(dimension.getDimValue()), "its image is %d wide", dimension.getDimValue());
            }
        }
    }

    private static List<String> names(List<ValueInfoProto> values) {
        return values.stream().map(ValueInfoProto::getName).toList();
    }

    private static void checkTensor(TensorProto tensor) throws RefusedModelException {
        var name = tensor.getName();
        require(
                tensor.getExternalDataCount() == 0 && tensor.getDataLocation() == TensorProto.DataLocation.DEFAULT,
                "its tensor %s is outside of the model",
                name);
        require(!tensor.hasSegment(), "its tensor %s is a segment", name);
        int width = width(tensor);
        long elements = 1;
        for (long dimension : tensor.getDimsList()) {
            require(isSize(dimension), "its tensor %s has a dimension of %d", name, dimension);
            elements *= dimension;
            require(elements <= MAX_BYTES, "its tensor %s is too large", name);
        }
        require(
                tensor.getRawData().size() == width * elements,
                "its tensor %s has %d bytes for %d values",
                name,
                tensor.getRawData().size(),
                elements);
        if (width == Long.BYTES) {
            checkLongs(tensor);
        }
    }

    private static int width(TensorProto tensor) throws RefusedModelException {
        if (tensor.getDataType() == TensorProto.DataType.FLOAT_VALUE) {
            return Float.BYTES;
        }
        require(
                tensor.getDataType() == TensorProto.DataType.INT64_VALUE,
                "its tensor %s has the data type %d",
                tensor.getName(),
                tensor.getDataType());
        return Long.BYTES;
    }

    /** Whole numbers are sizes and places of slices. */
    private static void checkLongs(TensorProto tensor) throws RefusedModelException {
        var values = tensor.getRawData()
                .asReadOnlyByteBuffer()
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .asLongBuffer();
        while (values.hasRemaining()) {
            long value = values.get();
            require(isSize(value), "its tensor %s holds the size %d", tensor.getName(), value);
        }
    }

    private static void checkNode(NodeProto node) throws RefusedModelException {
        require(
                node.getDomain().isEmpty() && OPERATORS.contains(node.getOpType()),
                "it uses the operator %s:%s",
                node.getDomain(),
                node.getOpType());
        for (var attribute : node.getAttributeList()) {
            checkAttribute(attribute);
        }
    }

    private static void checkAttribute(AttributeProto attribute) throws RefusedModelException {
        var name = attribute.getName();
        int least = POSITIVE.contains(name) ? 1 : 0;
        switch (attribute.getType()) {
            case FLOAT -> require(Float.isFinite(attribute.getF()), "its attribute %s is not finite", name);
            case INT ->
                require(
                        attribute.getI() >= least && isSize(attribute.getI()),
                        "its attribute %s is %d",
                        name,
                        attribute.getI());
            case INTS ->
                require(
                        attribute.getIntsList().stream().allMatch(i -> i >= least && isSize(i)),
                        "its attribute %s is %s",
                        name,
                        attribute.getIntsList());
            default ->
                throw new RefusedModelException("its attribute " + name + " is of the kind " + attribute.getType());
        }
        require(
                !attribute.hasT()
                        && !attribute.hasG()
                        && !attribute.hasSparseTensor()
                        && attribute.getTensorsCount() == 0
                        && attribute.getGraphsCount() == 0
                        && attribute.getSparseTensorsCount() == 0
                        && attribute.getRefAttrName().isEmpty(),
                "its attribute %s holds more than numbers",
                name);
    }

    private static boolean isSize(long value) {
        return value >= 0 && value <= MAX_SIZE;
    }

    private static void require(boolean holds, String otherwise, Object... details) throws RefusedModelException {
        if (!holds) {
            throw new RefusedModelException(otherwise.formatted(details));
        }
    }
}
