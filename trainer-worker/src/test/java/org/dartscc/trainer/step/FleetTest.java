package org.dartscc.trainer.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.Test;

import org.dartscc.model.artifact.SafeTensors;
import org.dartscc.model.cost.CostTable;
import org.dartscc.model.message.TrainingTask.TrainRound;
import org.dartscc.trainer.Small;
import org.dartscc.trainer.checkpoint.Checkpoint;
import org.dartscc.trainer.data.Dataset;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.supernet.NativeEngine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FleetTest {
    private static final Dataset DATASET = Small.dataset();

    private static SearchMethod.Round train(TrainRound task, Checkpoint from, NDManager manager, Pace pace) {
        return train(task, DATASET, from, manager, pace);
    }

    private static SearchMethod.Round train(
            TrainRound task, Dataset dataset, Checkpoint from, NDManager manager, Pace pace) {
        var bench = new SearchMethod.Bench(manager, task.space().create(), dataset, 1, pace);
        return SearchMethods.of(task.method()).train(task, Optional.ofNullable(from), bench);
    }

    private static SearchMethod.Round train(TrainRound task, Checkpoint from) {
        try (var manager = NativeEngine.load(1).newManager()) {
            return train(task, from, manager, Pace.undisturbed());
        }
    }

    @Test
    void trainingInRoundsWithTheirCheckpointsStoredGivesBitwiseWhatARoundDoneAgainGives() {
        var space = Small.space("layerwise");
        var devices = List.of(Small.device(space.create(), "a", 1), Small.device(space.create(), "b", 2));
        // The second round chooses finalists, at step 2.
        var first = train(Small.round(space, 7, 0, 1, 8, devices), null).checkpoint();
        var restored = Checkpoint.parse(first.toBytes());
        var once = train(Small.round(space, 7, 1, 7, 8, devices), restored).checkpoint();
        var again = train(Small.round(space, 7, 1, 7, 8, devices), Checkpoint.parse(first.toBytes()))
                .checkpoint();
        assertThat(once.finalists()).isNotEmpty();
        assertThat(once.toBytes()).isEqualTo(again.toBytes());
        assertThat(once.toBytes())
                .isNotEqualTo(train(Small.round(space, 8, 0, 8, 8, devices), null)
                        .checkpoint()
                        .toBytes());
    }

    @Test
    void afterAFifthOfTheStepsMostlyFinalistsAreTrained() {
        int explored = 6;
        int left = 24;
        var spec = Small.space("layerwise");
        var space = spec.create();
        var devices = List.of(Small.device(space, "a", 1));
        var before = train(Small.round(spec, 7, 0, explored, explored + left, devices), null)
                .checkpoint();
        var after = train(Small.round(spec, 7, explored, left, explored + left, devices), before)
                .checkpoint();
        assertThat(before.finalists()).isEmpty();

        var trained = new ArrayList<>(after.finalists());
        trained.addAll(List.of(space.cheapest(), space.costliest()));
        double others = 0;
        double othersIfUniform = 0;
        int index = 0;
        for (int d = 0; d < space.decisions().size(); d++) {
            int options = space.decisions().get(d).options().size();
            for (int o = 0; o < options; o++, index++) {
                int decision = d;
                int option = o;
                if (trained.stream().noneMatch(g -> space.indices(g)[decision] == option)) {
                    others += after.counts().values()[index] - before.counts().values()[index];
                    othersIfUniform += 2.0 * left / options;
                }
            }
        }
        assertThat(othersIfUniform).isPositive();
        assertThat(others).isLessThan(.4 * othersIfUniform);
    }

    @Test
    void withoutADeviceThereAreNoFinalistsUntilOneJoins() {
        var spec = Small.space("layerwise");
        var devices = List.of(Small.device(spec.create(), "a", 1));
        var alone = train(Small.round(spec, 7, 0, 4, 6, List.of()), null).checkpoint();
        assertThat(alone.finalists()).isEmpty();
        assertThat(train(Small.round(spec, 7, 4, 2, 6, devices), alone)
                        .checkpoint()
                        .finalists())
                .isNotEmpty();
    }

    @Test
    void aSearchStoppedAndResumedEndsBitwiseWhereAnUninterruptedOneDoes() {
        var space = Small.space("layerwise");
        var devices = List.of(Small.device(space.create(), "a", 1));
        var whole = train(Small.round(space, 7, 0, 6, 6, devices), null).checkpoint();
        // Before and after the finalists are chosen, at step 2.
        for (int stop : new int[] {1, 3}) {
            var part = train(Small.round(space, 7, 0, stop, 6, devices), null).checkpoint();
            assertThat(part.finalists().isEmpty()).isEqualTo(stop == 1);
            var resumed = train(Small.round(space, 7, stop, 6 - stop, 6, devices), Checkpoint.parse(part.toBytes()))
                    .checkpoint();
            assertThat(resumed.toBytes()).isEqualTo(whole.toBytes());
        }
    }

    @Test
    void stepsLeaveNoTensorsBehind() {
        var space = Small.space("layerwise").create();
        try (var manager = NativeEngine.load(1).newManager()) {
            var weights = org.dartscc.trainer.supernet.Values.initial(manager, space.parameters(), 1);
            var sgd = new Sgd(weights, weights.zeros(manager), 5e-4, 5);
            var sandwich = new SandwichStep(manager, weights, sgd, DATASET, true);
            var order = new BatchOrder(1, DATASET.train().size(), 4);
            var networks = List.of(
                    space.network(space.costliest()).live(),
                    space.network(space.cheapest()).live());
            sandwich.run(networks, order.at(0), .1);
            int before = manager.getManagedArrays().size();
            for (int step = 1; step < 200; step++) {
                sandwich.run(networks, order.at(step), .1);
            }
            assertThat(manager.getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void weightsThatAreNotFiniteEndTrainingWithAClearError() {
        var space = Small.space("layerwise");
        var good = train(Small.round(space, 1, 0, 1, 30, List.of()), null).checkpoint();
        var weights = new LinkedHashMap<>(good.weights());
        var poisoned = weights.get("stem.conv.weight").values().clone();
        Arrays.fill(poisoned, Float.NaN);
        weights.put(
                "stem.conv.weight",
                new SafeTensors.Tensor(weights.get("stem.conv.weight").shape(), poisoned));
        var bad = new Checkpoint(
                good.origin(),
                good.step(),
                good.threads(),
                weights,
                good.momenta(),
                good.counts(),
                good.finalists(),
                good.alphas());
        assertThatThrownBy(() -> train(Small.round(space, 1, 1, 20, 30, List.of()), bad))
                .isInstanceOf(NonFiniteTrainingException.class)
                .hasMessageContaining("diverged")
                .hasMessageContaining("step 10");
    }

    @Test
    void aCheckpointFromBeforeThereWereFinalistsStillHasItsWeights() {
        var now = train(Small.round(Small.space("layerwise"), 1, 0, 1, 4, List.of()), null)
                .checkpoint();
        var file = SafeTensors.parse(now.toBytes());
        var tensors = new LinkedHashMap<>(file.tensors());
        tensors.put("hypernetwork/input.weight", new SafeTensors.Tensor(List.of(1L), new float[] {1}));
        var metadata = new LinkedHashMap<>(file.metadata());
        metadata.put("policy-fitted-at", "1");
        var before = Checkpoint.parse(new SafeTensors(tensors, metadata).toBytes());
        assertThat(before.weights().keySet()).isEqualTo(now.weights().keySet());
        assertThat(before.finalists()).isEmpty();
    }

    @Test
    void aCheckpointKeepsTheFinalistsOfALargeFleet() {
        var spec = Small.space("darts");
        var space = spec.create();
        var small = train(Small.round(Small.space("layerwise"), 1, 0, 1, 4, List.of()), null)
                .checkpoint();
        var random = new java.util.Random(1);
        var many = java.util.stream.Stream.generate(() -> space.random(random))
                .limit(200)
                .toList();
        var checkpoint = new Checkpoint(
                small.origin(), 1, 1, small.weights(), small.momenta(), small.counts(), many, small.alphas());
        assertThat(Checkpoint.parse(checkpoint.toBytes()).finalists()).isEqualTo(many);
    }

    @Test
    void aCheckpointOfAnotherSearchOrStepIsRefused() {
        var space = Small.space("layerwise");
        var checkpoint = train(Small.round(space, 1, 0, 1, 4, List.of()), null).checkpoint();
        assertThatThrownBy(() -> train(Small.round(space, 2, 1, 1, 4, List.of()), checkpoint))
                .hasMessageContaining("another search");
        assertThatThrownBy(() -> train(Small.round(space, 1, 2, 1, 4, List.of()), checkpoint))
                .hasMessageContaining("step 2")
                .hasMessageContaining("step 1");
        assertThatThrownBy(() -> SearchMethods.of("darts-v1"))
                .hasMessageContaining("known are darts")
                .hasMessageContaining("fleet");
    }

    @Test
    void aStoppingWorkerEndsTheRoundBetweenTwoSteps() {
        var steps = new int[1];
        List<CostTable> none = List.of();
        var pace = new Pace(
                org.dartscc.model.turn.MachineTurn.free(),
                () -> steps[0] == 2,
                (what, done, total, loss) -> steps[0]++);
        try (var manager = NativeEngine.load(1).newManager()) {
            assertThatThrownBy(
                            () -> train(Small.round(Small.space("layerwise"), 1, 0, 9, 9, none), null, manager, pace))
                    .isInstanceOf(Pace.StoppedException.class);
        }
        assertThat(steps[0]).isEqualTo(2);
    }
}
