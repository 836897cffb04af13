package org.dartscc.k8s;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The images are of one build with the manifests and the services. */
class DockerfilesTest {
    private static final Path K8S = Path.of("").toAbsolutePath();

    @SuppressWarnings("unused") // named by @FieldSource
    private static final List<String> MODULES = Application.MODULES;

    @ParameterizedTest
    @FieldSource("MODULES")
    void imageRunsAsThePodsUserOnTheServicesPort(String module) {
        var dockerfile = Application.text(K8S.resolveSibling(module).resolve("src/main/docker/Dockerfile.jvm"));
        var application = Application.read(K8S.getParent(), module);
        var pod = Manifests.of(Kustomization.render(K8S.resolve("base"))).workloads().stream()
                .filter(w -> w.name().equals(module))
                .findFirst()
                .orElseThrow();
        var user = pod.pod().getSecurityContext().getRunAsUser();

        assertThat(dockerfile)
                .contains("USER %d:%d"
                        .formatted(user, pod.pod().getSecurityContext().getRunAsGroup()))
                .contains("EXPOSE " + application.httpPort())
                .contains("QUARKUS_HTTP_PORT=" + application.httpPort())
                .contains("-t " + pod.containers().get(0).getImage() + " " + module)
                .contains(application.healthPath("live"))
                .containsPattern(Pattern.compile("^FROM \\S+:17-jre\\S*$", Pattern.MULTILINE));
    }
}
