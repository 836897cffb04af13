package org.dartscc.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

/**
 * Renders a kustomization without kubectl: of kustomize it knows resources, the namespace and merging patches,
 * which is all that ours use, and refuses the rest.
 */
final class Kustomization {
    static final ObjectMapper YAML = new ObjectMapper(YAMLFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    private static final Set<String> KNOWN = Set.of("apiVersion", "kind", "namespace", "resources", "patches");
    private static final Set<String> WITHOUT_NAMESPACE = Set.of("Namespace");

    /** What tells the elements of a list of objects apart. */
    private static final Map<String, String> LIST_KEYS =
            Map.of("containers", "name", "env", "name", "volumes", "name", "volumeMounts", "mountPath");

    private Kustomization() {}

    /** The resources of the kustomization in that folder, in the order in which it names them. */
    static List<ObjectNode> render(Path folder) {
        var kustomization = documents(folder.resolve("kustomization.yaml")).get(0);
        kustomization.fieldNames().forEachRemaining(field -> {
            if (!KNOWN.contains(field)) {
                throw new IllegalArgumentException(folder + ": this renderer does not know \"" + field + "\"");
            }
        });
        var resources = new ArrayList<ObjectNode>();
        for (var entry : kustomization.path("resources")) {
            var path = folder.resolve(entry.asText()).normalize();
            resources.addAll(Files.isDirectory(path) ? render(path) : documents(path));
        }
        for (var patch : kustomization.path("patches")) {
            documents(folder.resolve(patch.path("path").asText())).forEach(p -> apply(p, resources));
        }
        if (kustomization.has("namespace")) {
            resources.stream()
                    .filter(r -> !WITHOUT_NAMESPACE.contains(r.path("kind").asText()))
                    .forEach(r -> r.withObject("/metadata").set("namespace", kustomization.get("namespace")));
        }
        return resources;
    }

    /** The resources as {@code kubectl kustomize} renders them. */
    static List<ObjectNode> renderWithKubectl(Path folder) throws IOException, InterruptedException {
        var output = Files.createTempFile("kustomize", ".yaml");
        try {
            var kubectl = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .redirectOutput(output.toFile())
                    .start();
            if (!kubectl.waitFor(1, TimeUnit.MINUTES) || kubectl.exitValue() != 0) {
                kubectl.destroyForcibly();
                throw new IOException("kubectl kustomize " + folder + " failed");
            }
            return documents(output);
        } finally {
            Files.delete(output);
        }
    }

    private static List<ObjectNode> documents(Path file) {
        try (var documents = YAML.readerFor(ObjectNode.class).<ObjectNode>readValues(file.toFile())) {
            return documents.readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": " + e.getMessage(), e);
        }
    }

    private static void apply(ObjectNode patch, List<ObjectNode> resources) {
        var target = resources.stream()
                .filter(r -> r.path("kind").equals(patch.path("kind"))
                        && r.at("/metadata/name").equals(patch.at("/metadata/name")))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "nothing to patch for " + patch.path("kind") + " " + patch.at("/metadata/name")));
        merge(target, patch);
    }

    private static void merge(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(field -> {
            var old = target.get(field.getKey());
            if (old instanceof ObjectNode oldObject && field.getValue() instanceof ObjectNode newObject) {
                merge(oldObject, newObject);
            } else if (old instanceof ArrayNode oldList
                    && field.getValue().path(0).isObject()) {
                target.set(field.getKey(), merged(oldList, field.getValue(), LIST_KEYS.get(field.getKey())));
            } else {
                target.set(field.getKey(), field.getValue());
            }
        });
    }

    /** Elements of one key are merged, and new ones come first, as kustomize has it. */
    private static ArrayNode merged(ArrayNode old, JsonNode patch, String key) {
        if (key == null) {
            throw new IllegalArgumentException("this renderer does not patch such a list: " + patch);
        }
        var merged = YAML.createArrayNode();
        for (var element : patch) {
            var same = elements(old)
                    .filter(e -> e.path(key).equals(element.path(key)))
                    .findFirst();
            same.ifPresentOrElse(e -> merge((ObjectNode) e, (ObjectNode) element), () -> merged.add(element));
        }
        return merged.addAll(old);
    }

    private static Stream<JsonNode> elements(ArrayNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
