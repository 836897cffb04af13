package org.dartscc.cli.demo;

import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;

/** What a demo ends with: the content of front.json, of which the picture and the report are made. */
record DemoResult(Search search, Seconds seconds, List<Device> devices) {

    /** The one search behind all models. */
    record Search(
            String id, String name, String dataset, String space, String method, long seed, int steps, double loss) {}

    /**
     * How long what took.
     *
     * @param build the last build of the program, long ago perhaps; not part of total
     * @param startup until broker, database, services and agents were ready
     * @param search until the search was ready
     * @param models until the last model was verified and downloaded
     */
    record Seconds(double build, double startup, double search, double models, double total) {}

    /**
     * @param front predicted, cheapest first
     * @param points one per budget, smallest first
     */
    record Device(String name, String profile, List<FrontPoint> front, List<Point> points) {}

    /** A point of the front that the search offers; its latency is predicted, its accuracy estimated. */
    record FrontPoint(double latencyMicros, double estimatedAccuracy) {}

    /**
     * A model that was trained, exported, verified and timed.
     *
     * @param model its file, relative to the folder of front.json
     * @param random the model of a random architecture of the same predicted cost; null for one that is random itself,
     *     and where none could be made
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Point(
            double budgetMicros,
            double predictedLatencyMicros,
            double measuredP50Micros,
            double measuredP90Micros,
            double estimatedAccuracy,
            double validationAccuracy,
            double testAccuracy,
            long parameters,
            long macs,
            double parityMaxAbsDiff,
            String genotype,
            String model,
            String sha256,
            Point random) {
        Point beside(Point baseline) {
            return new Point(
                    budgetMicros,
                    predictedLatencyMicros,
                    measuredP50Micros,
                    measuredP90Micros,
                    estimatedAccuracy,
                    validationAccuracy,
                    testAccuracy,
                    parameters,
                    macs,
                    parityMaxAbsDiff,
                    genotype,
                    model,
                    sha256,
                    baseline);
        }
    }

    /** The most accurate model of all devices. */
    @JsonIgnore
    Point best() {
        return devices.stream()
                .flatMap(device -> device.points().stream())
                .max(Comparator.comparingDouble(Point::testAccuracy))
                .orElseThrow();
    }
}
