package org.dartscc.k8s;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;

/** A Deployment, StatefulSet or Job, seen as the pods that it makes. */
record Workload(
        HasMetadata resource, PodTemplateSpec template, LabelSelector selector, List<PersistentVolumeClaim> claims) {

    String name() {
        return resource.getMetadata().getName();
    }

    @Override
    public String toString() {
        return resource.getKind() + " " + name();
    }

    PodSpec pod() {
        return template.getSpec();
    }

    Map<String, String> labels() {
        return template.getMetadata().getLabels();
    }

    List<Container> containers() {
        return Stream.concat(pod().getInitContainers().stream(), pod().getContainers().stream())
                .toList();
    }

    boolean matches(Map<String, String> wanted) {
        return wanted != null && labels().entrySet().containsAll(wanted.entrySet());
    }

    /** The number behind a port's name or number, when a container of the pods has it. */
    Optional<Integer> port(IntOrString port) {
        return containers().stream()
                .flatMap(c -> c.getPorts().stream())
                .filter(p -> port.getIntVal() != null
                        ? p.getContainerPort().equals(port.getIntVal())
                        : port.getStrVal().equals(p.getName()))
                .map(ContainerPort::getContainerPort)
                .findFirst();
    }

    /** Variables with the values that manifests give them; empty where the value is in a Secret. */
    static Map<String, Optional<String>> environment(Container container, Manifests manifests) {
        var environment = new LinkedHashMap<String, Optional<String>>();
        for (var source : container.getEnvFrom()) {
            if (source.getConfigMapRef() != null) {
                manifests
                        .find(ConfigMap.class, source.getConfigMapRef().getName())
                        .ifPresent(m -> m.getData().forEach((k, v) -> environment.put(k, Optional.of(v))));
            }
        }
        container.getEnv().forEach(e -> environment.put(e.getName(), Optional.ofNullable(e.getValue())));
        return environment;
    }

    /** Where something can be written, or is mounted read-only. */
    static List<String> mounts(Container container) {
        var mounts = new ArrayList<String>();
        container.getVolumeMounts().forEach(m -> mounts.add(m.getMountPath()));
        return mounts;
    }
}
