package org.dartscc.benchmarks.tabular;

import java.util.Random;

/** Evaluates different cells drawn uniformly. */
record RandomSearch(int evaluations) implements Method {
    @Override
    public String name() {
        return "random-" + evaluations;
    }

    @Override
    public OnDevice prepare(Search search, Random random) {
        return (device, own) -> run(search, device, own);
    }

    private Outcome run(Search search, Search.KnownDevice device, Random random) {
        var trials = new Trials(search.data(), device.truth(), evaluations);
        var cells = search.data().cells();
        while (!trials.isSpent()) {
            trials.evaluate(cells[random.nextInt(cells.length)]);
        }
        return Outcome.evaluated(trials, device.truth());
    }
}
