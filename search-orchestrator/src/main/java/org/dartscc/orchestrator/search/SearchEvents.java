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

    /** @param last what was told last, by the event's name: who knows it need not hear it again */
    private record Stream(BroadcastProcessor<Event> watchers, Map<String, Object> last) {
        Stream() {
            this(BroadcastProcessor.create(), new ConcurrentHashMap<>());
        }
    }

    private final Map<String, Stream> streams = new ConcurrentHashMap<>();

    void tell(String searchId, String name, Object data) {
        var stream = streams.get(searchId);
        if (stream != null && !data.equals(stream.last.put(name, data))) {
            stream.watchers.onNext(new Event(searchId, name, data));
        }
    }

    /** Everything from now on; a watcher that is too slow misses what it can't take. */
    Multi<Event> of(String searchId) {
        return streams.computeIfAbsent(searchId, id -> new Stream())
                .watchers
                .onOverflow()
                .drop();
    }
}
