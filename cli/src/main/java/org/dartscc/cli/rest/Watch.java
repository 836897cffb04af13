package org.dartscc.cli.rest;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;

/** Follows something at the orchestrator until it settles. An orchestrator that is away for a moment is waited for. */
public final class Watch {
    private static final Set<String> SEARCH_SETTLED = Set.of("READY", "FAILED", "CANCELLED", "PAUSED");
    private static final Set<String> MODEL_SETTLED = Set.of("READY", "FAILED");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Orchestrator orchestrator;
    private final Duration interval;

    /** @param interval between two looks */
    public Watch(Orchestrator orchestrator, Duration interval) {
        this.orchestrator = orchestrator;
        this.interval = interval;
    }

    /**
     * @param changed takes the search whenever a line about it would read differently
     * @return the search as it settled: READY, FAILED, CANCELLED or PAUSED
     */
    public JsonNode searchUntilSettled(String id, Consumer<JsonNode> changed) throws InterruptedException {
        return untilSettled("/api/searches/" + Orchestrator.encoded(id), SEARCH_SETTLED, changed);
    }

    /**
     * Waits, but not for ever, until every device of a search has timed the networks that calibrate its costs.
     *
     * @param looked takes the search at every look
     * @return whether all have
     */
    public boolean searchUntilCalibrated(String id, Duration patience, Consumer<JsonNode> looked)
            throws InterruptedException {
        var deadline = Instant.now().plus(patience);
        while (true) {
            var now = getPatiently("/api/searches/" + Orchestrator.encoded(id));
            if (StreamSupport.stream(now.path("devices").spliterator(), false).noneMatch(Progress::isCalibrating)) {
                return true;
            }
            if (Instant.now().isAfter(deadline)) {
                return false;
            }
            looked.accept(now);
            Thread.sleep(interval.toMillis());
        }
    }

    /** @return the model as it settled: READY or FAILED */
    public JsonNode modelUntilSettled(String id, Consumer<JsonNode> changed) throws InterruptedException {
        return untilSettled("/api/models/" + Orchestrator.encoded(id), MODEL_SETTLED, changed);
    }

    private JsonNode untilSettled(String path, Set<String> settled, Consumer<JsonNode> changed)
            throws InterruptedException {
        var lastLine = "";
        while (true) {
            var now = getPatiently(path);
            var line = Progress.line(now);
            if (!line.equals(lastLine)) {
                changed.accept(now);
                lastLine = line;
            }
            if (settled.contains(now.path("state").asText())) {
                return now;
            }
            Thread.sleep(interval.toMillis());
        }
    }

    private JsonNode getPatiently(String path) throws InterruptedException {
        var deadline = Instant.now().plus(PATIENCE);
        while (true) {
            try {
                return orchestrator.get(path);
            } catch (UnreachableException e) {
                if (Instant.now().isAfter(deadline)) {
                    throw e;
                }
                Thread.sleep(interval.toMillis());
            }
        }
    }
}
