package org.dartscc.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;

import org.dartscc.cli.FailureException;
import org.dartscc.cli.demo.DemoResult.FrontPoint;
import org.dartscc.cli.demo.DemoResult.Point;
import org.dartscc.cli.local.DataFolder.LocalDevice;
import org.dartscc.cli.local.LocalMode;
import org.dartscc.cli.rest.Orchestrator;
import org.dartscc.cli.rest.Progress;
import org.dartscc.cli.rest.Watch;

/** One search on bundled images, models for several budgets of every device, and what came out as files. */
public final class Demo {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String DATASET = "fashion-mnist-sample";
    private static final String SPACE = "layerwise";

    /** Models that are made at a time: enough to keep trainer, exporter and agents busy. */
    private static final int MODELS_AT_A_TIME = 8;

    private static final double SECONDS_BETWEEN_NEWS = 8;

    /** Most demos train for longer than networks are timed; a busy machine may take some minutes for these. */
    private static final Duration CALIBRATION_PATIENCE = Duration.ofMinutes(5);

    private final LocalMode local;
    private final Orchestrator orchestrator;
    private final Settings settings;
    private final long seed;
    private final Path out;
    private final Consumer<String> report;

    /**
     * How much of it.
     *
     * @param steps training steps of the search
     * @param budgets per device
     */
    public record Settings(int steps, int budgets) {
        public static final Settings FULL = new Settings(2400, 4);

        /** The same path for who wants to see that it works: its models are not worth much. */
        public static final Settings QUICK = new Settings(60, 3);
    }

    /**
     * @param seed of weights and draws: one seed repeats a search
     * @param out folder for front.json, front.svg, report.md and models
     * @param report takes progress, line by line
     */
    public Demo(LocalMode local, Settings settings, long seed, Path out, Consumer<String> report) {
        this.local = local;
        this.orchestrator = local.orchestrator();
        this.settings = settings;
        this.seed = seed;
        this.out = out;
        this.report = report;
    }

    /**
     * Runs the search and makes the models.
     *
     * @param build seconds of the last build, to be told on
     * @param startup seconds until local mode was ready
     * @throws FailureException when the search or one of its models fails
     */
    public void run(List<LocalDevice> devices, double build, double startup) throws InterruptedException {
        long start = System.nanoTime();
        var search = search(devices);
        double searchSeconds = secondsSince(start);
        long modelsStart = System.nanoTime();
        var results = models(search.path("id").asText(), devices);
        double modelSeconds = secondsSince(modelsStart);
        var result = new DemoResult(
                summary(search),
                new DemoResult.Seconds(build, startup, searchSeconds, modelSeconds, startup + secondsSince(start)),
                results);
        write("front.json", json(result));
        write("front.svg", FrontChart.svg(result));
        write("report.md", Report.markdown(result));
        var best = result.best();
        report.accept("best model: %.1f %% test accuracy in %.0f us, %s"
                .formatted(100 * best.testAccuracy(), best.measuredP50Micros(), out.resolve(best.model())));
        report.accept("see %s and %s".formatted(out.resolve("report.md"), out.resolve("front.svg")));
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private JsonNode search(List<LocalDevice> devices) throws InterruptedException {
        var accepted = orchestrator.post(
                "/api/searches",
                Map.of(
                        "name",
                        "demo",
                        "dataset",
                        DATASET,
                        "space",
                        SPACE,
                        "devices",
                        devices.stream().map(LocalDevice::id).toList(),
                        "seed",
                        seed,
                        "steps",
                        settings.steps()));
        var watch = new Watch(orchestrator, Duration.ofSeconds(2));
        var id = accepted.path("id").asText();
        var news = new SearchNews();
        var search = watch.searchUntilSettled(id, news);
        if (!search.path("state").asText().equals("READY")) {
            throw new FailureException("the search did not get ready: " + Progress.line(search));
        }
        if (!watch.searchUntilCalibrated(id, CALIBRATION_PATIENCE, news)) {
            report.accept("going on with a device that is not calibrated: its predicted latencies are rough");
        }
        return search;
    }

    /** Tells what is new at once, and how far it came now and then. */
    private final class SearchNews implements Consumer<JsonNode> {
        private String stage = "";
        private long toldAt;

        @Override
        public void accept(JsonNode search) {
            local.requireBroker();
            var now = search.path("state").asText() + search.path("activity").asText();
            if (!now.equals(stage) || secondsSince(toldAt) > SECONDS_BETWEEN_NEWS) {
                report.accept(Progress.line(search));
                stage = now;
                toldAt = System.nanoTime();
            }
        }
    }

    private static DemoResult.Search summary(JsonNode search) {
        var losses = search.path("losses");
        return new DemoResult.Search(
                search.path("id").asText(),
                search.path("name").asText(),
                search.path("dataset").asText(),
                search.path("space").asText(),
                search.path("method").asText(),
                search.path("seed").asLong(),
                search.path("stepsTotal").asInt(),
                losses.path(losses.size() - 1).path("meanLoss").asDouble());
    }

    private List<DemoResult.Device> models(String searchId, List<LocalDevice> devices) throws InterruptedException {
        var pool = Executors.newFixedThreadPool(MODELS_AT_A_TIME);
        try {
            var plans = new ArrayList<DevicePlan>();
            for (var device : devices) {
                var front = front(searchId, device);
                plans.add(new DevicePlan(
                        device,
                        front,
                        Budgets.spread(
                                front.stream().map(FrontPoint::latencyMicros).toList(), settings.budgets())));
            }
            int total =
                    plans.stream().mapToInt(plan -> 2 * plan.budgets().size()).sum();
            var maker = new ModelMaker(searchId, total, new AtomicInteger());
            var searched = submit(pool, plans, maker, "best");
            var random = submit(pool, plans, maker, "random");
            var results = new ArrayList<DemoResult.Device>();
            for (int d = 0; d < plans.size(); d++) {
                results.add(plans.get(d).result(searched.get(d), random.get(d)));
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    private static List<List<Future<Point>>> submit(
            ExecutorService pool, List<DevicePlan> plans, ModelMaker maker, String strategy) {
        return plans.stream()
                .map(plan -> plan.budgets().stream()
                        .map(budget -> pool.submit(() -> maker.make(plan.device(), budget, strategy)))
                        .toList())
                .toList();
    }

    private List<FrontPoint> front(String searchId, LocalDevice device) {
        var answer = orchestrator.get("/api/searches/%s/front?device=%s".formatted(searchId, device.id()));
        return StreamSupport.stream(answer.path("points").spliterator(), false)
                .map(point -> new FrontPoint(
                        point.path("latencyMicros").asDouble(),
                        point.path("estimatedAccuracy").asDouble()))
                // On a device that is not calibrated, a network of nothing but shortcuts costs nothing.
                .filter(point -> point.latencyMicros() > 0)
                .sorted(Comparator.comparingDouble(FrontPoint::latencyMicros))
                .toList();
    }

    private record DevicePlan(LocalDevice device, List<FrontPoint> front, List<Double> budgets) {
        DemoResult.Device result(List<Future<Point>> searched, List<Future<Point>> random) throws InterruptedException {
            var points = new ArrayList<Point>();
            for (int b = 0; b < searched.size(); b++) {
                points.add(made(searched.get(b)).beside(madeIfAny(random.get(b))));
            }
            return new DemoResult.Device(device.name(), device.profile(), front, points);
        }

        private static Point made(Future<Point> model) throws InterruptedException {
            try {
                return model.get();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof FailureException failure
                        ? failure
                        : new IllegalStateException(e.getCause());
            }
        }

        /** A baseline is beside the point: without one, the demo goes on, and the report says so. */
        private static Point madeIfAny(Future<Point> model) throws InterruptedException {
            try {
                return made(model);
            } catch (FailureException e) {
                return null;
            }
        }
    }

    /** From a budget to a file, one call after the other. */
    private final class ModelMaker {
        private final String searchId;
        private final int total;
        private final AtomicInteger done;

        ModelMaker(String searchId, int total, AtomicInteger done) {
            this.searchId = searchId;
            this.total = total;
            this.done = done;
        }

        Point make(LocalDevice device, double budgetMicros, String strategy) throws InterruptedException {
            var name =
                    "%s-%.0fus%s".formatted(device.profile(), budgetMicros, strategy.equals("random") ? "-random" : "");
            try {
                var point = make(device, budgetMicros, strategy, "models/" + name + ".onnx");
                report.accept("model %d/%d: %s: predicted %.0f us, measured %.0f us, test accuracy %.1f %%"
                        .formatted(
                                done.incrementAndGet(),
                                total,
                                name,
                                point.predictedLatencyMicros(),
                                point.measuredP50Micros(),
                                100 * point.testAccuracy()));
                return point;
            } catch (FailureException e) {
                report.accept(
                        "model %d/%d: %s: none: %s".formatted(done.incrementAndGet(), total, name, e.getMessage()));
                throw e;
            }
        }

        private Point make(LocalDevice device, double budgetMicros, String strategy, String file)
                throws InterruptedException {
            var architecture = orchestrator.post(
                    "/api/searches/" + searchId + "/architectures",
                    Map.of(
                            "device",
                            device.id(),
                            "budget",
                            Map.of("latencyMicros", budgetMicros),
                            "strategy",
                            strategy,
                            "seed",
                            seed));
            var requested = orchestrator.post(
                    "/api/architectures/" + architecture.path("id").asText() + "/models", Map.of("fineTuneEpochs", 0));
            var model = new Watch(orchestrator, Duration.ofMillis(500))
                    .modelUntilSettled(requested.path("id").asText(), now -> local.requireBroker());
            if (!model.path("state").asText().equals("READY")) {
                throw new FailureException("the model for %.0f us on %s was not made: %s"
                        .formatted(budgetMicros, device.name(), Progress.line(model)));
            }
            var sha256 = orchestrator.downloadModel(model.path("id").asText(), out.resolve(file));
            return point(budgetMicros, model, file, sha256);
        }
    }

    private static Point point(double budgetMicros, JsonNode model, String file, String sha256) {
        var attempts = model.path("provenance").path("attempts");
        return new Point(
                budgetMicros,
                model.path("predictedLatencyMicros").asDouble(),
                model.path("measuredP50Micros").asDouble(),
                model.path("measuredP90Micros").asDouble(),
                attempts.path(attempts.size() - 1).path("estimatedAccuracy").asDouble(),
                model.path("validationAccuracy").asDouble(),
                model.path("testAccuracy").asDouble(),
                model.path("parameters").asLong(),
                model.path("macs").asLong(),
                model.path("parityMaxAbsDiff").asDouble(),
                model.path("genotype").asText(),
                file,
                sha256,
                null);
    }

    private static String json(DemoResult result) {
        try {
            return JSON.writeValueAsString(result) + "\n";
        } catch (IOException e) {
            throw new IllegalStateException("a result is made of plain values", e);
        }
    }

    private void write(String name, String content) {
        try {
            Files.writeString(out.resolve(name), content);
        } catch (IOException e) {
            throw new FailureException(out.resolve(name) + " can't be written: " + e.getMessage(), e);
        }
    }
}
