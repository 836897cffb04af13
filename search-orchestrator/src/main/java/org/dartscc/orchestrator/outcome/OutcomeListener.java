package org.dartscc.orchestrator.outcome;

import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.hibernate.reactive.mutiny.Mutiny;
import org.jboss.logging.Logger;

import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingOutcome;
import org.dartscc.orchestrator.database.Database;
import org.dartscc.orchestrator.messaging.Consuming;
import org.dartscc.orchestrator.messaging.MessageJson;
import org.dartscc.orchestrator.messaging.PoisonRecordException;
import org.dartscc.orchestrator.model.Models;
import org.dartscc.orchestrator.search.Search;
import org.dartscc.orchestrator.search.Searches;
import org.dartscc.orchestrator.task.Task;
import org.dartscc.orchestrator.task.Tasks;

/** What trainers say of tasks. An outcome counts once, and only of the newest attempt; what is late is ignored. */
@ApplicationScoped
class OutcomeListener {
    private static final Logger LOG = Logger.getLogger(OutcomeListener.class);

    private final Database database;
    private final Searches searches;
    private final Models models;
    private final Tasks tasks;

    OutcomeListener(Database database, Searches searches, Models models, Tasks tasks) {
        this.database = database;
        this.searches = searches;
        this.models = models;
        this.tasks = tasks;
    }

    void onStart(@Observes StartupEvent event) {
        database.inTransaction(tasks::listenAnew).await().indefinitely();
    }

    @Incoming(Topics.TRAINING_RESULTS)
    Uni<Void> consume(ConsumerRecord<String, byte[]> record) {
        return Consuming.reliably(() -> {
            var outcome = MessageJson.read(record.value(), TrainingOutcome.class);
            requireComplete(outcome);
            return searches.change(outcome.searchId(), (session, search) -> apply(session, search, outcome))
                    .replaceWithVoid();
        });
    }

    private static void requireComplete(TrainingOutcome outcome) {
        require(outcome.taskId() != null && outcome.searchId() != null, "taskId or searchId is missing");
        if (outcome instanceof TrainingOutcome.DatasetInspected inspected) {
            require(inspected.dataset() != null, "the data set is missing");
        } else if (outcome instanceof TrainingOutcome.RoundCompleted round) {
            require(round.checkpoint() != null && round.steps() > 0, "the checkpoint or the steps are missing");
        } else if (outcome instanceof TrainingOutcome.TradeoffFitted fitted) {
            require(fitted.estimate() != null, "the estimate is missing");
        } else if (outcome instanceof TrainingOutcome.ModelFinalised model) {
            require(
                    model.modelId() != null
                            && model.weights() != null
                            && model.reference() != null
                            && model.dataset() != null,
                    "the model, its weights, reference or data set is missing");
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new PoisonRecordException(otherwise);
        }
    }

    private Uni<Void> apply(Mutiny.Session session, Search search, TrainingOutcome outcome) {
        return tasks.accepting(session, outcome.taskId(), outcome.attempt()).chain(accepting -> accepting
                .map(task -> apply(session, search, task, outcome))
                .orElse(Uni.createFrom().voidItem()));
    }

    private Uni<Void> apply(Mutiny.Session session, Search search, Task task, TrainingOutcome outcome) {
        var now = Instant.now();
        if (outcome instanceof TrainingOutcome.Progress progress) {
            tasks.signOfLife(task);
            if (task.modelId() != null) {
                return models.begun(session, task.modelId());
            }
            search.progressed(progress, now);
            return Uni.createFrom().voidItem();
        }
        if (outcome instanceof TrainingOutcome.Failed failed) {
            return failed(session, search, task, failed.reason(), failed.retryable());
        }
        if (outcome instanceof TrainingOutcome.ModelFinalised finalised) {
            require(finalised.modelId().equals(task.modelId()), "the task is not of that model");
            tasks.done(task);
            return models.finalised(session, search, finalised);
        }
        if (outcome instanceof TrainingOutcome.DatasetInspected inspected) {
            search.inspected(inspected.dataset(), now);
        } else if (outcome instanceof TrainingOutcome.RoundCompleted round) {
            search.roundCompleted(round, now);
        } else if (outcome instanceof TrainingOutcome.TradeoffFitted fitted) {
            requireFits(search, fitted);
            search.tradeoffFitted(fitted, now);
            logWarnings(fitted);
        }
        tasks.done(task);
        return searches.advance(session, search);
    }

    private static void logWarnings(TrainingOutcome.TradeoffFitted fitted) {
        if (fitted.diagnostics() != null) {
            fitted.diagnostics().warnings().forEach(w -> LOG.warnf("Search %s: %s", fitted.searchId(), w));
        }
    }

    private static void requireFits(Search search, TrainingOutcome.TradeoffFitted fitted) {
        try {
            var space = search.spaceSpec().create();
            fitted.estimate().requireFits(space);
            for (var proposal : fitted.proposals()) {
                if (!space.isValid(proposal.genotype())) {
                    throw new IllegalArgumentException(
                            proposal.genotype() + " is not a valid architecture of the space " + space.name());
                }
            }
        } catch (IllegalArgumentException e) {
            throw new PoisonRecordException(e.getMessage());
        }
    }

    private Uni<Void> failed(Mutiny.Session session, Search search, Task task, String reason, boolean retryable) {
        return tasks.retry(session, task, reason, retryable).chain(goesOn -> {
            if (goesOn) {
                return Uni.createFrom().voidItem();
            }
            if (task.modelId() != null) {
                return models.finalisationFailed(session, task.modelId(), reason);
            }
            search.fail(reason, Instant.now());
            return tasks.cancel(session, search.id());
        });
    }

    /** A task whose trainer died or hangs goes to another one. */
    @Scheduled(
            every = "{dartscc.task.check}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    Uni<Void> retrySilent() {
        return database.inTransaction(tasks::silent)
                .onItem()
                .transformToMulti(Multi.createFrom()::iterable)
                .onItem()
                .transformToUniAndConcatenate(silent ->
                        searches.change(silent.searchId(), (session, search) -> tasks.stillSilent(session, silent.id())
                                .chain(task -> task.map(t -> failed(session, search, t, t.silence(), true))
                                        .orElse(Uni.createFrom().voidItem()))))
                .collect()
                .last()
                .replaceWithVoid();
    }
}
