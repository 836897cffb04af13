package org.dartscc.agent.drift;

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
 * operators of that kind are measured again, and so are the whole networks, which contain them. A machine that is slow
 * as a whole is taken as busy, but not for ever: after some checks in a row it is a slower machine, all of it is
 * measured again, and that is its best from then on.
 */
public final class DriftCheck {
    private static final Logger LOG = Logger.getLogger(DriftCheck.class);
    private static final int MAX_SENTINELS = 12;

    /** Checks in a row that find the whole machine slow before that is believed to last. */
    static final int CHECKS_TO_BELIEVE = 5;

    private final Bench bench;
    private final KnownCosts known;
    private final Survey survey;
    private int checksThatFoundItSlow;

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
        var sentinels = sentinels();
        if (sentinels.isEmpty()) {
            return Set.of();
        }
        var readings = look(sentinels);
        if (readings.values().stream().allMatch(DriftCheck::isSlow)) {
            checksThatFoundItSlow++;
            return checksThatFoundItSlow < CHECKS_TO_BELIEVE ? Set.of() : measureAllAgain();
        }
        checksThatFoundItSlow = 0;
        var moved = moved(sentinels, readings);
        if (!moved.isEmpty()) {
            moved = moved(moved, look(moved));
        }
        var kinds = kinds(moved);
        if (!kinds.isEmpty()) {
            measureAgain(kinds);
        }
        return kinds;
    }

    private static Set<Operator> kinds(List<OperatorCost> costs) {
        var kinds = EnumSet.noneOf(Operator.class);
        costs.forEach(cost -> kinds.add(cost.signature().operator()));
        return kinds;
    }

    private Set<Operator> measureAllAgain() {
        LOG.infof(
                "this device was slow in %d checks in a row: what it was at its best counts no more",
                CHECKS_TO_BELIEVE);
        checksThatFoundItSlow = 0;
        bench.remember(Double.POSITIVE_INFINITY);
        var kinds = kinds(known.operators());
        measureAgain(kinds);
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

    private Map<OperatorSignature, Reading> look(List<OperatorCost> sentinels) {
        return bench.glance(sentinels.stream().map(OperatorCost::signature).toList());
    }

    private static boolean isSlow(Reading reading) {
        return reading instanceof Reading.Measured measured
                && !measured.estimate().quiet();
    }

    private static List<OperatorCost> moved(List<OperatorCost> sentinels, Map<OperatorSignature, Reading> readings) {
        return sentinels.stream()
                .filter(sentinel -> judge(sentinel, readings) == DriftRule.MOVED)
                .toList();
    }

    private static DriftRule judge(OperatorCost sentinel, Map<OperatorSignature, Reading> readings) {
        return readings.get(sentinel.signature()) instanceof Reading.Measured measured
                ? DriftRule.judge(sentinel.medianMicros(), measured.estimate())
                : DriftRule.BUSY;
    }
}
