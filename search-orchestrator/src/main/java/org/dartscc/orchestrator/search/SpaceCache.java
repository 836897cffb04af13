package org.dartscc.orchestrator.search;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.dartscc.model.cost.CalibrationNetworks;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.orchestrator.cost.DeviceCosts;

/** Search spaces by their spec: they are immutable, and dear to build. */
@ApplicationScoped
public class SpaceCache {
    private static final int CALIBRATION_NETWORKS = 20;

    private final Map<SpaceSpec, SearchSpace> spaces = new ConcurrentHashMap<>();
    private final Map<SpaceSpec, List<Genotype>> calibrations = new ConcurrentHashMap<>();

    public SearchSpace get(SpaceSpec spec) {
        return spaces.computeIfAbsent(spec, SpaceSpec::create);
    }

    /** Networks that calibrate a cost table. */
    List<Genotype> calibrationNetworks(SearchSpace space) {
        return calibrations.computeIfAbsent(space.spec(), spec -> CalibrationNetworks.of(space, CALIBRATION_NETWORKS));
    }

    /**
     * Calibration networks of a device that are still to come: not those of costs that nobody measures, nor what can't
     * be measured.
     */
    public int networksAwaited(SearchSpace space, DeviceCosts known) {
        return known.origin() != null
                ? 0
                : (int) known.missing(space, calibrationNetworks(space)).stream()
                        .filter(network -> !known.failures().containsKey(network.toString()))
                        .count();
    }
}
