package org.dartscc.orchestrator.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;

/** Search spaces by their spec: they are immutable, and dear to build. */
@ApplicationScoped
public class SpaceCache {
    private static final int CALIBRATION_NETWORKS = 8;
    /** The same networks for all searches of a space, so that a device measures them once. */
    private static final long CALIBRATION_SEED = 2019;

    private final Map<SpaceSpec, SearchSpace> spaces = new ConcurrentHashMap<>();
    private final Map<SpaceSpec, List<Genotype>> calibrations = new ConcurrentHashMap<>();

    public SearchSpace get(SpaceSpec spec) {
        return spaces.computeIfAbsent(spec, SpaceSpec::create);
    }

    /** Networks that calibrate a cost table: the cheapest, the costliest, and random ones in between. */
    List<Genotype> calibrationNetworks(SearchSpace space) {
        return calibrations.computeIfAbsent(space.spec(), spec -> {
            var networks = new ArrayList<>(List.of(space.cheapest(), space.costliest()));
            var random = new Random(CALIBRATION_SEED);
            for (int i = 0; networks.size() < CALIBRATION_NETWORKS && i < 100; i++) {
                var genotype = space.random(random);
                if (!networks.contains(genotype)) {
                    networks.add(genotype);
                }
            }
            return networks;
        });
    }
}
