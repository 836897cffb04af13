package org.dartscc.benchmarks.tabular;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
    private static final int IMAGINED_DEVICES = 512;

    private final TabularData data;
    private final int[] evaluated;
    private final AccuracyModel accuracy;
    private final double[] logErrors;
    private final LatencyPrior latency;
    private final int[] reference;
    private final long teacherSeed;
    private List<Teacher> teachers = List.of();

    private Search(
            TabularData data,
            int[] evaluated,
            AccuracyModel accuracy,
            double[] logErrors,
            LatencyPrior latency,
            int[] reference,
            long teacherSeed) {
        this.data = data;
        this.evaluated = evaluated;
        this.accuracy = accuracy;
        this.logErrors = logErrors;
        this.latency = latency;
        this.reference = reference;
        this.teacherSeed = teacherSeed;
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
        return new Search(data, evaluated, accuracy, logErrors, latency, reference, random.nextLong());
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

    /** The train devices as they are believed to be, then devices imagined between and around them. */
    List<Teacher> teachers() {
        if (teachers.isEmpty()) {
            var imagined = latency.imagined(IMAGINED_DEVICES, new Random(teacherSeed));
            teachers = Stream.concat(latency.trainDevices().stream(), imagined.stream())
                    .map(costs -> Teacher.of(this, costs))
                    .toList();
        }
        return teachers;
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

    /** Cells of the first Pareto layers by expected latency and error, at least so many, by rising latency. */
    int[] layers(double[] latency, int count) {
        // Sorted as whole numbers, latency before cell, as this is done for hundreds of devices.
        var byLatency = Arrays.stream(data.cells())
                .mapToLong(c -> (long) Float.floatToIntBits((float) latency[c]) << Integer.SIZE | c)
                .sorted()
                .mapToInt(key -> (int) key)
                .toArray();
        // A cell is of the first layer whose least error so far is above its own; those errors rise from layer to
        // layer.
        var leastErrors = new double[byLatency.length];
        var layer = new int[byLatency.length];
        var sizes = new int[byLatency.length];
        int layers = 0;
        for (int i = 0; i < byLatency.length; i++) {
            double error = logErrors[byLatency[i]];
            int l = firstAbove(leastErrors, layers, error);
            leastErrors[l] = error;
            layers = Math.max(layers, l + 1);
            layer[i] = l;
            sizes[l]++;
        }
        int last = -1;
        for (int cells = 0; cells < count && last + 1 < layers; cells += sizes[last]) {
            last++;
        }
        int kept = last;
        return IntStream.range(0, byLatency.length)
                .filter(i -> layer[i] <= kept)
                .map(i -> byLatency[i])
                .toArray();
    }

    private static int firstAbove(double[] rising, int length, double value) {
        int from = 0;
        int to = length;
        while (from < to) {
            int middle = (from + to) / 2;
            if (value < rising[middle]) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from;
    }
}
