package org.dartscc.orchestrator.imported;

import java.util.List;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;

import org.dartscc.model.space.Genotype;

/**
 * A few whole networks of a search's space, as somebody timed them on a device.
 *
 * @param search whose space the networks are of
 */
public record Timings(
        @NotBlank String search,
        @NotNull @Size(min = 3, max = 100) List<@NotNull @Valid Timing> timings) {

    /** Latency of one network at batch 1, in microseconds. */
    public record Timing(
            @NotNull Genotype genotype,
            @NotNull @Positive @DecimalMax("1e9") Double micros) {}
}
