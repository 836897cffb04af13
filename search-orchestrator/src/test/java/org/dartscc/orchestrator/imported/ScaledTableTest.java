package org.dartscc.orchestrator.imported;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import org.dartscc.model.cost.Curve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class ScaledTableTest {
    /** latency_ms.csv of HELP: a row, an architecture of NAS-Bench-201, and milliseconds on 13 devices. */
    private static final String FILE_PROPERTY = "dartscc.test.nas-bench-201-latency";

    @Test
    void theDeviceWhoseTableFitsIsTakenAndScaled() {
        var good = new double[] {10, 20, 30, 40, 55};
        var bad = new double[] {40, 10, 30, 20, 10};
        var timings = Arrays.stream(good).map(x -> 100 + 3 * x).toArray();
        var best = ScaledTable.best(
                List.of(
                        new ScaledTable.Candidate("bad", bad, Curve.STRAIGHT),
                        new ScaledTable.Candidate("good", good, Curve.STRAIGHT)),
                timings);
        assertThat(best.device()).isEqualTo("good");
        assertThat(best.fixedMicros()).isCloseTo(100, within(1e-6));
        assertThat(best.scale()).isCloseTo(3, within(1e-9));
        assertThat(best.marginShare()).isLessThan(1e-9);
    }

    @Test
    void theKnownDevicesCurveIsKeptAndScaled() {
        var sums = new double[] {100, 250, 400, 700, 1500, 2600};
        var curve = new Curve(500, .3);
        double scale = 2.5;
        // 2.5 times as slow in everything, and 30 us more that every network takes.
        var timings = Arrays.stream(sums)
                .map(x -> curve.scaled(scale).latencyOf(30 + scale * (80 + x)))
                .toArray();
        var bent = ScaledTable.best(List.of(new ScaledTable.Candidate("bent", sums, curve)), timings);
        assertThat(bent.scale()).isCloseTo(scale, within(1e-6));
        assertThat(bent.fixedMicros()).isCloseTo(30 + scale * 80, within(1e-3));
        assertThat(bent.curve().kneeMicros()).isCloseTo(500 * scale, within(1e-3));
        assertThat(bent.curve().bend()).isEqualTo(.3);
        assertThat(bent.marginShare()).isLessThan(1e-6);
        var both = List.of(
                new ScaledTable.Candidate("straight", sums, Curve.STRAIGHT),
                new ScaledTable.Candidate("bent", sums, curve));
        assertThat(ScaledTable.best(both, timings).device()).isEqualTo("bent");
    }

    @Test
    void nothingIsEverNegative() {
        var falling = ScaledTable.best(
                List.of(new ScaledTable.Candidate("d", new double[] {1, 2, 3}, Curve.STRAIGHT)),
                new double[] {30, 20, 10});
        assertThat(falling.scale()).isZero();
        assertThat(falling.fixedMicros()).isPositive();
        var through = ScaledTable.best(
                List.of(new ScaledTable.Candidate("d", new double[] {10, 20, 30}, Curve.STRAIGHT)),
                new double[] {5, 20, 35});
        assertThat(through.fixedMicros()).isZero();
        assertThat(through.scale()).isPositive();
    }

    /** Latencies in microseconds of the connected architectures, by [device][architecture], and their operators. */
    private record Published(List<String> devices, double[][] micros, int[][] operators) {
        static Published read(Path file) throws IOException {
            var lines = Files.readAllLines(file);
            var devices =
                    List.of(lines.get(0).split(",")).subList(2, lines.get(0).split(",").length);
            var operators = new ArrayList<int[]>();
            var rows = new ArrayList<double[]>();
            for (var line : lines.subList(1, lines.size())) {
                var cells = line.split(",");
                var architecture = "%6s"
                        .formatted(cells[1])
                        .replace(' ', '0')
                        .chars()
                        .map(c -> c - '0')
                        .toArray();
                if (isConnected(architecture)) {
                    operators.add(architecture);
                    rows.add(Arrays.stream(cells)
                            .skip(2)
                            .mapToDouble(c -> 1000 * Double.parseDouble(c))
                            .toArray());
                }
            }
            var micros = new double[devices.size()][rows.size()];
            for (int d = 0; d < micros.length; d++) {
                for (int a = 0; a < rows.size(); a++) {
                    micros[d][a] = rows.get(a)[d];
                }
            }
            return new Published(devices, micros, operators.toArray(int[][]::new));
        }

        private static boolean isConnected(int[] operators) {
            var edges = new int[][] {{1, 0}, {2, 0}, {2, 1}, {3, 0}, {3, 1}, {3, 2}};
            var reached = new boolean[] {true, false, false, false};
            for (int e = 0; e < edges.length; e++) {
                reached[edges[e][0]] |= reached[edges[e][1]] && operators[e] != 0;
            }
            return reached[3];
        }

        /** Sums of operators' costs on a device, fitted kind by kind: what a table of that device would say. */
        double[] sums(int device) {
            var counts = new double[operators.length][5];
            for (int a = 0; a < operators.length; a++) {
                for (int operator : operators[a]) {
                    counts[a][operator]++;
                }
                // Stands for what every architecture takes.
                counts[a][0] = 1;
            }
            var costs = new double[5];
            var left = micros[device].clone();
            for (int pass = 0; pass < 40; pass++) {
                for (int kind = 0; kind < costs.length; kind++) {
                    double numerator = 0;
                    double denominator = 0;
                    for (int a = 0; a < left.length; a++) {
                        numerator += left[a] * counts[a][kind];
                        denominator += counts[a][kind] * counts[a][kind];
                    }
                    double change = Math.max(-costs[kind], numerator / denominator);
                    costs[kind] += change;
                    for (int a = 0; a < left.length; a++) {
                        left[a] -= change * counts[a][kind];
                    }
                }
            }
            return Arrays.stream(counts)
                    .mapToDouble(c -> c[1] * costs[1] + c[2] * costs[2] + c[3] * costs[3] + c[4] * costs[4])
                    .toArray();
        }

        /** The same device with other batch sizes is no other device. */
        boolean isSame(int a, int b) {
            return devices.get(a).split("_")[0].equals(devices.get(b).split("_")[0]) && isGpu(a);
        }

        private boolean isGpu(int device) {
            return devices.get(device).matches("(1080ti|titanx)_.*");
        }
    }

    @Test
    void tenTimingsOfAnUnknownDeviceRankItsArchitecturesFromTheTablesOfOthers() throws IOException {
        var file = System.getProperty(FILE_PROPERTY);
        assumeTrue(
                file != null,
                "SKIPPED: the published latencies of 13 devices are not here; say -D" + FILE_PROPERTY
                        + "=.../latency_ms.csv (and -DargLine with it)");
        var published = Published.read(Path.of(file));
        int devices = published.devices.size();
        var sums = IntStream.range(0, devices).mapToObj(published::sums).toArray(double[][]::new);
        var random = new Random(1);
        double rank = 0;
        double error = 0;
        for (int device = 0; device < devices; device++) {
            var chosen = random.ints(0, published.operators.length)
                    .distinct()
                    .limit(10)
                    .toArray();
            int target = device;
            var candidates = IntStream.range(0, devices)
                    .filter(d -> d != target && !published.isSame(d, target))
                    .mapToObj(d -> new ScaledTable.Candidate(
                            "" + d,
                            Arrays.stream(chosen).mapToDouble(a -> sums[d][a]).toArray(),
                            Curve.STRAIGHT))
                    .toList();
            var best = ScaledTable.best(
                    candidates,
                    Arrays.stream(chosen)
                            .mapToDouble(a -> published.micros[target][a])
                            .toArray());
            var predicted = Arrays.stream(sums[Integer.parseInt(best.device())])
                    .map(x -> best.fixedMicros() + best.scale() * x)
                    .toArray();
            double off = 0;
            for (int a = 0; a < predicted.length; a++) {
                off += Math.abs(predicted[a] / published.micros[device][a] - 1) / predicted.length;
            }
            double spearman = correlation(ranks(predicted), ranks(published.micros[device]));
            System.out.printf(
                    "%-16s by %-16s Spearman %.3f, mean error %.1f %%, told margin %.1f %%%n",
                    published.devices.get(device),
                    published.devices.get(Integer.parseInt(best.device())),
                    spearman,
                    100 * off,
                    100 * best.marginShare());
            rank += spearman / devices;
            error += off / devices;
        }
        System.out.printf("mean Spearman %.3f, mean error %.1f %%%n", rank, 100 * error);
        assertThat(rank).isGreaterThan(.93);
    }

    private static double[] ranks(double[] values) {
        var order = IntStream.range(0, values.length)
                .boxed()
                .sorted((a, b) -> Double.compare(values[a], values[b]))
                .mapToInt(i -> i)
                .toArray();
        var ranks = new double[values.length];
        for (int i = 0; i < order.length; ) {
            int end = i;
            while (end < order.length && values[order[end]] == values[order[i]]) {
                end++;
            }
            for (int k = i; k < end; k++) {
                ranks[order[k]] = (i + end - 1) / 2.0;
            }
            i = end;
        }
        return ranks;
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }
}
