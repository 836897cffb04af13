package org.dartscc.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.onnx.global.onnx;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.dartscc.model.network.Footprint;

import static org.assertj.core.api.Assertions.assertThat;

/** What a network is said to take, against the file and the shapes that the official shape inference finds in it. */
class FootprintTest {

    @ParameterizedTest
    @MethodSource("org.dartscc.onnx.OnnxModelsTest#genotypes")
    void theGraphHasExactlyThePredictedSizeAndPeak(OnnxModelsTest.Candidate candidate) throws Exception {
        var network = candidate.network();
        var model = OnnxModels.untrained(network, 1);
        var footprint = Footprint.of(network);

        assertThat(footprint.graphBytes())
                .isEqualTo(ModelProto.parseFrom(model).getGraph().getSerializedSize());
        assertThat(footprint.peakActivationBytes()).isEqualTo(peak(inferred(model)));
        // Beside the graph there are a few constant fields and, in a trained model, the metadata.
        assertThat(footprint.fileBytes()).isGreaterThan(model.length);
    }

    private static GraphProto inferred(byte[] model) throws Exception {
        try (var proto = new org.bytedeco.onnx.ModelProto();
                var bytes = new BytePointer(model)) {
            onnx.ParseProtoFromBytes(proto, bytes, model.length);
            onnx.InferShapes(proto);
            try (var serialized = proto.SerializeAsString()) {
                var content = new byte[(int) serialized.limit()];
                serialized.get(content);
                return ModelProto.parseFrom(content).getGraph();
            }
        }
    }

    /** By its definition: at each node its output, and every tensor that exists and is still read. */
    private static long peak(GraphProto graph) {
        Map<String, Long> sizes = new HashMap<>();
        graph.getInputList()
                .forEach(v -> sizes.put(v.getName(), bytes(v.getType().getTensorType())));
        graph.getValueInfoList()
                .forEach(v -> sizes.put(v.getName(), bytes(v.getType().getTensorType())));
        graph.getOutputList()
                .forEach(v -> sizes.put(v.getName(), bytes(v.getType().getTensorType())));
        Set<String> live = new HashSet<>(Set.of(graph.getInput(0).getName()));
        long peak = 0;
        for (int n = 0; n < graph.getNodeCount(); n++) {
            live.add(graph.getNode(n).getOutput(0));
            peak = Math.max(peak, live.stream().mapToLong(sizes::get).sum());
            var needed = new HashSet<String>(Set.of(graph.getOutput(0).getName()));
            for (int later = n + 1; later < graph.getNodeCount(); later++) {
                needed.addAll(graph.getNode(later).getInputList());
            }
            live.retainAll(new ArrayList<>(needed));
        }
        return peak;
    }

    private static long bytes(TypeProto.Tensor tensor) {
        long elements = 1;
        for (var dimension : tensor.getShape().getDimList()) {
            // The batch has one image.
            elements *= dimension.hasDimValue() ? dimension.getDimValue() : 1;
        }
        int float32 = 1;
        return elements * (tensor.getElemType() == float32 ? Float.BYTES : Long.BYTES);
    }
}
