package org.dartscc.trainer.step;

import java.util.Optional;

import ai.djl.ndarray.NDManager;

import org.dartscc.model.message.TrainingTask.FitTradeoff;
import org.dartscc.model.message.TrainingTask.TrainRound;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.checkpoint.Checkpoint;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.tradeoff.TradeoffFit;

/** How the weights of a search are trained, round by round, and what the search answers with. */
public interface SearchMethod {

    /**
     * What a round works with.
     *
     * @param threads that the engine uses, to be recorded
     */
    record Bench(NDManager manager, SearchSpace space, Dataset dataset, int threads, Pace pace) {}

    /** @param meanLoss mean training loss of the round's costliest network */
    record Round(Checkpoint checkpoint, double meanLoss) {}

    /**
     * Trains one round. The result is a function of the task, the checkpoint and the number of threads alone.
     *
     * @param from empty in the first round
     * @throws NonFiniteTrainingException when training diverges
     * @throws IllegalArgumentException when the task and the checkpoint do not go together
     */
    Round train(TrainRound task, Optional<Checkpoint> from, Bench bench);

    /**
     * What the method answers with, from the weights of a checkpoint of its own. The result is a function of the task,
     * the checkpoint and the number of threads alone.
     *
     * @throws IllegalArgumentException when the task and the checkpoint do not go together
     */
    TradeoffFit.Result fit(FitTradeoff task, Checkpoint checkpoint, Bench bench);
}
