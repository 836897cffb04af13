package org.dartscc.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What one of our services says of its own configuration, in its application.properties, its sources and its pom.
 *
 * @param module its folder, which is also the name of its image
 * @param properties of application.properties as they hold in production
 * @param known all properties that it reads or sets
 * @param required properties that it reads and nobody gives a value
 */
record Application(
        String module,
        Map<String, String> properties,
        Set<String> known,
        Set<String> required,
        Set<String> extensions) {

    static final List<String> MODULES = List.of("search-orchestrator", "trainer-worker", "device-agent", "exporter");

    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([A-Za-z0-9_.\\-]+)(:?)");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");

    /** Properties of Quarkus that deployments set, with the extension that reads them. */
    private static final Map<String, String> OF_EXTENSIONS = Map.of(
            "quarkus.http.host", "quarkus-smallrye-health",
            "quarkus.http.port", "quarkus-smallrye-health",
            "kafka.bootstrap.servers", "quarkus-messaging-kafka",
            "quarkus.datasource.jdbc.url", "quarkus-jdbc-postgresql",
            "quarkus.datasource.reactive.url", "quarkus-reactive-pg-client",
            "quarkus.datasource.username", "quarkus-jdbc-postgresql",
            "quarkus.datasource.password", "quarkus-jdbc-postgresql");

    /** Variables that are no properties, with the library that reads them. */
    private static final Map<String, String> OF_LIBRARIES = Map.of("DJL_CACHE_DIR", "pytorch-engine");

    static Application read(Path repository, String module) {
        var folder = repository.resolve(module);
        var properties = properties(folder.resolve("src/main/resources/application.properties"));
        var names = ConfigurationNames.read(folder.resolve("src/main/java"));
        var artifacts = ARTIFACT.matcher(text(folder.resolve("pom.xml")))
                .results()
                .map(m -> m.group(1))
                .collect(Collectors.toSet());

        var known = new TreeSet<>(names.all());
        known.addAll(properties.keySet());
        var required = new TreeSet<>(names.withoutDefault());
        for (var value : properties.values()) {
            EXPRESSION.matcher(value).results().forEach(m -> {
                known.add(m.group(1));
                if (m.group(2).isEmpty() && System.getProperty(m.group(1)) == null) {
                    required.add(m.group(1));
                }
            });
        }
        OF_EXTENSIONS.forEach((property, extension) -> {
            if (artifacts.contains(extension)) {
                known.add(property);
            }
        });
        required.removeAll(properties.keySet());
        required.removeAll(names.ownDoing());
        return new Application(module, properties, known, required, artifacts);
    }

    /** The name of the variable that sets a property, by the rule of MicroProfile Config. */
    static String variable(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    boolean reads(String variable) {
        return known.stream().anyMatch(p -> p.equals(variable) || variable(p).equals(variable))
                || extensions.contains(OF_LIBRARIES.getOrDefault(variable, "none"));
    }

    int httpPort() {
        return Integer.parseInt(default_(properties.getOrDefault("quarkus.http.port", "8080")));
    }

    /** Path of a health endpoint, as /q/health/live. */
    String healthPath(String name) {
        var root = properties.getOrDefault("quarkus.http.non-application-root-path", "q");
        var health = properties.getOrDefault("quarkus.smallrye-health.root-path", "health");
        return "/" + root.replaceAll("^/|/$", "") + "/" + health + "/" + name;
    }

    /** Topics of its channels, those for dead letters among them. */
    Set<String> topics() {
        return properties.entrySet().stream()
                .filter(e ->
                        e.getKey().startsWith("mp.messaging.") && e.getKey().endsWith(".topic"))
                .map(e -> default_(e.getValue()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The default of an expression NAME:DEFAULT in braces; anything else as it is. */
    private static String default_(String value) {
        return value.replaceAll("^\\$\\{[^:}]+:([^}]*)}$", "$1");
    }

    private static Map<String, String> properties(Path file) {
        var read = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            read.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var properties = new TreeMap<String, String>();
        read.forEach((k, v) -> {
            var key = k.toString();
            if (!key.startsWith("%")) {
                properties.put(key, v.toString());
            }
        });
        read.forEach((k, v) -> {
            if (k.toString().startsWith("%prod.")) {
                properties.put(k.toString().substring("%prod.".length()), v.toString());
            }
        });
        return properties;
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
