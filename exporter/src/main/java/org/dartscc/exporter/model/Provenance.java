package org.dartscc.exporter.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;

import org.dartscc.model.message.ModelRequest;
import org.dartscc.model.network.Network;
import org.dartscc.onnx.OnnxModels;

/** Where a model comes from, as written into its metadata. Says nothing that changes from one export to the next. */
final class Provenance {
    private static final String COMMIT = commit();

    private Provenance() {}

    static Map<String, String> of(ModelRequest request, Network network) {
        var dataset = request.dataset();
        var metadata = new LinkedHashMap<String, String>();
        metadata.put("model", request.modelId());
        metadata.put("search", request.searchId());
        metadata.put("space", request.space().name());
        metadata.put("genotype", request.genotype().toString());
        metadata.put("parameters", Long.toString(network.live().parameterCount()));
        metadata.put("macs", Long.toString(network.live().macs()));
        metadata.put("dataset", dataset.name());
        metadata.put("split_seed", Long.toString(dataset.splitSeed()));
        metadata.put("class_names", jsonArray(dataset.classNames()));
        metadata.put("normalisation_mean", dataset.mean().toString());
        metadata.put("normalisation_std", dataset.std().toString());
        metadata.put("validation_accuracy", Double.toString(request.validationAccuracy()));
        metadata.put("test_accuracy", Double.toString(request.testAccuracy()));
        metadata.put("device", request.deviceId());
        metadata.put("cost_version", Long.toString(request.costVersion()));
        metadata.put("predicted_latency_micros", Double.toString(request.predictedLatencyMicros()));
        metadata.put("weights_sha256", request.weights().sha256());
        metadata.put("darts_cc_version", OnnxModels.PRODUCER_VERSION);
        if (COMMIT != null) {
            metadata.put("darts_cc_commit", COMMIT);
        }
        return metadata;
    }

    private static String jsonArray(List<String> texts) {
        return texts.stream().map(Provenance::jsonString).collect(Collectors.joining(",", "[", "]"));
    }

    private static String jsonString(String text) {
        return text.chars()
                .mapToObj(c -> c < ' ' || c == '"' || c == '\\' ? "\\u%04x".formatted(c) : Character.toString(c))
                .collect(Collectors.joining("", "\"", "\""));
    }

    /** The commit this was built from; null when it was built from something else than a git checkout. */
    private static String commit() {
        try (var file = Provenance.class.getResourceAsStream("/git.properties")) {
            var properties = new Properties();
            if (file != null) {
                properties.load(file);
            }
            return properties.getProperty("git.commit.id");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
