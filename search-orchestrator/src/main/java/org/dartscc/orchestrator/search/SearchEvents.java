package org.dartscc.orchestrator.search;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;

import org.dartscc.orchestrator.cost.CostNews;

/** What watchers of a search are told while they watch. */
@ApplicationScoped
public class SearchEvents {
    /** As many changes of operators as an event names. */
    public static final int MOST_CHANGES = 12;

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

    /**
     * Costs of a device are new.
     *
     * @param reason measured, measured late, re-measured, drifted, new runtime, imported, inferred, or that whole
     *     networks were timed
     * @param changedOperators of which {@code changes} has the largest
     * @param changedNetworks whole networks whose latency is new
     */
    record Costs(
            @JsonUnwrapped SearchView.DeviceCoverage device,
            String reason,
            int changedOperators,
            int changedNetworks,
            List<CostNews.Change> changes) {}

    /** @param last what was told last, by the event's name: who knows it need not hear it again */
    private record Stream(BroadcastProcessor<Event> watchers, Map<String, Object> last) {
        Stream() {
            this(BroadcastProcessor.create(), new ConcurrentHashMap<>());
        }
    }

    private final Map<String, Stream> streams = new ConcurrentHashMap<>();

    public boolean isWatched(String searchId) {
        return streams.containsKey(searchId);
    }

    public void tell(String searchId, String name, Object data) {
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
