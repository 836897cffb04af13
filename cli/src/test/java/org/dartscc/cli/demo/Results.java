package org.dartscc.cli.demo;

import java.util.List;

import org.dartscc.cli.demo.DemoResult.Device;
import org.dartscc.cli.demo.DemoResult.FrontPoint;
import org.dartscc.cli.demo.DemoResult.Point;

/** A result to draw and write in tests. */
final class Results {
    private Results() {}

    static DemoResult twoDevices() {
        return new DemoResult(
                new DemoResult.Search("s-1", "demo", "fashion-mnist-sample", "layerwise", "fleet", 1, 2000, .41),
                new DemoResult.Seconds(61, 28.4, 301.2, 95.5, 425.1),
                List.of(device("ort-cpu", 1), device("ort-cpu-nchw & more", 1.6)));
    }

    private static Device device(String profile, double slower) {
        var front = List.of(
                new FrontPoint(82 * slower, .815),
                new FrontPoint(120 * slower, .852),
                new FrontPoint(190 * slower, .871),
                new FrontPoint(310 * slower, .884),
                new FrontPoint(520 * slower, .893));
        return new Device(
                profile,
                profile,
                front,
                List.of(
                        point(profile, 110 * slower, 82 * slower, 84 * slower, .815, .811, true),
                        point(profile, 200 * slower, 190 * slower, 196 * slower, .871, .866, true),
                        point(profile, 330 * slower, 310 * slower, 299 * slower, .884, .879, true),
                        point(profile, 630 * slower, 520 * slower, 541 * slower, .893, .889, false)));
    }

    private static Point point(
            String profile,
            double budget,
            double predicted,
            double measured,
            double estimated,
            double test,
            boolean withRandom) {
        var name = "models/%s-%.0fus".formatted(profile, budget);
        var random =
                withRandom ? made(name + "-random", budget, predicted, measured, estimated - .02, test - .025) : null;
        return made(name, budget, predicted, measured, estimated, test).beside(random);
    }

    private static Point made(
            String name, double budget, double predicted, double measured, double estimated, double test) {
        return new Point(
                budget,
                predicted,
                measured,
                measured * 1.08,
                estimated,
                test + .004,
                test,
                41_242,
                1_234_567,
                3.1e-6,
                "layerwise/conv3,skip,sep3,sep5,mb3k3,mb3k5,conv3,skip",
                name + ".onnx",
                "ab".repeat(32),
                null);
    }
}
