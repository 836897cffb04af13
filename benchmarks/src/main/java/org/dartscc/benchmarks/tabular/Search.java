package org.dartscc.benchmarks.tabular;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.dartscc.model.selection.ParetoFront;

/**
 * What one search knows before it meets a device: a few hundred cells evaluated once for all devices (as a supernet
 * evaluates subnets with inherited weights), the accuracy model learnt from them, what the train devices teach about
 * latencies, and the cells that every new device is asked to measure.
 */
final class Search {
    static final int REFERENCE_CELLS = 10;
    private static final int RANDOM_CELLS = 100;
    private static final int CELLS_PER_ROUND = 80;

    private final TabularData data;
    private final int[] evaluated;
    private final AccuracyModel accuracy;
    private final double[] logErrors;
    private final LatencyPrior latency;
    private final int[] reference;

    private Search(
            TabularData data,
            int[] evaluated,
            AccuracyModel accuracy,
            double[] logErrors,
            LatencyPrior latency,
            int[] reference) {
        this.data = data;
        this.evaluated = evaluated;
        this.accuracy = accuracy;
        this.logErrors = logErrors;
        this.latency = latency;
        this.reference = reference;
    }

    /** @param evaluations number of cells whose accuracy may be looked up, for all devices together */
    static Search run(TabularData data, List<String> trainDevices, int evaluations, Random random) {
        var latency = LatencyPrior.fit(data.cells(), data.latency(), trainDevices, random);
        var devices =
                latency.trainDevices().stream().map(DeviceCosts::latencies).toList();
        var evaluated = evaluate(data, devices, evaluations, random);
        var accuracy = AccuracyModel.fit(evaluated, data.chooseError());
        var logErrors = accuracy.means();
        var relevant = devices.stream()
                .flatMap(l -> front(data.cells(), l, logErrors).stream())
                .mapToInt(c -> c)
                .distinct()
                .toArray();
        var reference = latency.reference(evaluated, relevant, REFERENCE_CELLS);
        return new Search(data, evaluated, accuracy, logErrors, latency, reference);
    }

    /** At first random cells, then what may lie on the front of a train device: a draw from the belief decides. */
    private static int[] evaluate(TabularData data, List<double[]> devices, int count, Random random) {
        var cells = data.cells();
        Set<Integer> evaluated = new LinkedHashSet<>();
        while (evaluated.size() < Math.min(RANDOM_CELLS, count)) {
            evaluated.add(cells[random.nextInt(cells.length)]);
        }
        while (evaluated.size() < count) {
            var model = AccuracyModel.fit(toArray(evaluated), data.chooseError());
            var means = model.means();
            var deviations = model.deviations(cells);
            for (int i = 0; i < CELLS_PER_ROUND && evaluated.size() < count; i++) {
                var drawn = means.clone();
                for (int k = 0; k < cells.length; k++) {
                    drawn[cells[k]] += deviations[k] * random.nextGaussian();
                }
                var front = front(cells, devices.get(random.nextInt(devices.size())), drawn).stream()
                        .filter(c -> !evaluated.contains(c))
                        .toList();
                evaluated.add(
                        front.isEmpty()
                                ? cells[random.nextInt(cells.length)]
                                : front.get(random.nextInt(front.size())));
            }
        }
        return toArray(evaluated);
    }

    private static int[] toArray(Set<Integer> cells) {
        return cells.stream().mapToInt(c -> c).toArray();
    }

    static List<Integer> front(int[] cells, double[] latency, double[] error) {
        return ParetoFront.of(Arrays.stream(cells).boxed().toList(), c -> latency[c], c -> error[c]);
    }

    TabularData data() {
        return data;
    }

    int evaluations() {
        return evaluated.length;
    }

    AccuracyModel accuracy() {
        return accuracy;
    }

    /** Believed ln(error in percent) of every cell. */
    double[] logErrors() {
        return logErrors;
    }

    /** Cells that every device measures. */
    int[] reference() {
        return reference;
    }

    LatencyPrior latency() {
        return latency;
    }

    /** A device that has measured the reference cells. */
    KnownDevice meet(Device device) {
        var measured = Arrays.stream(reference).mapToDouble(device::latency).toArray();
        return new KnownDevice(device, reference, measured, latency.given(reference, measured));
    }

    /**
     * A device and what is known of it.
     *
     * @param reference cells measured, each also among the evaluated
     * @param measured their latencies in milliseconds
     */
    record KnownDevice(Device truth, int[] reference, double[] measured, LatencyModel model) {
        /** Expected latency of every cell in milliseconds. */
        double[] latencies() {
            return model.means();
        }
    }

    /** Cells of the first Pareto layers by expected latency and error, at least so many. */
    int[] layers(double[] latency, int count) {
        List<Integer> rest = new ArrayList<>(Arrays.stream(data.cells()).boxed().toList());
        Set<Integer> layers = new LinkedHashSet<>();
        while (layers.size() < count && !rest.isEmpty()) {
            layers.addAll(ParetoFront.of(rest, c -> latency[c], c -> logErrors[c]));
            rest.removeIf(layers::contains);
        }
        return toArray(layers);
    }
}
