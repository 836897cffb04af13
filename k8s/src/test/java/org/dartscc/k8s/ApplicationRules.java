package org.dartscc.k8s;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Probe;

/** Manifests say of our services what these say of themselves: ports, probes, names of variables. */
final class ApplicationRules {
    private final Manifests manifests;
    private final List<String> findings = new ArrayList<>();

    private ApplicationRules(Manifests manifests) {
        this.manifests = manifests;
    }

    static List<String> findings(Manifests manifests, List<Application> applications) {
        var rules = new ApplicationRules(manifests);
        applications.forEach(rules::application);
        return rules.findings;
    }

    private void application(Application application) {
        var containers = manifests.workloads().stream()
                .flatMap(w -> w.containers().stream())
                .filter(c -> c.getImage().matches(".*/" + application.module() + ":[^/]+"))
                .toList();
        require(containers.size() == 1, application.module() + " runs in " + containers.size() + " containers, not 1");
        for (var container : containers) {
            port(application, container);
            probe(application, container, "startup", "started", container.getStartupProbe());
            probe(application, container, "liveness", "live", container.getLivenessProbe());
            probe(application, container, "readiness", "ready", container.getReadinessProbe());
            variables(application, Workload.environment(container, manifests));
        }
    }

    private void port(Application application, Container container) {
        var ports = container.getPorts().stream()
                .map(ContainerPort::getContainerPort)
                .toList();
        require(
                ports.equals(List.of(application.httpPort())),
                "%s has the ports %s, but listens on %d"
                        .formatted(application.module(), ports, application.httpPort()));
    }

    private void probe(Application application, Container container, String kind, String endpoint, Probe probe) {
        var what = application.module() + ": its " + kind + " probe ";
        if (probe == null || probe.getHttpGet() == null) {
            findings.add(what + "is missing");
            return;
        }
        var path = probe.getHttpGet().getPath();
        require(application.healthPath(endpoint).equals(path), what + "asks " + path);
        require(
                Stream.of(probe.getHttpGet().getPort()).allMatch(p -> container.getPorts().stream()
                        .anyMatch(c -> p.getIntVal() == null
                                ? c.getName().equals(p.getStrVal())
                                : c.getContainerPort().equals(p.getIntVal()))),
                what + "asks port " + probe.getHttpGet().getPort().getValue());
    }

    private void variables(Application application, Map<String, Optional<String>> environment) {
        environment
                .keySet()
                .forEach(v -> require(application.reads(v), application.module() + " does not read the variable " + v));
        Stream.concat(
                        application.required().stream(),
                        application.known().stream().filter(ApplicationRules::needed))
                .distinct()
                .forEach(p -> require(
                        environment.containsKey(Application.variable(p)),
                        application.module() + " is not given " + Application.variable(p)));
    }

    /** Properties whose defaults, if there are any, are wrong in a cluster: places, and what a Secret holds. */
    private static boolean needed(String property) {
        return property.equals("kafka.bootstrap.servers")
                || property.equals("quarkus.http.host")
                || property.equals("quarkus.datasource.username")
                || property.equals("quarkus.datasource.password")
                || property.matches("quarkus\\.datasource\\..*url")
                || property.matches("dartscc\\.(artifacts|datasets)\\.folder")
                || property.matches("dartscc\\.(api|device)\\.token")
                || property.equals("dartscc.orchestrator.url");
    }

    private void require(boolean holds, String finding) {
        if (!holds) {
            findings.add(finding);
        }
    }
}
