package org.dartscc.model.message;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.selection.AccuracyEstimate;
import org.dartscc.model.selection.Diagnostics;
import org.dartscc.model.selection.Proposal;

/** What a trainer says of a task: progress while it runs, then exactly one of the others. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = TrainingOutcome.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = TrainingOutcome.DatasetInspected.class, name = "dataset-inspected"),
    @JsonSubTypes.Type(value = TrainingOutcome.RoundCompleted.class, name = "round-completed"),
    @JsonSubTypes.Type(value = TrainingOutcome.TradeoffFitted.class, name = "tradeoff-fitted"),
    @JsonSubTypes.Type(value = TrainingOutcome.ModelFinalised.class, name = "model-finalised"),
    @JsonSubTypes.Type(value = TrainingOutcome.Failed.class, name = "failed")
})
public sealed interface TrainingOutcome {
    int schemaVersion();

    String taskId();

    String searchId();

    int attempt();

    /**
     * A sign of life.
     *
     * @param what what is being done, in words for a user, as "training"
     * @param done units of work done so far, of total
     * @param loss mean training loss since the last progress; null where there is none
     */
    record Progress(
            int schemaVersion,
            String taskId,
            String searchId,
            int attempt,
            String what,
            int done,
            int total,
            Double loss)
            implements TrainingOutcome {
        public Progress {
            Topics.requireKnown(schemaVersion);
        }
    }

    record DatasetInspected(int schemaVersion, String taskId, String searchId, int attempt, DatasetInfo dataset)
            implements TrainingOutcome {
        public DatasetInspected {
            Topics.requireKnown(schemaVersion);
        }
    }

    /** @param meanLoss mean training loss of the round's costliest subnet */
    record RoundCompleted(
            int schemaVersion,
            String taskId,
            String searchId,
            int attempt,
            int round,
            int shard,
            int steps,
            double meanLoss,
            double seconds,
            ArtifactRef checkpoint)
            implements TrainingOutcome {
        public RoundCompleted {
            Topics.requireKnown(schemaVersion);
        }
    }

    /**
     * @param hypernetwork weights in safetensors, null when the method has none, or no device had a cost table to train
     *     it on
     * @param proposals what the method answers with; empty when it answers with whatever is best by the estimate
     * @param diagnostics null from trainers that did not tell yet
     */
    record TradeoffFitted(
            int schemaVersion,
            String taskId,
            String searchId,
            int attempt,
            AccuracyEstimate estimate,
            ArtifactRef hypernetwork,
            List<Proposal> proposals,
            Diagnostics diagnostics)
            implements TrainingOutcome {
        public TradeoffFitted {
            Topics.requireKnown(schemaVersion);
            proposals = proposals == null ? List.of() : List.copyOf(proposals);
        }
    }

    /**
     * @param weights the subnet's parameters by name, safetensors
     * @param reference safetensors with {@code image} [N, C, H, W] (pixels in [0, 1]) and the supernet's
     *     {@code logits} [N, classes] for them
     * @param validationAccuracy in [0, 1]
     * @param testAccuracy in [0, 1], over the whole test split
     */
    record ModelFinalised(
            int schemaVersion,
            String taskId,
            String searchId,
            int attempt,
            String modelId,
            ArtifactRef weights,
            ArtifactRef reference,
            DatasetInfo dataset,
            double validationAccuracy,
            double testAccuracy)
            implements TrainingOutcome {
        public ModelFinalised {
            Topics.requireKnown(schemaVersion);
        }
    }

    /** @param retryable whether another trainer, or a later try, may succeed */
    record Failed(int schemaVersion, String taskId, String searchId, int attempt, String reason, boolean retryable)
            implements TrainingOutcome {
        public Failed {
            Topics.requireKnown(schemaVersion);
        }
    }
}
