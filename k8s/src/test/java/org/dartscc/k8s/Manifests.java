package org.dartscc.k8s;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;

/**
 * Rendered resources in the types of their kinds.
 *
 * @param findings what could not be read: unknown kinds, unknown fields, wrong types
 */
record Manifests(List<HasMetadata> resources, List<String> findings) {
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.ofEntries(
            Map.entry("v1/Namespace", Namespace.class),
            Map.entry("v1/ConfigMap", ConfigMap.class),
            Map.entry("v1/Secret", Secret.class),
            Map.entry("v1/Service", Service.class),
            Map.entry("v1/ServiceAccount", ServiceAccount.class),
            Map.entry("v1/PersistentVolumeClaim", PersistentVolumeClaim.class),
            Map.entry("apps/v1/Deployment", Deployment.class),
            Map.entry("apps/v1/StatefulSet", StatefulSet.class),
            Map.entry("batch/v1/Job", Job.class),
            Map.entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class));

    /** Without the models' catch-all for unknown fields, Jackson refuses them, as an API server does. */
    private static final ObjectMapper STRICT = new ObjectMapper()
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            });

    static Manifests of(List<ObjectNode> documents) {
        var resources = new ArrayList<HasMetadata>();
        var findings = new ArrayList<String>();
        for (var document : documents) {
            var kind = document.path("apiVersion").asText() + "/"
                    + document.path("kind").asText();
            var type = KINDS.get(kind);
            if (type == null) {
                findings.add("unexpected kind " + kind);
                continue;
            }
            try {
                resources.add(STRICT.treeToValue(document, type));
            } catch (JsonProcessingException e) {
                findings.add(kind + " " + document.at("/metadata/name").asText() + ": " + e.getMessage());
            }
        }
        return new Manifests(List.copyOf(resources), List.copyOf(findings));
    }

    <T extends HasMetadata> Stream<T> all(Class<T> kind) {
        return resources.stream().filter(kind::isInstance).map(kind::cast);
    }

    <T extends HasMetadata> Optional<T> find(Class<T> kind, String name) {
        return all(kind).filter(r -> r.getMetadata().getName().equals(name)).findFirst();
    }

    /** Everything that makes pods. */
    List<Workload> workloads() {
        return Stream.of(
                        all(Deployment.class)
                                .map(d -> new Workload(
                                        d,
                                        d.getSpec().getTemplate(),
                                        d.getSpec().getSelector(),
                                        List.of())),
                        all(StatefulSet.class)
                                .map(s -> new Workload(
                                        s,
                                        s.getSpec().getTemplate(),
                                        s.getSpec().getSelector(),
                                        s.getSpec().getVolumeClaimTemplates())),
                        all(Job.class)
                                .map(j -> new Workload(
                                        j,
                                        j.getSpec().getTemplate(),
                                        j.getSpec().getSelector(),
                                        List.of())))
                .flatMap(s -> s)
                .toList();
    }
}
