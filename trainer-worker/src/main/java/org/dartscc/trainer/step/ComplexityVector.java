package org.dartscc.trainer.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.dartscc.model.cost.CostTable;
import org.dartscc.model.space.OperatorKind;
import org.dartscc.model.space.SearchSpace;
import org.dartscc.trainer.alpha.OptionLayout;

/**
 * Firsov and Bakhteev (2025): a penalty s_m for each kind of operation m, s on the simplex. alpha(s) = sum_r w_r(s)
 * alpha_r with w = softmax(-|s - s_r|^2) over reference points s_r: the simplex' centre and corners. The loss is CE +
 * kappa sum_m s_m share_m, where share_m is the kind's mean probability, or its part of the expected time on a device.
 */
final class ComplexityVector implements AlphaFamily {
    private static final double KAPPA = 50;

    private final List<OperatorKind> kinds;
    private final int[] kindOfOption;
    private final List<Source> sources;

    /**
     * What is penalised.
     *
     * @param deviceId null for shares
     * @param shares of every option in the whole, at most 1 in sum over an architecture
     */
    private record Source(String deviceId, double[] shares) {
        String row(int reference) {
            return (deviceId == null ? "" : deviceId + "/") + "reference" + reference;
        }
    }

    private ComplexityVector(SearchSpace space, List<Source> sources) {
        this.kinds = OperatorKind.of(space);
        var ofOption = new ArrayList<Integer>();
        space.decisions().forEach(d -> d.options().forEach(o -> ofOption.add(kinds.indexOf(OperatorKind.of(o)))));
        this.kindOfOption = ofOption.stream().mapToInt(Integer::intValue).toArray();
        this.sources = sources;
    }

    /** Penalises how often each kind is chosen, as the original does. */
    static ComplexityVector ofShares(SearchSpace space) {
        var shares = new double[new OptionLayout(space).size()];
        Arrays.fill(shares, 1.0 / space.decisions().size());
        return new ComplexityVector(space, List.of(new Source(null, shares)));
    }

    /** Penalises the time that each kind takes on each of the devices. */
    static ComplexityVector ofTime(SearchSpace space, List<CostTable> devices) {
        if (devices.isEmpty()) {
            throw new IllegalArgumentException(
                    "the penalty in measured time needs a device that has measured the whole space");
        }
        var layout = new OptionLayout(space);
        var sources = devices.stream()
                .map(device -> {
                    var micros = device.optionMicros(space);
                    double whole = Arrays.stream(micros)
                            .mapToDouble(row -> Arrays.stream(row).max().orElseThrow())
                            .sum();
                    return new Source(
                            device.deviceId(),
                            Arrays.stream(layout.flat(micros))
                                    .map(m -> m / whole)
                                    .toArray());
                })
                .toList();
        return new ComplexityVector(space, sources);
    }

    @Override
    public List<String> rows() {
        var rows = new ArrayList<String>();
        for (var source : sources) {
            for (int r = 0; r <= kinds.size(); r++) {
                rows.add(source.row(r));
            }
        }
        return rows;
    }

    /** The simplex' centre, then its corners. */
    private double[] reference(int r) {
        var s = new double[kinds.size()];
        if (r == 0) {
            Arrays.fill(s, 1.0 / s.length);
        } else {
            s[r - 1] = 1;
        }
        return s;
    }

    /** Uniform on the simplex. */
    @Override
    public Condition draw(long step, Random random) {
        var source = sources.get(random.nextInt(sources.size()));
        var s = new double[kinds.size()];
        double sum = 0;
        for (int m = 0; m < s.length; m++) {
            s[m] = -Math.log(1 - random.nextDouble());
            sum += s[m];
        }
        for (int m = 0; m < s.length; m++) {
            s[m] /= sum;
        }
        return at(source, s, "drawn");
    }

    @Override
    public List<Condition> readouts() {
        var readouts = new ArrayList<Condition>();
        for (var source : sources) {
            for (int r = 0; r <= kinds.size(); r++) {
                var label =
                        r == 0 ? "all kinds penalised alike" : kinds.get(r - 1).key() + " penalised";
                readouts.add(at(source, reference(r), label));
            }
        }
        return readouts;
    }

    private Condition at(Source source, double[] s, String label) {
        var cost = new double[kindOfOption.length];
        for (int i = 0; i < cost.length; i++) {
            cost[i] = KAPPA * s[kindOfOption[i]] * source.shares()[i];
        }
        return new Condition(label, source.deviceId(), rows(source, s), Penalty.expected(cost));
    }

    private Map<String, Double> rows(Source source, double[] s) {
        var weights = new LinkedHashMap<String, Double>();
        double sum = 0;
        for (int r = 0; r <= kinds.size(); r++) {
            double weight = Math.exp(-squaredDistance(s, reference(r)));
            weights.put(source.row(r), weight);
            sum += weight;
        }
        double all = sum;
        weights.replaceAll((row, weight) -> weight / all);
        return weights;
    }

    private static double squaredDistance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }

    @Override
    public int samples() {
        return 0;
    }
}
