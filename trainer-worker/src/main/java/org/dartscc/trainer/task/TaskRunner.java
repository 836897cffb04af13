package org.dartscc.trainer.task;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import ai.djl.ndarray.NDManager;
import org.jboss.logging.Logger;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.artifact.CorruptArtifactException;
import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingOutcome;
import org.dartscc.model.message.TrainingTask;
import org.dartscc.model.message.TrainingTask.FinaliseModel;
import org.dartscc.model.message.TrainingTask.FitTradeoff;
import org.dartscc.model.message.TrainingTask.InspectDataset;
import org.dartscc.model.message.TrainingTask.TrainRound;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.model.space.SpaceSpec;
import org.dartscc.trainer.checkpoint.Checkpoint;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.data.Datasets;
import org.dartscc.trainer.data.UnusableDatasetException;
import org.dartscc.trainer.finalise.Finalisation;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.step.NonFiniteTrainingException;
import org.dartscc.trainer.step.SearchMethod;
import org.dartscc.trainer.step.SearchMethods;
import org.dartscc.trainer.supernet.NativeEngine;

/**
 * Does one task and says what came of it. An outcome is a function of the task and the artifacts that it names (and the
 * number of threads), so that a task done twice gives the same.
 */
final class TaskRunner {
    private static final Logger LOG = Logger.getLogger(TaskRunner.class);
    private static final int MAX_STEPS = 1_000_000;
    private static final int MAX_BATCH = 4_096;
    private static final int MAX_SUBNETS = 10_000;
    private static final int MAX_EPOCHS = 1_000;

    private final NativeEngine engine;
    private final int threads;
    private final Datasets datasets;
    private final ArtifactStore artifacts;

    TaskRunner(NativeEngine engine, int threads, Datasets datasets, ArtifactStore artifacts) {
        this.engine = engine;
        this.threads = threads;
        this.datasets = datasets;
        this.artifacts = artifacts;
    }

    /**
     * Does the task. What is wrong with it, its data or the machine is an outcome too.
     *
     * @throws Pace.StoppedException when the worker stops: the task is to be done again
     */
    TrainingOutcome run(TrainingTask task, Pace pace) {
        try (var manager = engine.newManager()) {
            return perform(task, manager, pace);
        } catch (UnusableDatasetException | IllegalArgumentException | NonFiniteTrainingException e) {
            return failed(task, e.getMessage(), false);
        } catch (CorruptArtifactException e) {
            return failed(task, e.getMessage(), false);
        } catch (NoSuchFileException e) {
            return failed(task, "the artifact store lacks " + e.getMessage(), true);
        } catch (IOException e) {
            return failed(task, "the artifact store can't be used: " + e, true);
        } catch (ai.djl.engine.EngineException e) {
            return failed(task, "the tensor engine failed: " + e.getMessage(), true);
        }
    }

    static TrainingOutcome failed(TrainingTask task, String reason, boolean retryable) {
        return new TrainingOutcome.Failed(
                Topics.SCHEMA_VERSION, task.taskId(), task.searchId(), task.attempt(), reason, retryable);
    }

    private TrainingOutcome perform(TrainingTask task, NDManager manager, Pace pace) throws IOException {
        if (task instanceof InspectDataset inspect) {
            return inspect(inspect);
        } else if (task instanceof TrainRound round) {
            return train(round, manager, pace);
        } else if (task instanceof FitTradeoff fit) {
            return fit(fit, manager, pace);
        }
        return finalise((FinaliseModel) task, manager, pace);
    }

    private TrainingOutcome inspect(InspectDataset task) {
        var info = datasets.read(task.dataset()).info();
        return new TrainingOutcome.DatasetInspected(
                Topics.SCHEMA_VERSION, task.taskId(), task.searchId(), task.attempt(), info);
    }

    private TrainingOutcome train(TrainRound task, NDManager manager, Pace pace) throws IOException {
        long start = System.nanoTime();
        requireWithin("steps", task.steps(), MAX_STEPS);
        requireWithin("totalSteps", task.totalSteps(), MAX_STEPS);
        requireWithin("batchSize", task.batchSize(), MAX_BATCH);
        if ((task.checkpoint() == null) != (task.firstStep() == 0)) {
            throw new IllegalArgumentException("only the first round starts at step 0 and without a checkpoint");
        }
        var method = SearchMethods.of(task.method());
        var dataset = datasets.load(task.dataset());
        var space = space(task.space(), dataset);
        requireCovered(space, task.devices());
        var from =
                task.checkpoint() == null ? Optional.<Checkpoint>empty() : Optional.of(checkpoint(task.checkpoint()));
        var round = method.train(task, from, new SearchMethod.Bench(manager, space, dataset, threads, pace));
        var stored = artifacts.put(round.checkpoint().toBytes());
        return new TrainingOutcome.RoundCompleted(
                Topics.SCHEMA_VERSION,
                task.taskId(),
                task.searchId(),
                task.attempt(),
                task.round(),
                task.shard(),
                task.steps(),
                round.meanLoss(),
                (System.nanoTime() - start) / 1e9,
                stored);
    }

    private TrainingOutcome fit(FitTradeoff task, NDManager manager, Pace pace) throws IOException {
        requireWithin("subnets", task.subnets(), MAX_SUBNETS);
        var dataset = datasets.load(task.dataset());
        var space = space(task.space(), dataset);
        requireCovered(space, task.devices());
        var checkpoint = checkpoint(required(task.checkpoint()));
        checkpoint.requireTrainedOn(space, task.dataset());
        // What trained the weights answers with them.
        var method = SearchMethods.of(checkpoint.origin().method());
        var fitted = method.fit(task, checkpoint, new SearchMethod.Bench(manager, space, dataset, threads, pace));
        fitted.diagnostics().ifPresent(d -> LOG.infof("Search %s: %s", task.searchId(), d));
        var hypernetwork = fitted.hypernetwork().isEmpty()
                ? null
                : artifacts.put(fitted.hypernetwork().get().toBytes());
        return new TrainingOutcome.TradeoffFitted(
                Topics.SCHEMA_VERSION,
                task.taskId(),
                task.searchId(),
                task.attempt(),
                fitted.estimate(),
                hypernetwork,
                fitted.proposals(),
                fitted.diagnostics().orElse(null));
    }

    private TrainingOutcome finalise(FinaliseModel task, NDManager manager, Pace pace) throws IOException {
        if (task.fineTuneEpochs() < 0 || task.fineTuneEpochs() > MAX_EPOCHS) {
            throw new IllegalArgumentException(
                    "fineTuneEpochs must be within 0..%d, not %d".formatted(MAX_EPOCHS, task.fineTuneEpochs()));
        }
        var dataset = datasets.load(task.dataset());
        var space = space(task.space(), dataset);
        if (!space.isValid(task.genotype())) {
            throw new IllegalArgumentException(
                    task.genotype() + " is not a valid architecture of the space " + space.name());
        }
        var checkpoint = checkpoint(required(task.checkpoint()));
        checkpoint.requireTrainedOn(space, task.dataset());
        var model = new Finalisation(manager, space, dataset, pace)
                .finalise(
                        task.genotype(),
                        new SafeTensors(checkpoint.weights(), Map.of()),
                        task.fineTuneEpochs(),
                        task.seed());
        return new TrainingOutcome.ModelFinalised(
                Topics.SCHEMA_VERSION,
                task.taskId(),
                task.searchId(),
                task.attempt(),
                task.modelId(),
                artifacts.put(model.weights().toBytes()),
                artifacts.put(model.reference().toBytes()),
                dataset.info(),
                model.validationAccuracy(),
                model.testAccuracy());
    }

    private static void requireWithin(String what, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException("%s must be within 1..%d, not %d".formatted(what, max, value));
        }
    }

    private static SearchSpace space(SpaceSpec spec, Dataset dataset) {
        var info = dataset.info();
        if (!spec.image().equals(info.image())
                || spec.classes() != info.classNames().size()) {
            throw new IllegalArgumentException("the space is for images of %s in %d classes, but %s has %s in %d"
                    .formatted(
                            spec.image(),
                            spec.classes(),
                            info.name(),
                            info.image(),
                            info.classNames().size()));
        }
        return spec.create();
    }

    private static void requireCovered(SearchSpace space, List<CostTable> devices) {
        for (var device : devices) {
            if (!device.covers(space)) {
                throw new IllegalArgumentException(
                        "the costs of device %s do not cover the space %s".formatted(device.deviceId(), space.name()));
            }
        }
    }

    private static ArtifactRef required(ArtifactRef checkpoint) {
        if (checkpoint == null) {
            throw new IllegalArgumentException("the task names no checkpoint");
        }
        return checkpoint;
    }

    private Checkpoint checkpoint(ArtifactRef ref) throws IOException {
        return Checkpoint.parse(artifacts.get(ref));
    }
}
