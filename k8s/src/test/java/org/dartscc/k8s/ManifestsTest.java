package org.dartscc.k8s;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** Renders the manifests and checks them against the services; a broken copy must be found, and named. */
class ManifestsTest {
    private static final Path K8S = Path.of("").toAbsolutePath();
    private static final Path REPOSITORY = K8S.getParent();
    private static final String OVERLAY = "overlays/local";

    private static List<Application> applications;
    private static String guide;

    @TempDir
    Path copy;

    @BeforeAll
    static void readTheApplications() {
        applications = Application.MODULES.stream()
                .map(m -> Application.read(REPOSITORY, m))
                .toList();
        guide = Application.text(REPOSITORY.resolve("docs/deploy.md"));
    }

    @Test
    void overlayAgreesWithTheServicesAndWithItself() {
        var documents = Kustomization.render(K8S.resolve(OVERLAY));

        assertThat(documents).hasSizeGreaterThan(30);
        assertThat(findings(documents)).isEmpty();
    }

    @Test
    void baseAloneIsWellFormedAndSecure() {
        var manifests = Manifests.of(Kustomization.render(K8S.resolve("base")));

        assertThat(manifests.workloads()).hasSize(Application.MODULES.size());
        assertThat(manifests.findings()).isEmpty();
        assertThat(SecurityRules.findings(manifests)).isEmpty();
        assertThat(ApplicationRules.findings(manifests, applications)).isEmpty();
    }

    @Test
    void kubectlRendersTheSame() throws Exception {
        assumeTrue(
                Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(p -> Files.isExecutable(Path.of(p, "kubectl"))),
                "NOT TESTED: there is no kubectl here to compare the test's own rendering with");

        assertThat(Kustomization.renderWithKubectl(K8S.resolve(OVERLAY)))
                .containsExactlyInAnyOrderElementsOf(Kustomization.render(K8S.resolve(OVERLAY)));
    }

    @Test
    void brokerIsOfTheClientsVersion() {
        var version = Pattern.compile("<kafka.version>(.+)</kafka.version>")
                .matcher(Application.text(REPOSITORY.resolve("pom.xml")))
                .results()
                .map(m -> m.group(1))
                .toList();

        assertThat(Manifests.of(Kustomization.render(K8S.resolve(OVERLAY))).workloads().stream()
                        .flatMap(w -> w.containers().stream())
                        .map(Container::getImage)
                        .filter(i -> i.startsWith("apache/kafka:"))
                        .distinct())
                .containsExactly("apache/kafka:" + version.get(0));
    }

    @ParameterizedTest(name = "{0}: \"{1}\" for \"{2}\" is found: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            base/exporter.yaml | resources: | resorces: | resorces
            base/exporter.yaml | replicas: 1 | replicas: one | replicas
            base/exporter.yaml | containerPort: 8083 | containerPort: 8084 | exporter has the ports [8084], but listens on 8083
            base/exporter.yaml | targetPort: http | targetPort: https | Service exporter has the target port https
            base/exporter.yaml | path: /q/health/live | path: /q/health/alive | exporter: its liveness probe asks /q/health/alive
            base/exporter.yaml | path: /q/health/ready | path: /q/health/live | exporter: its readiness probe asks /q/health/live
            base/exporter.yaml | startupProbe: | lifecycle: | httpGet
            base/configuration.yaml | DARTSCC_ARTIFACTS_FOLDER | DARTSCC_ARTEFACTS_FOLDER | exporter does not read the variable DARTSCC_ARTEFACTS_FOLDER
            base/configuration.yaml | DARTSCC_ARTIFACTS_FOLDER | DARTSCC_ARTEFACTS_FOLDER | trainer-worker is not given DARTSCC_ARTIFACTS_FOLDER
            base/configuration.yaml | DARTSCC_DEVICE_PROFILE | DARTSCC_DEVICE_PROFIL | device-agent does not read the variable DARTSCC_DEVICE_PROFIL
            base/configuration.yaml | : /artifacts | : /artefacts | DARTSCC_ARTIFACTS_FOLDER=/artefacts is on no mounted volume
            base/configuration.yaml | kafka:9092 | kafka:9093 | names kafka:9093, and there is no such Service and port
            base/configuration.yaml | //search-orchestrator:8080 | //orchestrator:8080 | names orchestrator:8080
            base/configuration.yaml | name: dartscc-database | name: dartscc-databases | search-orchestrator names the missing ConfigMap dartscc-database
            base/trainer-worker.yaml | name: DARTSCC_DATASETS_FOLDER | name: DATASETS_FOLDER | trainer-worker does not read the variable DATASETS_FOLDER
            base/trainer-worker.yaml | claimName: dartscc-datasets | claimName: datasets | trainer-worker mounts the missing PersistentVolumeClaim datasets
            base/trainer-worker.yaml | - name: cache | - name: cash | trainer-worker mounts the missing volume cash
            base/trainer-worker.yaml | serviceAccountName: trainer-worker | serviceAccountName: default | the missing ServiceAccount default
            base/trainer-worker.yaml | dartscc.org/kafka-client: "true" | dartscc.org/kafka-client: "false" | Deployment trainer-worker may not leave for kafka:9092
            base/search-orchestrator.yaml | key: password | key: pasword | needs the key pasword of the Secret dartscc-database
            base/search-orchestrator.yaml | name: dartscc-api | name: dartscc-token | needs the key token of the Secret dartscc-token
            base/search-orchestrator.yaml | name: DARTSCC_API_TOKEN | name: DARTSCC_APITOKEN | search-orchestrator is not given DARTSCC_API_TOKEN
            base/search-orchestrator.yaml | readOnlyRootFilesystem: true | readOnlyRootFilesystem: false | may write to its root file system
            base/search-orchestrator.yaml | runAsNonRoot: true | runAsNonRoot: false | Deployment search-orchestrator may run as root
            base/search-orchestrator.yaml | allowPrivilegeEscalation: false | allowPrivilegeEscalation: true | may gain privileges
            base/search-orchestrator.yaml | type: RuntimeDefault | type: Unconfined | has no seccomp profile
            base/search-orchestrator.yaml | type: ClusterIP | type: LoadBalancer | Service search-orchestrator is open to the outside
            base/search-orchestrator.yaml | type: ClusterIP | type: NodePort | Service search-orchestrator is open to the outside
            base/search-orchestrator.yaml | enableServiceLinks: false | enableServiceLinks: true | gets variables of services
            base/search-orchestrator.yaml | :0.1.0-SNAPSHOT | :latest | no fixed version
            base/search-orchestrator.yaml | memory: 768Mi | memori: 768Mi | has no bounds on what it takes
            base/device-agent.yaml | emptyDir: | hostPath: | sizeLimit
            base/device-agent.yaml | mountPath: /tmp | mountPath: /temp | has no writable /tmp
            base/topics.yaml | op-costs 1 | op-cost 1 | topic op-costs is not created
            base/topics.yaml | exported-models-dlq | exported-model-dlq | topic exported-model-dlq is nobody's
            base/topics.yaml | cleanup.policy=compact | cleanup.policy=delete | topic op-costs has the wrong settings
            base/topics.yaml | training-tasks 32 | training-tasks 8 | has 8 partitions, not 32
            base/network-policies.yaml | name: default-deny | name: default-deny\\n  colour: red | colour
            base/network-policies.yaml | port: 5432 | port: 5433 | Deployment search-orchestrator may not leave for postgres:5432
            overlays/local/kafka.yaml | image: apache/kafka:4.1.2 | image: apache/kafka | no fixed version
            overlays/local/postgres.yaml | app.kubernetes.io/name: search-orchestrator | app.kubernetes.io/name: orchestrator | selects no pod
            overlays/local/postgres.yaml | serviceName: postgres | serviceName: postgresql | the missing Service postgresql
            overlays/local/take-turns.yaml | name: DARTSCC_MACHINE_LOCK_FOLDER | name: DARTSCC_LOCK_FOLDER | trainer-worker does not read the variable DARTSCC_LOCK_FOLDER
            overlays/local/take-turns.yaml | claimName: dartscc-turns | claimName: turns | mounts the missing PersistentVolumeClaim turns
            overlays/local/topics-job.yaml | name: dartscc-topics | name: topics | Job topics names the missing ConfigMap topics
            """)
    void brokenCopyIsFoundAndNamed(String file, String good, String bad, String finding) throws IOException {
        copyManifests();
        breakIt(copy.resolve(file), good, bad);

        assertThat(findings(Kustomization.render(copy.resolve(OVERLAY)))).anyMatch(f -> f.contains(finding));
    }

    private static List<String> findings(List<ObjectNode> documents) {
        var manifests = Manifests.of(documents);
        var findings = new ArrayList<>(manifests.findings());
        findings.addAll(ReferenceRules.findings(manifests, guide));
        findings.addAll(ApplicationRules.findings(manifests, applications));
        findings.addAll(SecurityRules.findings(manifests));
        findings.addAll(NetworkRules.findings(manifests));
        findings.addAll(TopicRules.findings(manifests, applications));
        return findings;
    }

    private void copyManifests() throws IOException {
        for (var folder : List.of("base", OVERLAY)) {
            Files.createDirectories(copy.resolve(folder));
            try (var files = Files.list(K8S.resolve(folder))) {
                for (var file : files.toList()) {
                    Files.copy(file, copy.resolve(folder).resolve(file.getFileName()));
                }
            }
        }
    }

    private static void breakIt(Path file, String good, String bad) throws IOException {
        var text = Files.readString(file);
        assertThat(text).as("what is to be broken").contains(good);
        int at = text.indexOf(good);
        Files.writeString(file, text.substring(0, at) + bad.replace("\\n", "\n") + text.substring(at + good.length()));
    }
}
