package org.dartscc.trainer.step;

import java.util.List;
import java.util.Map;
import java.util.Random;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.SearchSpace;

/** The architectures that one run of a mixture method covers: one alpha, or alpha as a function of a trade-off. */
interface AlphaFamily {
    /**
     * A trade-off.
     *
     * @param deviceId null when it is of no device in particular
     * @param rows weights of the rows whose sum is its alpha
     */
    record Condition(String label, String deviceId, Map<String, Double> rows, Penalty penalty) {}

    /** A family for a space and the devices whose costs are known. */
    @FunctionalInterface
    interface Kind {
        /** @throws IllegalArgumentException with the reason when there is none */
        AlphaFamily on(SearchSpace space, List<CostTable> devices);
    }

    /** Rows of logits that it is made of. */
    List<String> rows();

    /** The trade-off that a step trains. */
    Condition draw(long step, Random random);

    /** The trade-offs that are answered, those that care for accuracy most first. */
    List<Condition> readouts();

    /** Architectures drawn for each trade-off, beside the strongest. */
    int samples();
}
