package org.dartscc.benchmarks.architecture;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The table of modules in code. Reads the folders {@code target/classes}, so that it runs after every other module is
 * compiled, which the order of the reactor makes sure of.
 */
class ArchitectureTest {
    private static final DependencyRules RULES = new DependencyRules("org.dartscc");
    private static final DependencyRules WRONG = new DependencyRules("org.dartscc.benchmarks.architecture.wrong");

    /** @param leastClasses so that the rules can't pass on an empty folder */
    private record Module(String folder, String name, List<String> allowed, int leastClasses) {
        JavaClasses classes() {
            return new ClassFileImporter().importPath(Path.of("..", folder, "target", "classes"));
        }
    }

    private static final List<Module> MODULES = List.of(
            new Module("search-model", "model", List.of(), 50),
            new Module("onnx-graph", "onnx", List.of("model"), 10),
            new Module("local-infra", "infra", List.of(), 6),
            new Module("search-orchestrator", "orchestrator", List.of("model"), 40),
            new Module("trainer-worker", "trainer", List.of("model"), 30),
            new Module("device-agent", "agent", List.of("onnx", "model"), 30),
            new Module("device-agent-onednn", "agent", List.of("onnx", "model"), 2),
            new Module("exporter", "exporter", List.of("onnx", "model"), 5),
            new Module("cli", "cli", List.of("model", "infra"), 10));

    @TestFactory
    Stream<DynamicTest> aModuleDependsOnlyOnWhatTheTableAllows() {
        return MODULES.stream()
                .map(m -> DynamicTest.dynamicTest(m.folder(), () -> {
                    var classes = m.classes();
                    assertThat(classes)
                            .as("compiled classes of " + m.folder())
                            .hasSizeGreaterThanOrEqualTo(m.leastClasses());
                    assertThat(classes)
                            .allSatisfy(c -> assertThat(c.getPackageName()).startsWith("org.dartscc." + m.name()));
                    RULES.dependsOnlyOn(m.name(), m.allowed()).check(classes);
                    RULES.hasNoCyclesOfFeatures(m.name()).check(classes);
                    RULES.nothingDependsOnItsDoors().allowEmptyShould(true).check(classes);
                }));
    }

    @Test
    void theLanguageOfTheMessagesIsPlainJava() {
        RULES.isPlainJava("model").check(MODULES.get(0).classes());
    }

    @Test
    void theRulesNoticeEachKindOfWrongDependency() {
        var classes = new ClassFileImporter().importPackages(WRONG.root());
        assertThatThrownBy(() -> WRONG.dependsOnlyOn("trainer", List.of()).check(classes))
                .hasMessageContaining("exporter.Exported");
        assertThatThrownBy(() -> WRONG.hasNoCyclesOfFeatures("trainer").check(classes))
                .hasMessageContaining("Cycle detected");
        assertThatThrownBy(() -> WRONG.nothingDependsOnItsDoors().check(classes))
                .hasMessageContaining("ExportedResource");
        assertThatThrownBy(() -> WRONG.isPlainJava("trainer").check(classes)).hasMessageContaining("exporter.Exported");
        WRONG.dependsOnlyOn("trainer", List.of("exporter")).check(classes);
    }
}
