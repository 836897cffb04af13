package org.dartscc.k8s;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.fabric8.kubernetes.api.model.ConfigMap;

import org.dartscc.model.message.Topics;

/** The topics that are created are those that the services speak on, with the settings that these count on. */
final class TopicRules {
    private TopicRules() {}

    static List<String> findings(Manifests manifests, List<Application> applications) {
        var findings = new ArrayList<String>();
        var created = manifests
                .find(ConfigMap.class, "dartscc-topics")
                .map(m -> parse(m.getData().getOrDefault("topics.txt", ""), findings))
                .orElse(Map.of());
        var wanted = new TreeSet<String>();
        topics().forEach(t -> wanted.addAll(List.of(t, t + Topics.DEAD_LETTER_SUFFIX)));
        wanted.stream()
                .filter(t -> !created.containsKey(t))
                .forEach(t -> findings.add("topic " + t + " is not created"));
        created.keySet().stream()
                .filter(t -> !wanted.contains(t))
                .forEach(t -> findings.add("topic " + t + " is nobody's"));
        for (var application : applications) {
            application.topics().stream()
                    .filter(t -> !wanted.contains(t))
                    .forEach(t -> findings.add(application.module() + " speaks on the unknown topic " + t));
        }
        created.forEach((topic, settings) -> {
            boolean compacted = settings.contains("cleanup.policy=compact");
            if (compacted != topic.equals(Topics.OP_COSTS)) {
                findings.add("topic " + topic + " has the wrong settings " + settings);
            }
        });
        var tasks = created.getOrDefault(Topics.TRAINING_TASKS, List.of("missing"));
        if (!tasks.get(0).equals(String.valueOf(Topics.TRAINING_TASK_PARTITIONS))) {
            findings.add("topic " + Topics.TRAINING_TASKS + " has " + tasks.get(0) + " partitions, not "
                    + Topics.TRAINING_TASK_PARTITIONS);
        }
        return findings;
    }

    private static Map<String, List<String>> parse(String table, List<String> findings) {
        var topics = new TreeMap<String, List<String>>();
        table.lines().forEach(line -> {
            var fields = List.of(line.trim().split(" "));
            if (fields.size() != 3
                    || !fields.get(1).matches("[1-9][0-9]*")
                    || topics.put(fields.get(0), fields.subList(1, 3)) != null) {
                findings.add("\"" + line + "\" is no topic with partitions and settings, or one topic twice");
            }
        });
        return topics;
    }

    /** The names that {@link Topics} declares; its other texts are a suffix and a header. */
    private static List<String> topics() {
        return Stream.of(Topics.class.getFields())
                .filter(f -> Modifier.isStatic(f.getModifiers()) && f.getType() == String.class)
                .filter(f -> !f.getName().endsWith("_SUFFIX") && !f.getName().endsWith("_HEADER"))
                .map(f -> {
                    try {
                        return (String) f.get(null);
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }
}
