package org.dartscc.benchmarks.paper;

import java.util.Map;
import java.util.TreeMap;

import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.trainer.step.FleetRecipe;
import org.dartscc.trainer.step.SearchMethod;
import org.dartscc.trainer.step.SearchMethods;

/**
 * What {@code --methods} may name: a registered search method, or ours with one of its choices made otherwise,
 * for ablations.
 *
 * @param search whose training it answers from: its own, or another's when only the answers differ
 * @param sums answers from sums over options alone, as if no subnet had been evaluated itself
 */
record Contender(String name, String search, SearchMethod method, boolean sums) {
    private static final String OURS = "fleet";

    private static final Map<String, Contender> ABLATIONS = ablations();

    private static Map<String, Contender> ablations() {
        var all = new TreeMap<String, Contender>();
        all.put("fleet-sums", new Contender("fleet-sums", OURS, SearchMethods.of(OURS), true));
        put(all, "fleet-without-finalists", FleetRecipe.UNIFORM);
        put(all, "fleet-distilled", new FleetRecipe(true, true, true));
        put(all, "fleet-without-sandwich", new FleetRecipe(false, false, true));
        return all;
    }

    private static void put(Map<String, Contender> all, String name, FleetRecipe recipe) {
        all.put(name, new Contender(name, name, SearchMethods.fleet(recipe), false));
    }

    /** @throws IllegalArgumentException naming the known methods when there is none of that name */
    static Contender of(String name) {
        var ablation = ABLATIONS.get(name);
        if (ablation != null) {
            return ablation;
        }
        try {
            return new Contender(name, name, SearchMethods.of(name), false);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    e.getMessage() + "; ablations are " + String.join(", ", ABLATIONS.keySet()), e);
        }
    }

    /** What it answers from. */
    AccuracyEstimate answeringFrom(AccuracyEstimate estimate) {
        return sums ? estimate.sums() : estimate;
    }
}
