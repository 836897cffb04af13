package org.dartscc.benchmarks.tabular;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adds up what one method answered over seeds and devices. */
final class Tally {
    private final String name;
    private final List<Map<String, Outcome>> seeds = new ArrayList<>();
    private final Map<String, Device> devices;
    private final CpuClock clock = new CpuClock();
    private final CpuClock deviceClock = new CpuClock();

    Tally(String name, Map<String, Device> devices) {
        this.name = name;
        this.devices = devices;
    }

    /** Time of what a method does once for all devices. */
    CpuClock clock() {
        return clock;
    }

    /** Time of what it does on each device. */
    CpuClock deviceClock() {
        return deviceClock;
    }

    void add(Map<String, Outcome> byDevice) {
        seeds.add(byDevice);
    }

    Report.MethodReport report() {
        var gaps = new ArrayList<Double>();
        int violations = 0;
        int unanswered = 0;
        for (var seed : seeds) {
            for (var device : devices.values()) {
                var answers = seed.get(device.name()).answers();
                var budgets = device.budgets();
                for (int b = 0; b < budgets.length; b++) {
                    if (answers.get(b).isEmpty()) {
                        unanswered++;
                    } else if (device.latency(answers.get(b).get()) > budgets[b]) {
                        violations++;
                    } else {
                        gaps.add(device.gap(budgets[b], answers.get(b).get()));
                    }
                }
            }
        }
        var first = seeds.get(0);
        return new Report.MethodReport(
                name,
                seeds.stream()
                        .flatMap(s -> s.values().stream())
                        .mapToInt(Outcome::evaluations)
                        .max()
                        .orElseThrow(),
                spread(),
                rounded(seeds.stream()
                        .flatMap(s -> s.values().stream())
                        .mapToInt(o -> o.selected().size())
                        .average()
                        .orElseThrow()),
                violations,
                unanswered,
                gap(gaps),
                rounded((clock.seconds() + deviceClock.seconds()) / seeds.size()),
                rounded(deviceClock.seconds() / seeds.size() / devices.size()),
                texts(first, o -> o.selected().stream().map(Cells::text).toList()),
                texts(first, o -> o.answers().stream()
                        .map(a -> a.map(Cells::text).orElse(null))
                        .toList()));
    }

    private static Report.Gap gap(List<Double> gaps) {
        var statistics = gaps.stream().mapToDouble(g -> g).summaryStatistics();
        return gaps.isEmpty()
                ? new Report.Gap(null, null)
                : new Report.Gap(rounded(statistics.getAverage()), rounded(statistics.getMax()));
    }

    private Report.Spread spread() {
        Map<String, Double> perDevice = new LinkedHashMap<>();
        devices.forEach((name, device) -> perDevice.put(
                name,
                rounded(seeds.stream()
                        .mapToDouble(s -> device.relativeHypervolume(s.get(name).selected()))
                        .average()
                        .orElseThrow())));
        var bySeed = seeds.stream().mapToDouble(this::meanHypervolume).summaryStatistics();
        return new Report.Spread(
                rounded(bySeed.getAverage()), rounded(bySeed.getMin()), rounded(bySeed.getMax()), perDevice);
    }

    double meanHypervolume(Map<String, Outcome> seed) {
        return devices.values().stream()
                .mapToDouble(d -> d.relativeHypervolume(seed.get(d.name()).selected()))
                .average()
                .orElseThrow();
    }

    /** What the first seed answered on a device. */
    Optional<Outcome> first(String device) {
        return seeds.stream().findFirst().map(s -> s.get(device));
    }

    String name() {
        return name;
    }

    private static Map<String, List<String>> texts(
            Map<String, Outcome> byDevice, java.util.function.Function<Outcome, List<String>> text) {
        Map<String, List<String>> texts = new LinkedHashMap<>();
        byDevice.forEach((device, outcome) -> texts.put(device, text.apply(outcome)));
        return texts;
    }

    static double rounded(double value) {
        return Math.round(value * 1e5) / 1e5;
    }
}
