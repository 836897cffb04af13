package org.dartscc.model.message;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.SpaceSpec;

/**
 * Work for one trainer. Tasks may be delivered twice: an outcome counts once per taskId, and only the outcome of the
 * newest attempt counts.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TrainingTask.InspectDataset.class, name = "inspect-dataset"),
    @JsonSubTypes.Type(value = TrainingTask.TrainRound.class, name = "train-round"),
    @JsonSubTypes.Type(value = TrainingTask.FitTradeoff.class, name = "fit-tradeoff"),
    @JsonSubTypes.Type(value = TrainingTask.FinaliseModel.class, name = "finalise-model")
})
public sealed interface TrainingTask {
    int schemaVersion();

    String taskId();

    String searchId();

    int attempt();

    DatasetSpec dataset();

    /** Read the data set and tell its shape, classes and splits: the first task of a search. */
    record InspectDataset(int schemaVersion, String taskId, String searchId, int attempt, DatasetSpec dataset)
            implements TrainingTask {
        public InspectDataset {
            Topics.requireKnown(schemaVersion);
        }
    }

    /**
     * One shard of a round: from a checkpoint, run supernet steps.
     *
     * @param method registered search method
     * @param round from 0
     * @param shard from 0, below shards
     * @param firstStep global number of the round's first step
     * @param steps steps of this round
     * @param totalSteps steps of the whole search; schedules are functions of step / totalSteps
     * @param checkpoint null in round 0
     * @param devices newest cost tables, in the order of their ids; only devices with full coverage
     */
    record TrainRound(
            int schemaVersion,
            String taskId,
            String searchId,
            int attempt,
            SpaceSpec space,
            DatasetSpec dataset,
            String method,
            long seed,
            int round,
            int shard,
            int shards,
            int firstStep,
            int steps,
            int totalSteps,
            int batchSize,
            ArtifactRef checkpoint,
            List<CostTable> devices)
            implements TrainingTask {
        public TrainRound {
            Topics.requireKnown(schemaVersion);
            devices = List.copyOf(devices);
        }
    }

    /** Evaluate subnets with inherited weights, fit the accuracy estimate and train the hypernetwork on it. */
    record FitTradeoff(
            int schemaVersion,
            String taskId,
            String searchId,
            int attempt,
            SpaceSpec space,
            DatasetSpec dataset,
            long seed,
            int subnets,
            ArtifactRef checkpoint,
            List<CostTable> devices)
            implements TrainingTask {
        public FitTradeoff {
            Topics.requireKnown(schemaVersion);
            devices = List.copyOf(devices);
        }
    }

    /** Recalibrate batch norm of one subnet, fine-tune it if asked, evaluate it, and write weights and a reference. */
    record FinaliseModel(
            int schemaVersion,
            String taskId,
            String searchId,
            int attempt,
            SpaceSpec space,
            DatasetSpec dataset,
            long seed,
            String modelId,
            Genotype genotype,
            int fineTuneEpochs,
            ArtifactRef checkpoint)
            implements TrainingTask {
        public FinaliseModel {
            Topics.requireKnown(schemaVersion);
        }
    }
}
