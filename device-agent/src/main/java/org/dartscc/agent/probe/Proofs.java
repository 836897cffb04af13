package org.dartscc.agent.probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

import org.dartscc.agent.Json;

/**
 * What shows that a profile is a device of its own: how many pairs of operators it ranks otherwise than the default
 * profile, and than itself when measured again. Written by {@code dartscc bench profiles} on the machine it names.
 *
 * @param operators number of operators measured
 * @param measuredOn the day
 */
public record Proofs(String space, int operators, String cpu, String measuredOn, List<Proof> profiles) {

    /**
     * A profile against the default one.
     *
     * @param flips pairs whose order is reversed by more than 10 % both ways
     * @param flipsAgain the same from a second table of each
     * @param replicateFlips between the profile's own two tables
     */
    public record Proof(String profile, int flips, int flipsAgain, int replicateFlips, double replicatePercent) {}

    /** The stored figures. */
    public static Proofs stored() {
        try (var file = Proofs.class.getResourceAsStream("/profile-proofs.json")) {
            return Json.MAPPER.readValue(file, Proofs.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In words, where the profile was measured and is not the default. */
    public Optional<String> of(Profile profile) {
        return profiles.stream()
                .filter(proof -> proof.profile().equals(profile.name())
                        && !profile.name().equals(Profile.DEFAULT)
                        && proof.replicatePercent() > 0)
                .findFirst()
                .map(proof -> "ranks %d and %d pairs otherwise than %s, %d otherwise than itself (%s, %s)"
                        .formatted(
                                proof.flips(),
                                proof.flipsAgain(),
                                Profile.DEFAULT,
                                proof.replicateFlips(),
                                cpu,
                                measuredOn));
    }
}
