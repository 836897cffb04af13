package org.dartscc.agent.drift;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;

import org.jboss.logging.Logger;

import org.dartscc.agent.plan.KnownCosts;
import org.dartscc.agent.plan.Survey;
import org.dartscc.agent.probe.Bench;
import org.dartscc.agent.probe.Reading;
import org.dartscc.model.message.CostUpdate.OperatorCost;
import org.dartscc.model.space.Operator;
import org.dartscc.model.space.OperatorSignature;

/**
 * Looks at one operator of each kind now and then. Where a second look confirms that its cost has changed, all known
 * operators of that kind are measured again, and so are the whole networks, which contain them.
 */
public final class DriftCheck {
    private static final Logger LOG = Logger.getLogger(DriftCheck.class);
    private static final int MAX_SENTINELS = 12;

    private final Bench bench;
    private final KnownCosts known;
    private final Survey survey;

    public DriftCheck(Bench bench, KnownCosts known, Survey survey) {
        this.bench = bench;
        this.known = known;
        this.survey = survey;
    }

    /**
     * One check.
     *
     * @return the kinds of operators whose costs had changed and were measured again
     */
    public Set<Operator> run() {
        var moved = moved(sentinels());
        if (!moved.isEmpty()) {
            moved = moved(moved);
        }
        var kinds = EnumSet.noneOf(Operator.class);
        moved.forEach(cost -> kinds.add(cost.signature().operator()));
        if (!kinds.isEmpty()) {
            measureAgain(kinds);
        }
        return kinds;
    }

    private void measureAgain(Set<Operator> kinds) {
        var operators = known.operators().stream()
                .map(OperatorCost::signature)
                .filter(s -> kinds.contains(s.operator()))
                .toList();
        LOG.infof(
                "costs of %s have changed on this device; measuring %d operators again",
                kinds.stream().map(Operator::key).collect(Collectors.joining(", ")), operators.size());
        survey.measureAgain("drift", operators);
        survey.measureNetworksAgain("drift");
    }

    /** The costliest known operator of each kind: there a change is seen best. */
    private List<OperatorCost> sentinels() {
        Map<Operator, OperatorCost> costliest = known.operators().stream()
                .collect(Collectors.toMap(
                        c -> c.signature().operator(),
                        c -> c,
                        BinaryOperator.maxBy(Comparator.comparingDouble(OperatorCost::medianMicros)),
                        LinkedHashMap::new));
        return costliest.values().stream().limit(MAX_SENTINELS).toList();
    }

    private List<OperatorCost> moved(List<OperatorCost> sentinels) {
        if (sentinels.isEmpty()) {
            return List.of();
        }
        var readings =
                bench.glance(sentinels.stream().map(OperatorCost::signature).toList());
        var moved = new ArrayList<OperatorCost>();
        for (var sentinel : sentinels) {
            if (judge(sentinel, readings) == DriftRule.MOVED) {
                moved.add(sentinel);
            }
        }
        return moved;
    }

    private static DriftRule judge(OperatorCost sentinel, Map<OperatorSignature, Reading> readings) {
        return readings.get(sentinel.signature()) instanceof Reading.Measured measured
                ? DriftRule.judge(sentinel.medianMicros(), measured.estimate())
                : DriftRule.BUSY;
    }
}
