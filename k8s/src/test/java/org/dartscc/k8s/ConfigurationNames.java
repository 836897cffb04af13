package org.dartscc.k8s;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.tools.ToolProvider;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;

/**
 * The properties that sources read: {@code @ConfigProperty}, {@code @ConfigMapping} interfaces, and
 * {@code config.getValue("…")}, found by the compiler's own parser.
 */
final class ConfigurationNames extends TreeScanner<Void, Void> {
    private static final Set<String> LOOKUPS = Set.of("getValue", "getOptionalValue", "getConfigValue");

    private final Set<String> all = new TreeSet<>();
    private final Set<String> withoutDefault = new TreeSet<>();
    private final Set<String> ownDoing = new TreeSet<>();
    private final Map<String, ClassTree> interfaces = new HashMap<>();
    private final Map<String, ClassTree> mappings = new HashMap<>();
    private final Map<String, String> constants = new HashMap<>();
    private final List<ExpressionTree> looked = new ArrayList<>();
    private final List<ExpressionTree> set = new ArrayList<>();

    private ConfigurationNames() {}

    Set<String> all() {
        return all;
    }

    Set<String> withoutDefault() {
        return withoutDefault;
    }

    /** What the sources set themselves. */
    Set<String> ownDoing() {
        return ownDoing;
    }

    static ConfigurationNames read(Path sources) {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var walk = Files.walk(sources);
                var files = compiler.getStandardFileManager(null, null, null)) {
            var java = walk.filter(p -> p.toString().endsWith(".java")).toList();
            var task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(java));
            var names = new ConfigurationNames();
            names.scan(task.parse(), null);
            names.resolve();
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Void visitVariable(VariableTree variable, Void unused) {
        if (variable.getInitializer() instanceof LiteralTree literal && literal.getValue() instanceof String text) {
            constants.put(variable.getName().toString(), text);
        }
        var property = annotation(variable.getModifiers(), "ConfigProperty");
        if (property != null && argument(property, "name") != null) {
            boolean optional = variable.getType().toString().startsWith("Optional");
            add(argument(property, "name"), optional || argument(property, "defaultValue") != null);
        }
        return super.visitVariable(variable, unused);
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
        if (type.getKind() == Tree.Kind.INTERFACE) {
            interfaces.put(type.getSimpleName().toString(), type);
        }
        var mapping = annotation(type.getModifiers(), "ConfigMapping");
        if (mapping != null) {
            mappings.put(argument(mapping, "prefix"), type);
        }
        return super.visitClass(type, unused);
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void unused) {
        var method = call.getMethodSelect().toString();
        if (!call.getArguments().isEmpty()) {
            if (LOOKUPS.contains(method.substring(method.lastIndexOf('.') + 1))) {
                looked.add(call.getArguments().get(0));
            } else if (method.equals("System.setProperty")) {
                set.add(call.getArguments().get(0));
            }
        }
        return super.visitMethodInvocation(call, unused);
    }

    private void resolve() {
        mappings.forEach(this::expand);
        looked.forEach(name -> text(name).ifPresent(n -> add(n, true)));
        set.forEach(name -> text(name).ifPresent(ownDoing::add));
    }

    private Optional<String> text(ExpressionTree expression) {
        return expression instanceof LiteralTree literal
                ? Optional.of(String.valueOf(literal.getValue()))
                : Optional.ofNullable(constants.get(expression.toString().replaceAll(".*\\.", "")));
    }

    private void expand(String prefix, ClassTree mapping) {
        for (var member : mapping.getMembers()) {
            if (member instanceof MethodTree method && method.getReturnType() != null && method.getBody() == null) {
                var named = annotation(method.getModifiers(), "WithName");
                var name =
                        prefix + "." + (named == null ? kebab(method.getName().toString()) : argument(named, "value"));
                var type = method.getReturnType().toString();
                if (interfaces.containsKey(type)) {
                    expand(name, interfaces.get(type));
                } else {
                    add(
                            name,
                            type.startsWith("Optional")
                                    || type.startsWith("Map<")
                                    || annotation(method.getModifiers(), "WithDefault") != null);
                }
            }
        }
    }

    private void add(String name, boolean optional) {
        all.add(name);
        if (!optional) {
            withoutDefault.add(name);
        }
    }

    private static AnnotationTree annotation(ModifiersTree modifiers, String name) {
        return modifiers.getAnnotations().stream()
                .filter(a -> a.getAnnotationType().toString().endsWith(name))
                .findFirst()
                .orElse(null);
    }

    private static String argument(AnnotationTree annotation, String name) {
        return annotation.getArguments().stream()
                .map(a -> literal(a, name))
                .flatMap(List::stream)
                .findFirst()
                .orElse(null);
    }

    private static List<String> literal(ExpressionTree argument, String name) {
        boolean named = argument instanceof AssignmentTree assignment
                && assignment.getVariable().toString().equals(name);
        var value = argument instanceof AssignmentTree assignment ? assignment.getExpression() : argument;
        return (named || name.equals("value")) && value instanceof LiteralTree literal
                ? List.of(String.valueOf(literal.getValue()))
                : List.of();
    }

    private static String kebab(String camelCase) {
        return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
