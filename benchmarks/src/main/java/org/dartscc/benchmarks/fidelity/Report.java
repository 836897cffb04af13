package org.dartscc.benchmarks.fidelity;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.dartscc.model.cost.RuntimeFingerprint;

/**
 * The result as it is written. Shares and errors are fractions, times in the units of their names.
 *
 * @param ours mean over the splits
 * @param oursWorstSplit the worst of each figure over the splits
 * @param productCalibration of all networks, predicted from {@code calibrationNetworks} networks that are chosen as the
 *     product chooses its 20: what users get
 * @param productMarginShare the error that the product's table tells of itself, from its calibration networks, each
 *     left out in turn
 * @param points every network
 */
record Report(
        String space,
        String profile,
        int networks,
        int calibrationNetworks,
        Score ours,
        Score productCalibration,
        Score naiveSum,
        Score macs,
        Score parameters,
        SelfRepeat truthSelfRepeat,
        double tableSeconds,
        int splits,
        long seed,
        RuntimeFingerprint fingerprint,
        Score oursWorstSplit,
        double productMarginShare,
        Map<String, Double> operatorMicros,
        Map<String, Double> calibrationMicros,
        List<Point> points) {

    /** How well the truth predicts itself: the second measurement against the first, in terms of {@link Score}. */
    record SelfRepeat(double within10Percent, double kendall, double mape) {
        static SelfRepeat of(List<Observation> networks) {
            var score = Score.of(
                    networks.stream().mapToDouble(Observation::secondMicros).toArray(),
                    networks.stream().mapToDouble(Observation::firstMicros).toArray());
            return new SelfRepeat(score.within10Percent(), score.kendall(), score.mape());
        }
    }

    /**
     * A network.
     *
     * @param predictedMicros mean over the splits that left it out
     * @param productMicros predicted from the networks that the product calibrates on
     */
    record Point(
            String genotype, double predictedMicros, double productMicros, double firstMicros, double secondMicros) {}

    static Report of(Measurements m, int calibration, int splitCount, long seed) {
        var splits = new Splits(m.networks(), calibration, splitCount, seed);
        var ours = splits.judge(Predictor.ours(m));
        var product = Predictor.product(m);
        var predicted =
                m.networks().stream().mapToDouble(Predictor.byTable(m, product)).toArray();
        var truth = m.networks().stream().mapToDouble(Observation::truthMicros).toArray();
        var operators = new TreeMap<String, Double>();
        m.operatorMicros().forEach((s, micros) -> operators.put(s.toString(), micros));
        var calibrating = new TreeMap<String, Double>();
        m.calibrationMicros().forEach((g, micros) -> calibrating.put(g.toString(), micros));
        return new Report(
                m.space().name(),
                m.fingerprint().profile(),
                m.networks().size(),
                calibration,
                Score.mean(ours.scores()),
                Score.of(predicted, truth),
                mean(splits, Predictor.naiveSum(m)),
                mean(splits, Predictor.line(Observation::macs)),
                mean(splits, Predictor.line(Observation::parameters)),
                SelfRepeat.of(m.networks()),
                m.tableSeconds(),
                splitCount,
                seed,
                m.fingerprint(),
                Score.worst(ours.scores()),
                product.marginShare(),
                operators,
                calibrating,
                IntStream.range(0, m.networks().size())
                        .mapToObj(i -> point(m.networks().get(i), ours.predictedMicros()[i], predicted[i]))
                        .toList());
    }

    private static Score mean(Splits splits, Predictor predictor) {
        return Score.mean(splits.judge(predictor).scores());
    }

    private static Point point(Observation o, double predictedMicros, double productMicros) {
        return new Point(o.genotype().toString(), predictedMicros, productMicros, o.firstMicros(), o.secondMicros());
    }
}
