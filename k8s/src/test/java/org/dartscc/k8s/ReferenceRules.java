package org.dartscc.k8s;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;

/** Whatever a resource names is there: labels, ConfigMaps, Secrets, claims, accounts, ports, hosts, mounted folders. */
final class ReferenceRules {
    private static final Pattern CREATED_SECRET =
            Pattern.compile("kubectl [^\\n]*create secret generic (\\S+)((?:\\s*\\\\?\\s*--\\S+)*)");
    private static final Pattern LITERAL = Pattern.compile("--from-literal=([A-Za-z0-9_.-]+)=");

    private final Manifests manifests;
    private final Map<String, Set<String>> secrets;
    private final List<String> findings = new ArrayList<>();

    private ReferenceRules(Manifests manifests, Map<String, Set<String>> secrets) {
        this.manifests = manifests;
        this.secrets = secrets;
    }

    /** @param guide text that tells how to create the Secrets, which no manifest may hold */
    static List<String> findings(Manifests manifests, String guide) {
        var secrets = CREATED_SECRET
                .matcher(guide)
                .results()
                .collect(Collectors.toMap(
                        m -> m.group(1),
                        m -> LITERAL.matcher(m.group(2))
                                .results()
                                .map(l -> l.group(1))
                                .collect(Collectors.toSet()),
                        (a, b) -> a));
        var rules = new ReferenceRules(manifests, secrets);
        rules.uniqueNames();
        rules.services();
        manifests.workloads().forEach(rules::workload);
        return rules.findings;
    }

    private void uniqueNames() {
        var seen = new HashSet<String>();
        manifests.resources().forEach(r -> {
            var name = r.getKind() + " " + r.getMetadata().getName();
            require(seen.add(name), name + " is there twice");
        });
    }

    private void services() {
        manifests.all(Service.class).forEach(service -> {
            var name = "Service " + service.getMetadata().getName();
            var behind = manifests.workloads().stream()
                    .filter(w -> w.matches(service.getSpec().getSelector()))
                    .toList();
            require(behind.size() == 1, name + " selects " + behind);
            service.getSpec()
                    .getPorts()
                    .forEach(port -> require(
                            behind.stream()
                                    .allMatch(w -> w.port(port.getTargetPort()).isPresent()),
                            name + " has the target port "
                                    + port.getTargetPort().getValue() + ", which no container has"));
        });
        manifests
                .all(StatefulSet.class)
                .forEach(s -> require(
                        manifests
                                .find(Service.class, s.getSpec().getServiceName())
                                .isPresent(),
                        "StatefulSet " + s.getMetadata().getName() + " names the missing Service "
                                + s.getSpec().getServiceName()));
    }

    private void workload(Workload workload) {
        require(
                workload.selector() == null
                        || workload.matches(workload.selector().getMatchLabels()),
                workload + ": its selector is not among the labels of its pods");
        require(
                manifests
                        .find(ServiceAccount.class, workload.pod().getServiceAccountName())
                        .isPresent(),
                workload + " runs as the missing ServiceAccount "
                        + workload.pod().getServiceAccountName());
        workload.pod().getVolumes().forEach(v -> volume(workload, v));
        workload.containers().forEach(c -> container(workload, c));
    }

    private void volume(Workload workload, Volume volume) {
        if (volume.getPersistentVolumeClaim() != null) {
            var claim = volume.getPersistentVolumeClaim().getClaimName();
            require(
                    manifests.find(PersistentVolumeClaim.class, claim).isPresent(),
                    workload + " mounts the missing PersistentVolumeClaim " + claim);
        }
        if (volume.getConfigMap() != null) {
            configMap(workload, volume.getConfigMap().getName());
        }
    }

    private void container(Workload workload, Container container) {
        container.getEnvFrom().stream()
                .filter(e -> e.getConfigMapRef() != null)
                .forEach(e -> configMap(workload, e.getConfigMapRef().getName()));
        container.getEnv().forEach(e -> variable(workload, e));
        var volumes = new HashSet<String>();
        workload.pod().getVolumes().forEach(v -> volumes.add(v.getName()));
        workload.claims().forEach(c -> volumes.add(c.getMetadata().getName()));
        container
                .getVolumeMounts()
                .forEach(m ->
                        require(volumes.contains(m.getName()), workload + " mounts the missing volume " + m.getName()));
        Workload.environment(container, manifests)
                .forEach((name, value) -> value.ifPresent(v -> {
                    if (v.startsWith("/")) {
                        require(
                                Workload.mounts(container).stream().anyMatch(m -> v.equals(m) || v.startsWith(m + "/")),
                                workload + ": " + name + "=" + v + " is on no mounted volume");
                    }
                    Host.in(v).forEach(h -> host(workload, name, h));
                }));
    }

    private void variable(Workload workload, EnvVar variable) {
        var source = variable.getValueFrom();
        if (source != null && source.getSecretKeyRef() != null) {
            var secret = source.getSecretKeyRef().getName();
            require(
                    secrets.getOrDefault(secret, Set.of())
                            .contains(source.getSecretKeyRef().getKey()),
                    workload + " needs the key " + source.getSecretKeyRef().getKey() + " of the Secret " + secret
                            + ", which the guide does not create");
        }
        if (source != null && source.getConfigMapKeyRef() != null) {
            configMap(workload, source.getConfigMapKeyRef().getName());
        }
    }

    private void configMap(Workload workload, String name) {
        require(manifests.find(ConfigMap.class, name).isPresent(), workload + " names the missing ConfigMap " + name);
    }

    private void host(Workload workload, String variable, Host host) {
        var service = manifests.find(Service.class, host.name());
        require(
                service.isPresent()
                        && service.get().getSpec().getPorts().stream().anyMatch(p -> p.getPort() == host.port()),
                workload + ": " + variable + " names " + host + ", and there is no such Service and port");
    }

    private void require(boolean holds, String finding) {
        if (!holds) {
            findings.add(finding);
        }
    }
}
