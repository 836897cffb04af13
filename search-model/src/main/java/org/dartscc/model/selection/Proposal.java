package org.dartscc.model.selection;

import org.dartscc.model.space.Genotype;

/**
 * An architecture that a search method proposes, evaluated with the supernet's weights after a recalibration of its
 * batch norm.
 *
 * @param validationAccuracy in [0, 1]
 * @param deviceId the device that it was made for; null when it was made for none in particular
 * @param label the method's trade-off behind it, in words for a user: {@code lambda 0.1}
 */
public record Proposal(Genotype genotype, double validationAccuracy, String deviceId, String label) {
    public Proposal {
        if (!(validationAccuracy >= 0 && validationAccuracy <= 1)) {
            throw new IllegalArgumentException("an accuracy must be within 0..1, not " + validationAccuracy);
        }
    }
}
