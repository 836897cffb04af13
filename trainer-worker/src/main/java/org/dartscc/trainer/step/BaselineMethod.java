package org.dartscc.trainer.step;

import java.util.Map;
import java.util.Optional;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.message.TrainingTask.FitTradeoff;
import org.dartscc.model.message.TrainingTask.TrainRound;
import org.dartscc.trainer.checkpoint.Checkpoint;
import org.dartscc.trainer.supernet.Values;
import org.dartscc.trainer.tradeoff.Baseline;
import org.dartscc.trainer.tradeoff.TradeoffFit;

/** Our supernet without finalists, and answers from as many evaluated subnets as our own, found in another way. */
final class BaselineMethod implements SearchMethod {
    private final Fleet supernet;
    private final Baseline baseline;

    BaselineMethod(FleetRecipe recipe, Baseline baseline) {
        this.supernet = new Fleet(recipe);
        this.baseline = baseline;
    }

    @Override
    public Round train(TrainRound task, Optional<Checkpoint> from, Bench bench) {
        return supernet.train(task, from, bench);
    }

    @Override
    public TradeoffFit.Result fit(FitTradeoff task, Checkpoint checkpoint, Bench bench) {
        var space = bench.space();
        try (var manager = bench.manager().newSubManager()) {
            var weights = Values.of(manager, space.parameters(), new SafeTensors(checkpoint.weights(), Map.of()));
            return new TradeoffFit(manager, space, bench.dataset(), bench.pace())
                    .search(
                            baseline,
                            weights,
                            task.devices(),
                            TradeoffFit.Effort.thorough(task.subnets()),
                            task.seed(),
                            checkpoint.step());
        }
    }
}
