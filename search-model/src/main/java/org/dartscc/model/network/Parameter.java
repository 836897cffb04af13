package org.dartscc.model.network;

import java.util.List;

/** A named tensor of a network. Networks of one space share a parameter when they share its name. */
public record Parameter(String name, List<Long> shape, Role role) {
    public Parameter {
        shape = List.copyOf(shape);
    }

    /** Number of values. */
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    /** What the tensor is for: it decides how it is initialised, and whether it is trained. */
    public enum Role {
        WEIGHT(true),
        BIAS(true),
        SCALE(true),
        SHIFT(true),
        RUNNING_MEAN(false),
        RUNNING_VARIANCE(false);

        private final boolean trainable;

        Role(boolean trainable) {
            this.trainable = trainable;
        }

        public boolean trainable() {
            return trainable;
        }
    }
}
