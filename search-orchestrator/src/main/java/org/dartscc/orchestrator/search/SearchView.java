package org.dartscc.orchestrator.search;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.dartscc.model.message.DatasetInfo;
import org.dartscc.model.selection.Diagnostics;
import org.dartscc.orchestrator.device.DeviceState;

/**
 * A search as users see it.
 *
 * @param spaceWarnings what makes a user's own space harder to predict; empty for registered ones
 * @param round rounds completed, of {@code rounds}
 * @param stepsTotal null while the length of an epoch is unknown
 * @param activity what a trainer does now, in its words
 * @param loss newest training loss; {@code losses} has the mean of every round
 * @param etaSeconds until the last step; null while unknown
 * @param fits how often the trade-off was fitted: from 1 on there is a front
 * @param diagnostics whether the method collapsed, with warnings; null before the first fit
 */
public record SearchView(
        String id,
        String name,
        SearchState state,
        String failure,
        String dataset,
        String space,
        List<String> spaceWarnings,
        String method,
        long seed,
        int workers,
        int round,
        Integer rounds,
        int stepsDone,
        Integer stepsTotal,
        String activity,
        Double loss,
        List<RoundLoss> losses,
        Double etaSeconds,
        int fits,
        Double estimateRankCorrelation,
        Diagnostics diagnostics,
        DatasetInfo datasetInfo,
        List<DeviceCoverage> devices,
        Instant createdAt,
        Instant updatedAt) {
    /**
     * @param deviceState whether the device's agent speaks for it; the costs of one that is stale still count
     * @param measured operators of the space with a cost, of {@code total}
     * @param failed operators that the device could not measure, and why
     * @param networksAwaited whole networks still to be measured; until then latencies are plain sums of operators
     * @param costVersion of the device's costs
     * @param newestCostAt null before the first cost
     * @param stalenessSeconds since the newest cost; null before the first
     */
    public record DeviceCoverage(
            String id,
            String name,
            DeviceState deviceState,
            boolean stale,
            int measured,
            Integer total,
            Map<String, String> failed,
            int networksAwaited,
            long costVersion,
            Instant newestCostAt,
            Double stalenessSeconds) {}

    static SearchView from(Search search, List<DeviceCoverage> devices) {
        return new SearchView(
                search.id(),
                search.name(),
                search.state(),
                search.failure(),
                search.dataset(),
                search.space(),
                search.spaceDefinition() == null
                        ? List.of()
                        : search.spaceDefinition().warnings(),
                search.method(),
                search.seed(),
                1,
                search.round(),
                search.rounds(),
                search.stepsDone(),
                search.stepsTotal(),
                search.activity(),
                search.loss(),
                search.losses(),
                search.etaSeconds(),
                search.fitNumber(),
                search.estimate().map(e -> e.rankCorrelation()).orElse(null),
                search.diagnostics(),
                search.datasetInfo(),
                devices,
                search.createdAt(),
                search.updatedAt());
    }
}
