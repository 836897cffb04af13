package org.dartscc.orchestrator.search;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;

/** What watchers of a search are told while they watch. */
@ApplicationScoped
class SearchEvents {
    /** {@code name} is the event's type, {@code data} its JSON. */
    record Event(String searchId, String name, Object data) {}

    record State(SearchState state, String failure) {}

    record Progress(
            int round,
            Integer rounds,
            int stepsDone,
            Integer stepsTotal,
            String activity,
            Double loss,
            Double etaSeconds) {}

    private final Map<String, BroadcastProcessor<Event>> streams = new ConcurrentHashMap<>();

    void tell(String searchId, String name, Object data) {
        var stream = streams.get(searchId);
        if (stream != null) {
            stream.onNext(new Event(searchId, name, data));
        }
    }

    /** Everything from now on; a watcher that is too slow misses what it can't take. */
    Multi<Event> of(String searchId) {
        return streams.computeIfAbsent(searchId, id -> BroadcastProcessor.create())
                .onOverflow()
                .drop();
    }
}
