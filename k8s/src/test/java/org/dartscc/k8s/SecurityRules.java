package org.dartscc.k8s;

import java.util.ArrayList;
import java.util.List;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;

/** No pod may do more than it needs, nothing is open to the outside, and no manifest holds a secret. */
final class SecurityRules {
    private final Manifests manifests;
    private final List<String> findings = new ArrayList<>();

    private SecurityRules(Manifests manifests) {
        this.manifests = manifests;
    }

    static List<String> findings(Manifests manifests) {
        var rules = new SecurityRules(manifests);
        rules.cluster();
        manifests.workloads().forEach(rules::workload);
        return rules.findings;
    }

    private void cluster() {
        require(manifests.all(Secret.class).findAny().isEmpty(), "a manifest holds a Secret");
        manifests.all(Service.class).forEach(s -> {
            var type = s.getSpec().getType();
            require(
                    (type == null || type.equals("ClusterIP"))
                            && s.getSpec().getExternalIPs().isEmpty(),
                    "Service " + s.getMetadata().getName() + " is open to the outside: " + type);
        });
        manifests
                .all(ServiceAccount.class)
                .forEach(a -> require(
                        Boolean.FALSE.equals(a.getAutomountServiceAccountToken()),
                        "ServiceAccount " + a.getMetadata().getName() + " mounts its token"));
        require(
                manifests
                        .all(NetworkPolicy.class)
                        .anyMatch(p -> NetworkRules.isEmpty(p.getSpec().getPodSelector())
                                && p.getSpec().getPolicyTypes().containsAll(List.of("Ingress", "Egress"))
                                && p.getSpec().getIngress().isEmpty()
                                && p.getSpec().getEgress().isEmpty()),
                "no NetworkPolicy denies by default");
        require(
                manifests.all(Namespace.class).allMatch(n -> "restricted"
                        .equals(n.getMetadata().getLabels().getOrDefault("pod-security.kubernetes.io/enforce", ""))),
                "the Namespace does not enforce the restricted pod security standard");
    }

    private void workload(Workload workload) {
        pod(workload.toString(), workload.pod());
        workload.containers().forEach(c -> container(workload + ", container " + c.getName(), c));
    }

    private void pod(String who, PodSpec pod) {
        var context = pod.getSecurityContext();
        require(
                context != null
                        && Boolean.TRUE.equals(context.getRunAsNonRoot())
                        && context.getRunAsUser() != null
                        && context.getRunAsUser() > 0,
                who + " may run as root");
        require(
                context != null
                        && context.getSeccompProfile() != null
                        && "RuntimeDefault".equals(context.getSeccompProfile().getType()),
                who + " has no seccomp profile");
        require(Boolean.FALSE.equals(pod.getAutomountServiceAccountToken()), who + " mounts a token of the API server");
        require(Boolean.FALSE.equals(pod.getEnableServiceLinks()), who + " gets variables of services");
        require(
                !Boolean.TRUE.equals(pod.getHostNetwork())
                        && !Boolean.TRUE.equals(pod.getHostPID())
                        && !Boolean.TRUE.equals(pod.getHostIPC())
                        && pod.getVolumes().stream().allMatch(v -> v.getHostPath() == null),
                who + " reaches into its node");
    }

    private void container(String who, Container container) {
        var context = container.getSecurityContext();
        if (context == null) {
            findings.add(who + " has no securityContext");
            return;
        }
        require(Boolean.FALSE.equals(context.getAllowPrivilegeEscalation()), who + " may gain privileges");
        require(!Boolean.TRUE.equals(context.getPrivileged()), who + " is privileged");
        require(Boolean.TRUE.equals(context.getReadOnlyRootFilesystem()), who + " may write to its root file system");
        require(
                context.getCapabilities() != null
                        && context.getCapabilities().getDrop().contains("ALL")
                        && context.getCapabilities().getAdd().isEmpty(),
                who + " keeps capabilities");
        require(Workload.mounts(container).contains("/tmp"), who + " has no writable /tmp");
        require(
                container.getResources() != null
                        && container.getResources().getRequests().keySet().containsAll(List.of("cpu", "memory"))
                        && container.getResources().getLimits().containsKey("memory"),
                who + " has no bounds on what it takes");
        require(
                container.getImage().matches(".+:[^/:]+")
                        && !container.getImage().endsWith(":latest"),
                who + " runs an image of no fixed version: " + container.getImage());
        require(
                container.getPorts().stream().allMatch(p -> p.getHostPort() == null),
                who + " opens a port of its node");
        Workload.environment(container, manifests)
                .forEach((name, value) -> require(
                        value.isEmpty() || !name.matches(".*(TOKEN|PASSWORD|SECRET|USERNAME).*"),
                        who + " has a secret in the manifest: " + name));
    }

    private void require(boolean holds, String finding) {
        if (!holds) {
            findings.add(finding);
        }
    }
}
