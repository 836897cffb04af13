package org.dartscc.model.space;

import org.dartscc.model.network.Shape;

/** How messages name a space: its registered name, the image it takes and the number of classes it tells apart. */
public record SpaceSpec(String name, Shape image, int classes) {
    /** @throws IllegalArgumentException when no such space is registered, or it can't take such images */
    public SearchSpace create() {
        return Spaces.create(this);
    }
}
