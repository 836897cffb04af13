package org.dartscc.trainer.step;

import java.util.List;
import java.util.Map;
import java.util.Random;

/** DARTS: one alpha, whatever an architecture costs. */
final class OneAlpha implements AlphaFamily {
    private static final Condition ONLY = new Condition("alpha", null, Map.of("alpha", 1.0), Penalty.none());

    @Override
    public List<String> rows() {
        return List.of("alpha");
    }

    @Override
    public Condition draw(long step, Random random) {
        return ONLY;
    }

    @Override
    public List<Condition> readouts() {
        return List.of(ONLY);
    }

    @Override
    public int samples() {
        return 0;
    }
}
