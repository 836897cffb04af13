package org.dartscc.benchmarks.architecture;

import java.util.List;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/** The rules, below a root package so that a test can hold them against deliberately wrong classes. */
record DependencyRules(String root) {

    /** A module depends on itself, on the allowed modules and on what is not ours. */
    ArchRule dependsOnlyOn(String module, List<String> allowed) {
        var own = Stream.concat(Stream.of(module), allowed.stream())
                .map(m -> root + "." + m + "..")
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(root + "." + module + "..")
                .should()
                .onlyDependOnClassesThat(not(resideInAPackage(root + "..")).or(resideInAnyPackage(own)))
                .as("%s depends on nothing of ours but %s".formatted(module, allowed));
    }

    /** The language of the messages is plain Java with Jackson's annotations. */
    ArchRule isPlainJava(String module) {
        return classes()
                .that()
                .resideInAPackage(root + "." + module + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "com.fasterxml.jackson.annotation..", root + "." + module + "..");
    }

    /** Features of a module depend on each other in one direction; its doors are outermost and may use any of them. */
    ArchRule hasNoCyclesOfFeatures(String module) {
        return slices().matching(root + "." + module + ".(*)..")
                .should()
                .beFreeOfCycles()
                .ignoreDependency(isDoor(), DescribedPredicate.alwaysTrue())
                .allowEmptyShould(true);
    }

    /** REST resources and message listeners call the rules of a feature; nothing calls them back. */
    ArchRule nothingDependsOnItsDoors() {
        return noClasses()
                .that(not(isDoor()))
                .should()
                .dependOnClassesThat(isDoor())
                .as("nothing depends on a REST resource or a message listener");
    }

    private static DescribedPredicate<JavaClass> isDoor() {
        return DescribedPredicate.describe("are REST resources or message listeners", type -> {
            var outermost = outermost(type);
            return outermost.isAnnotatedWith("jakarta.ws.rs.Path")
                    || outermost.getMethods().stream()
                            .anyMatch(m -> m.isAnnotatedWith("org.eclipse.microprofile.reactive.messaging.Incoming"));
        });
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(DependencyRules::outermost).orElse(type);
    }
}
