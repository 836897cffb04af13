package org.dartscc.trainer.step;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.selection.Budget;
import org.dartscc.model.selection.BudgetScale;
import org.dartscc.model.selection.ExactSelector;
import org.dartscc.model.selection.Hypernetwork;
import org.dartscc.model.selection.ProposalSelector;
import org.dartscc.model.selection.Selector;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.Small;
import org.dartscc.trainer.pace.Pace;
import org.dartscc.trainer.supernet.NativeEngine;
import org.dartscc.trainer.tradeoff.TradeoffFit;

import static org.assertj.core.api.Assertions.assertThat;

/** Methods that train the networks of a supernet one by one, on every space, from the first step to the answers. */
class SupernetMethodTest {
    private static final int STEPS = 12;
    private static final int BATCH = 8;
    private static final int SUBNETS = 16;

    @TestFactory
    Stream<DynamicTest> everyMethodLearnsOnEverySpaceAndItsAnswersKeepBudgets() {
        // The baselines train alike, and differ in their answers only.
        return Stream.of(List.of("fleet"), List.of("random", "evolution")).flatMap(methods -> Small.tinySpaces()
                .map(space -> DynamicTest.dynamicTest(
                        String.join(" and ", methods) + " on " + space.name(), () -> learnAndAnswer(methods, space))));
    }

    private static void learnAndAnswer(List<String> methods, SearchSpace space) {
        var losses = new ArrayList<Double>();
        var pace = new Pace(org.dartscc.model.turn.MachineTurn.free(), () -> false, (what, done, total, loss) -> {
            if (what.equals("training")) {
                losses.add(loss);
            }
        });
        var device = Small.device(space, "a", 1);
        try (var manager = NativeEngine.load(1).newManager()) {
            var round = Small.round(space.spec(), methods.get(0), 1, 0, STEPS, STEPS, BATCH, List.of(device));
            var bench = new SearchMethod.Bench(manager, space, Small.blackAndWhite(), 1, pace);
            var checkpoint = SearchMethods.of(methods.get(0))
                    .train(round, Optional.empty(), bench)
                    .checkpoint();
            assertThat(losses).hasSize(STEPS).allMatch(Double::isFinite);
            assertThat(mean(losses.subList(STEPS - 4, STEPS)))
                    .isLessThan(mostThatIsLeft(space) * mean(losses.subList(0, 4)));
            assertThat(checkpoint.finalists().isEmpty()).isNotEqualTo(methods.contains("fleet"));
            assertThat(checkpoint.finalists()).allMatch(space::isValid);
            var fit = Small.fit(space.spec(), 1, SUBNETS, List.of(device));
            for (var method : methods) {
                assertThatItAnswers(method, SearchMethods.of(method).fit(fit, checkpoint, bench), space);
            }
        }
    }

    private static void assertThatItAnswers(String method, TradeoffFit.Result result, SearchSpace space) {
        var device = Small.device(space, "a", 1);
        assertThatAnswersKeepBudgets(selector(space, result, device), space, device);
        if (method.equals("fleet")) {
            assertThatTheHypernetworkFollowsTheBudget(space, result, device);
        } else {
            assertThat(result.proposals()).isNotEmpty().allMatch(p -> space.isValid(p.genotype()));
        }
    }

    /** Of the loss; the deepest space learns slowly. */
    private static double mostThatIsLeft(SearchSpace space) {
        return space.name().equals("fbnet") ? .95 : .7;
    }

    private static Selector selector(SearchSpace space, TradeoffFit.Result result, CostTable device) {
        return result.proposals().isEmpty()
                ? new ExactSelector(space, result.estimate(), device, ExactSelector.ENOUGH)
                : new ProposalSelector(space, result.estimate(), result.proposals(), device);
    }

    private static void assertThatAnswersKeepBudgets(Selector selector, SearchSpace space, CostTable device) {
        var front = selector.front();
        assertThat(front).isNotEmpty().allMatch(c -> space.isValid(c.genotype()));
        for (var point : front) {
            var best = selector.best(Budget.ofLatencyMicros(point.latencyMicros() * (1 + 1e-9)), 1)
                    .get(0);
            assertThat(device.latencyMicros(space, best.genotype())).isLessThan(point.latencyMicros() * (1 + 1e-6));
            assertThat(best.estimatedAccuracy()).isGreaterThanOrEqualTo(point.estimatedAccuracy() - 1e-9);
        }
    }

    /** What its policy costs on average, whatever it thinks of accuracies after so few steps. */
    private static void assertThatTheHypernetworkFollowsTheBudget(
            SearchSpace space, TradeoffFit.Result result, CostTable device) {
        var hypernetwork = Hypernetwork.of(space, result.hypernetwork().orElseThrow());
        var scale = BudgetScale.of(space, device);
        for (double position : new double[] {.1, .3, .5, .7, .9}) {
            double micros = expectedMicros(hypernetwork.policy(position, device.optionMicros(space)), space, device);
            assertThat(micros).isPositive().isLessThan(1.1 * scale.micros(position));
        }
    }

    private static double expectedMicros(double[][] policy, SearchSpace space, CostTable device) {
        var micros = device.assignmentMicros(space);
        double sum = device.fixedMicros();
        for (int g = 0; g < policy.length; g++) {
            for (int k = 0; k < policy[g].length; k++) {
                sum += policy[g][k] * micros[g][k];
            }
        }
        return sum;
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
