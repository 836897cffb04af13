package org.dartscc.orchestrator.search;

import java.time.Instant;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.dartscc.model.artifact.ArtifactRef;
import org.dartscc.model.message.DatasetInfo;
import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingOutcome;
import org.dartscc.model.message.TrainingTask;
import org.dartscc.model.network.Shape;
import org.dartscc.model.selection.AccuracyEstimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The rules of a search as a plain object: what happens, and what is due then. */
class SearchTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static Search search(Integer epochs, Integer steps) {
        return new Search(
                "s", new NewSearch(null, "fashion-mnist", null, null, List.of(), 7L, epochs, steps, null, null), NOW);
    }

    private static DatasetInfo dataset(int side) {
        return new DatasetInfo(
                "d", new Shape(1, side, side), Collections.nCopies(10, "c"), List.of(), List.of(), 650, 100, 100, 7);
    }

    private static Search training(int steps) {
        var search = search(null, steps);
        search.inspected(dataset(28), NOW);
        search.measured(NOW);
        return search;
    }

    private static ArtifactRef artifact(int n) {
        return new ArtifactRef("%064x".formatted(n), 10);
    }

    private static List<String> due(Search search) {
        return search.due(List.of()).stream().map(TrainingTask::taskId).toList();
    }

    private static void completeRound(Search search, int round, int steps) {
        search.roundCompleted(
                new TrainingOutcome.RoundCompleted(
                        Topics.SCHEMA_VERSION,
                        "s/round-" + round + "-shard-0",
                        "s",
                        1,
                        round,
                        0,
                        steps,
                        1.0,
                        20,
                        artifact(round)),
                NOW);
    }

    private static void fit(Search search, String what) {
        search.tradeoffFitted(
                new TrainingOutcome.TradeoffFitted(
                        Topics.SCHEMA_VERSION,
                        "s/" + what,
                        "s",
                        1,
                        new AccuracyEstimate(-1, List.of(), 5, 0),
                        null,
                        List.of(),
                        null),
                NOW);
    }

    @Test
    void theDataSetIsInspectedBeforeAnythingElse() {
        var search = search(null, 600);
        assertThat(search.state()).isEqualTo(SearchState.CREATED);
        assertThat(due(search)).containsExactly("s/inspect");
        search.inspected(dataset(28), NOW);
        assertThat(search.state()).isEqualTo(SearchState.MEASURING);
        assertThat(due(search)).isEmpty();
        search.measured(NOW);
        assertThat(search.state()).isEqualTo(SearchState.TRAINING);
    }

    @Test
    void roundsFollowOneAnotherEachFromTheCheckpointOfTheLast() {
        var search = training(500);
        var first = (TrainingTask.TrainRound) search.due(List.of()).get(0);
        assertThat(first.checkpoint()).isNull();
        assertThat(first.steps()).isEqualTo(200);
        completeRound(search, 0, 200);
        completeRound(search, 1, 200);
        var last = (TrainingTask.TrainRound) search.due(List.of()).get(0);
        assertThat(last.checkpoint()).isEqualTo(artifact(1));
        assertThat(last.firstStep()).isEqualTo(400);
        assertThat(last.steps()).isEqualTo(100);
        completeRound(search, 2, 100);
        assertThat(due(search)).containsExactly("s/fit-final");
        fit(search, "fit-final");
        assertThat(search.state()).isEqualTo(SearchState.READY);
        assertThat(due(search)).isEmpty();
    }

    @Test
    void aLongSearchIsFittedInTheMiddleSoThatAFrontIsThereEarly() {
        var search = training(800);
        completeRound(search, 0, 200);
        assertThat(due(search)).containsExactly("s/round-1-shard-0");
        completeRound(search, 1, 200);
        assertThat(due(search)).containsExactly("s/fit-early", "s/round-2-shard-0");
        fit(search, "fit-early");
        assertThat(search.state()).isEqualTo(SearchState.TRAINING);
        assertThat(search.estimate()).isPresent();
    }

    @Test
    void anEarlyFitThatComesLateDoesNotReplaceTheFinalOne() {
        var search = training(200);
        completeRound(search, 0, 200);
        fit(search, "fit-final");
        int fits = search.fitNumber();
        fit(search, "fit-early");
        assertThat(search.fitNumber()).isEqualTo(fits);
    }

    @Test
    void epochsBecomeStepsWhenTheDataSetIsKnown() {
        var search = search(3, null);
        assertThat(search.stepsTotal()).isNull();
        search.inspected(dataset(28), NOW);
        assertThat(search.stepsTotal()).isEqualTo(3 * 11);
    }

    @Test
    void imagesThatTheSpaceCanNotTakeFailTheSearchWithTheReason() {
        var search = search(null, 200);
        search.inspected(dataset(8), NOW);
        assertThat(search.state()).isEqualTo(SearchState.FAILED);
        assertThat(search.failure()).contains("16x16");
    }

    @Test
    void aPausedSearchTakesWhatStillEndsAndGoesOnFromThere() {
        var search = training(400);
        search.pause(NOW);
        assertThat(due(search)).isEmpty();
        completeRound(search, 0, 200);
        assertThat(search.state()).isEqualTo(SearchState.PAUSED);
        search.resume(NOW);
        assertThat(search.state()).isEqualTo(SearchState.TRAINING);
        assertThat(due(search)).containsExactly("s/round-1-shard-0");
    }

    @Test
    void whatAStateDoesNotAllowIsRefused() {
        var search = training(200);
        assertThatThrownBy(() -> search.resume(NOW)).isInstanceOf(IllegalTransitionException.class);
        completeRound(search, 0, 200);
        fit(search, "fit-final");
        assertThatThrownBy(() -> search.pause(NOW)).hasMessageContaining("READY");
        assertThatThrownBy(() -> search.cancel(NOW)).isInstanceOf(IllegalTransitionException.class);
        var cancelled = training(200);
        cancelled.cancel(NOW);
        assertThatThrownBy(() -> cancelled.fail("too late", NOW)).isInstanceOf(IllegalTransitionException.class);
    }
}
