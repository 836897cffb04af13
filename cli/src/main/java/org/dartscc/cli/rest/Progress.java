package org.dartscc.cli.rest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;

/** One line about a search or a model as the orchestrator tells of it: state, round, loss, cost coverage, ETA. */
public final class Progress {
    private Progress() {}

    /** What there is to say now; parts that have no value yet are left out. */
    public static String line(JsonNode subject) {
        var parts = new ArrayList<String>();
        parts.add(subject.path("state").asText());
        if (subject.path("activity").isTextual()) {
            parts.add(subject.path("activity").asText());
        }
        if (subject.path("rounds").asInt() > 0) {
            parts.add("round %d/%d"
                    .formatted(
                            subject.path("round").asInt(),
                            subject.path("rounds").asInt()));
        }
        var steps = steps(subject);
        if (!steps.isEmpty()) {
            parts.add("step " + steps);
        }
        if (subject.path("loss").isNumber()) {
            parts.add("loss %.3f".formatted(subject.path("loss").asDouble()));
        }
        var coverage = coverage(subject);
        if (!coverage.isEmpty()) {
            parts.add("costs " + coverage);
        }
        if (subject.path("etaSeconds").isNumber()) {
            parts.add(
                    "ETA " + clock(Duration.ofSeconds(subject.path("etaSeconds").asLong())));
        }
        if (subject.path("waitsFor").isTextual()) {
            parts.add("waits for " + subject.path("waitsFor").asText());
        }
        if (subject.path("failure").isTextual()) {
            parts.add(subject.path("failure").asText());
        }
        return String.join(" · ", parts);
    }

    /** Steps done of all, or nothing where there are none. */
    public static String steps(JsonNode search) {
        return search.path("stepsTotal").asInt() > 0
                ? search.path("stepsDone").asInt() + "/"
                        + search.path("stepsTotal").asInt()
                : "";
    }

    private static String coverage(JsonNode search) {
        return StreamSupport.stream(search.path("devices").spliterator(), false)
                // Nobody knows how many operators there are before the data set was looked at.
                .filter(device -> device.path("total").asInt() > 0)
                .map(device -> "%s %d/%d%s%s%s"
                        .formatted(
                                device.path("name").asText(),
                                device.path("measured").asInt(),
                                device.path("total").asInt(),
                                isCalibrating(device) ? " (calibrating)" : "",
                                device.path("failed").isEmpty() ? "" : " (some can't be had)",
                                device.path("stale").asBoolean() ? " (stale)" : ""))
                .collect(Collectors.joining(", "));
    }

    /** Whether a device knows every operator, and still times whole networks: its latencies are rough until then. */
    public static boolean isCalibrating(JsonNode device) {
        return device.path("measured").asInt() == device.path("total").asInt()
                && device.path("networksAwaited").asInt() > 0;
    }

    /** Minutes and seconds, as 3:07. */
    public static String clock(Duration duration) {
        return "%d:%02d".formatted(duration.toMinutes(), duration.toSecondsPart());
    }
}
