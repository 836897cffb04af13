package org.dartscc.k8s;

import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Pattern;

import io.fabric8.kubernetes.api.model.ConfigMap;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The commands of docs/deploy.md name files and resources that are there. */
class GuideTest {
    private static final Path REPOSITORY = Path.of("").toAbsolutePath().getParent();
    private static final Pattern RESOURCE = Pattern.compile("\\b(service|deployment|statefulset|job)/([a-z-]+)");
    private static final Pattern FILE = Pattern.compile("kubectl apply -[fk] (\\S+)");

    private final String guide = Application.text(REPOSITORY.resolve("docs/deploy.md"));
    private final Manifests manifests = Manifests.of(Kustomization.render(REPOSITORY.resolve("k8s/overlays/local")));

    @Test
    void commandsNameWhatIsThere() {
        var resources = manifests.resources().stream()
                .map(r -> r.getKind().toLowerCase(Locale.ROOT) + "/"
                        + r.getMetadata().getName())
                .toList();

        assertThat(RESOURCE.matcher(guide).results().map(m -> m.group()))
                .hasSizeGreaterThan(5)
                .isSubsetOf(resources);
        assertThat(FILE.matcher(guide).results().map(m -> REPOSITORY.resolve(m.group(1))))
                .isNotEmpty()
                .allSatisfy(f -> assertThat(f).exists());
    }

    @Test
    void deviceIsRegisteredByTheNameThatItsAgentHas() {
        var name = manifests
                .find(ConfigMap.class, "dartscc-device")
                .orElseThrow()
                .getData()
                .get("DARTSCC_DEVICE_NAME");

        assertThat(guide).contains("$API/devices -d '{\"name\": \"" + name + "\"");
    }
}
