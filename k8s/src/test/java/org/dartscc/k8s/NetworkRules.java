package org.dartscc.k8s;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;

/** Every way that a pod's configuration names is open at both its ends, and policies select pods that exist. */
final class NetworkRules {
    private static final int DNS = 53;

    private final Manifests manifests;
    private final List<NetworkPolicy> policies;
    private final List<String> findings = new ArrayList<>();

    private NetworkRules(Manifests manifests) {
        this.manifests = manifests;
        this.policies = manifests.all(NetworkPolicy.class).toList();
    }

    static List<String> findings(Manifests manifests) {
        var rules = new NetworkRules(manifests);
        rules.policies.forEach(rules::selectors);
        manifests.workloads().forEach(rules::ways);
        return rules.findings;
    }

    static boolean isEmpty(LabelSelector selector) {
        return selector.getMatchLabels().isEmpty()
                && selector.getMatchExpressions().isEmpty();
    }

    private void selectors(NetworkPolicy policy) {
        var peers = new ArrayList<NetworkPolicyPeer>();
        policy.getSpec().getIngress().forEach(i -> peers.addAll(i.getFrom()));
        policy.getSpec().getEgress().forEach(e -> peers.addAll(e.getTo()));
        var selectors = new ArrayList<>(peers.stream()
                .filter(p -> p.getNamespaceSelector() == null)
                .map(NetworkPolicyPeer::getPodSelector)
                .filter(Objects::nonNull)
                .toList());
        selectors.add(policy.getSpec().getPodSelector());
        for (var selector : selectors) {
            require(
                    manifests.workloads().stream().anyMatch(w -> w.matches(selector.getMatchLabels())),
                    "NetworkPolicy " + policy.getMetadata().getName() + " selects no pod with "
                            + selector.getMatchLabels());
        }
    }

    private void ways(Workload client) {
        for (var container : client.containers()) {
            for (var value : Workload.environment(container, manifests).values()) {
                value.map(Host::in).orElse(List.of()).forEach(host -> way(client, host));
            }
        }
    }

    private void way(Workload client, Host host) {
        var service = manifests.find(Service.class, host.name());
        var server = manifests.workloads().stream()
                .filter(w ->
                        service.isPresent() && w.matches(service.get().getSpec().getSelector()))
                .findFirst();
        if (server.isEmpty() || server.get().equals(client)) {
            return;
        }
        var port = service.get().getSpec().getPorts().stream()
                .filter(p -> p.getPort() == host.port())
                .findFirst()
                .flatMap(p -> server.get().port(p.getTargetPort()));
        if (port.isEmpty()) {
            return;
        }
        require(leaves(client, server, port.get()), client + " may not leave for " + host);
        require(leaves(client, Optional.empty(), DNS), client + " may not ask for names");
        require(enters(client, server.get(), port.get()), server.get() + " may not be reached by " + client);
    }

    /** @param server empty for pods of other namespaces */
    private boolean leaves(Workload client, Optional<Workload> server, int port) {
        return policies.stream()
                .filter(p -> client.matches(p.getSpec().getPodSelector().getMatchLabels()))
                .flatMap(p -> p.getSpec().getEgress().stream())
                .anyMatch(e -> opens(e.getPorts(), port) && e.getTo().stream().anyMatch(to -> isPeer(to, server)));
    }

    private boolean enters(Workload client, Workload server, int port) {
        return policies.stream()
                .filter(p -> server.matches(p.getSpec().getPodSelector().getMatchLabels()))
                .flatMap(p -> p.getSpec().getIngress().stream())
                .anyMatch(i -> opens(i.getPorts(), port)
                        && i.getFrom().stream().anyMatch(from -> isPeer(from, Optional.of(client))));
    }

    private static boolean isPeer(NetworkPolicyPeer peer, Optional<Workload> workload) {
        if (workload.isEmpty()) {
            return peer.getNamespaceSelector() != null;
        }
        return peer.getNamespaceSelector() == null
                && peer.getPodSelector() != null
                && workload.get().matches(peer.getPodSelector().getMatchLabels());
    }

    private static boolean opens(List<NetworkPolicyPort> ports, int port) {
        return ports.stream().anyMatch(p -> new IntOrString(port).equals(p.getPort()));
    }

    private void require(boolean holds, String finding) {
        if (!holds && !findings.contains(finding)) {
            findings.add(finding);
        }
    }
}
