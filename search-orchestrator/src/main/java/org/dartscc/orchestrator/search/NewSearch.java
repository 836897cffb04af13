package org.dartscc.orchestrator.search;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import org.dartscc.model.method.SearchMethodName;
import org.dartscc.model.space.SpaceDefinition;
import org.dartscc.model.space.Spaces;
import org.dartscc.orchestrator.api.Problems;

/**
 * A search as a user orders it; what is left out has a default.
 *
 * @param devices whose costs are measured first; more may join later
 * @param epochs or {@code steps}: how long the supernet is trained, in passes over the training images
 * @param steps supernet steps of {@link #BATCH_SIZE} images
 * @param spaceDefinition instead of {@code space}: a user's own space as YAML (docs/spaces.md)
 */
record NewSearch(
        @Size(max = 200) String name,
        @NotBlank @Size(max = 1000) String dataset,
        @Size(max = 100) String space,
        @Size(max = 100) String method,
        @Size(max = 100) List<@NotBlank String> devices,
        Long seed,
        @Min(1) @Max(10_000) Integer epochs,
        @Min(1) @Max(10_000_000) Integer steps,
        Integer workers,
        @Size(max = 100_000) String spaceDefinition) {
    static final int ROUND_STEPS = 200;
    static final int BATCH_SIZE = 64;

    private static final int DEFAULT_STEPS = 3000;
    private static final String DEFAULT_SPACE = "layerwise";
    private static final Set<String> DATASETS =
            new TreeSet<>(Set.of("cifar-10", "fashion-mnist", "fashion-mnist-sample", "image-folder:PATH"));
    private static final String FOLDER = "image-folder:";

    NewSearch {
        devices = devices == null ? List.of() : devices.stream().distinct().toList();
        space = space == null && spaceDefinition == null ? DEFAULT_SPACE : space;
        method = method == null ? SearchMethodName.DEFAULT.key() : method;
        seed = seed == null ? 1L : seed;
        steps = steps == null && epochs == null ? Integer.valueOf(DEFAULT_STEPS) : steps;
        name = name == null || name.isBlank()
                ? dataset + " on " + (space == null ? "a space of its own" : space)
                : name;
    }

    /** @throws io.quarkiverse.resteasy.problem.HttpProblem naming the field that can't be used */
    void requireKnownNames(@NotNull Set<String> registeredDevices) {
        if (space != null && spaceDefinition != null) {
            throw Problems.badField("spaceDefinition", "Give space or spaceDefinition, not both");
        }
        if (space != null && !Spaces.names().contains(space)) {
            throw Problems.notKnown("space", space, Spaces.names());
        }
        definition();
        if (!SearchMethodName.keys().contains(method)) {
            throw Problems.notKnown("method", method, SearchMethodName.keys());
        }
        if (devices.isEmpty() && SearchMethodName.of(method).needsDevice()) {
            throw Problems.badField(
                    "devices", "The method " + method + " trains on the costs of devices: name at least one");
        }
        if (!DATASETS.contains(dataset) && !(dataset.startsWith(FOLDER) && dataset.length() > FOLDER.length())) {
            throw Problems.notKnown("dataset", dataset, DATASETS);
        }
        if (epochs != null && steps != null) {
            throw Problems.badField("epochs", "Give epochs or steps, not both");
        }
        if (workers != null && workers != 1) {
            throw Problems.badField("workers", "Only 1 worker is supported now, not " + workers);
        }
        for (var device : devices) {
            if (!registeredDevices.contains(device)) {
                throw Problems.notKnown("devices", device, new TreeSet<>(registeredDevices));
            }
        }
    }

    /**
     * The user's own space, if there is one.
     *
     * @throws io.quarkiverse.resteasy.problem.HttpProblem with the line that can't be used
     */
    Optional<SpaceDefinition> definition() {
        try {
            return Optional.ofNullable(spaceDefinition).map(SpaceYaml::parse);
        } catch (SpaceYaml.WrongSpaceException e) {
            throw Problems.badField("spaceDefinition", "spaceDefinition, " + e.getMessage());
        }
    }
}
