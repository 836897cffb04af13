package org.dartscc.benchmarks.tabular;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The tables behind a run.
 *
 * @param cells that take part: connected, and with a reported error below 90 %
 * @param chooseError what methods may see, by cell, in percent
 * @param reportError what they are judged by, by cell, in percent
 * @param latency milliseconds by device and cell
 */
record TabularData(int[] cells, double[] chooseError, double[] reportError, Map<String, double[]> latency) {
    /** Error of guessing among ten classes: the protocol drops what is not better. */
    static final double CHANCE_ERROR = 90;

    /** @throws IllegalArgumentException when a file, column or value is missing or wrong */
    static TabularData read(
            Path accuracyFile, Path latencyFile, String chooseColumn, String reportColumn, List<String> devices) {
        var accuracies = CsvTable.read(accuracyFile);
        var latencies = CsvTable.read(latencyFile);
        var choose = errors(accuracies.values(chooseColumn));
        var report = errors(accuracies.values(reportColumn));
        Map<String, double[]> latency = new LinkedHashMap<>();
        devices.forEach(d -> latency.put(d, latencies.values(d)));
        return of(choose, report, latency);
    }

    static TabularData of(double[] choose, double[] report, Map<String, double[]> latency) {
        var cells = IntStream.range(0, Cells.COUNT)
                .filter(Cells::isConnected)
                .filter(c -> report[c] < CHANCE_ERROR && choose[c] < 100)
                .filter(c -> latency.values().stream().allMatch(l -> l[c] > 0))
                .toArray();
        if (cells.length < 500) {
            throw new IllegalArgumentException("only " + cells.length
                    + " connected cells have an accuracy and a positive latency on every device; 500 are needed");
        }
        return new TabularData(cells, choose, report, latency);
    }

    private static double[] errors(double[] accuracies) {
        return java.util.Arrays.stream(accuracies).map(a -> 100 - a).toArray();
    }

    boolean takesPart(int cell) {
        return java.util.Arrays.binarySearch(cells, cell) >= 0;
    }

    Device device(String name) {
        return new Device(name, cells, latency.get(name), reportError);
    }
}
