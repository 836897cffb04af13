package org.dartscc.benchmarks.fidelity;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.dartscc.model.cost.RuntimeFingerprint;

/**
 * The result as it is written. Shares and errors are fractions, times in the units of their names.
 *
 * @param oursWorstSplit the worst of each figure over the splits
 * @param points every network with its mean prediction over the splits that left it out
 */
record Report(
        String space,
        String profile,
        int networks,
        int calibrationNetworks,
        Score ours,
        Score naiveSum,
        Score macs,
        Score parameters,
        SelfRepeat truthSelfRepeat,
        double tableSeconds,
        int splits,
        long seed,
        RuntimeFingerprint fingerprint,
        Score oursWorstSplit,
        Map<String, Double> operatorMicros,
        List<Point> points) {

    /** How well the truth predicts itself: the second measurement against the first. */
    record SelfRepeat(double kendall, double mape) {
        static SelfRepeat of(List<Observation> networks) {
            var score = Score.of(
                    networks.stream().mapToDouble(Observation::secondMicros).toArray(),
                    networks.stream().mapToDouble(Observation::firstMicros).toArray());
            return new SelfRepeat(score.kendall(), score.mape());
        }
    }

    record Point(String genotype, double predictedMicros, double firstMicros, double secondMicros) {}

    static Report of(Measurements m, int calibration, int splitCount, long seed) {
        var splits = new Splits(m.networks(), calibration, splitCount, seed);
        var ours = splits.judge(Predictor.ours(m));
        var operators = new TreeMap<String, Double>();
        m.operatorMicros().forEach((s, micros) -> operators.put(s.toString(), micros));
        return new Report(
                m.space().name(),
                m.fingerprint().profile(),
                m.networks().size(),
                calibration,
                Score.mean(ours.scores()),
                mean(splits, Predictor.naiveSum(m)),
                mean(splits, Predictor.line(Observation::macs)),
                mean(splits, Predictor.line(Observation::parameters)),
                SelfRepeat.of(m.networks()),
                m.tableSeconds(),
                splitCount,
                seed,
                m.fingerprint(),
                Score.worst(ours.scores()),
                operators,
                IntStream.range(0, m.networks().size())
                        .mapToObj(i -> point(m.networks().get(i), ours.predictedMicros()[i]))
                        .toList());
    }

    private static Score mean(Splits splits, Predictor predictor) {
        return Score.mean(splits.judge(predictor).scores());
    }

    private static Point point(Observation o, double predictedMicros) {
        return new Point(o.genotype().toString(), predictedMicros, o.firstMicros(), o.secondMicros());
    }
}
