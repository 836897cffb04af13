package org.dartscc.orchestrator;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.cost.RuntimeFingerprint;
import org.dartscc.model.message.CostUpdate;
import org.dartscc.model.message.DatasetSpec;
import org.dartscc.model.message.Topics;
import org.dartscc.model.message.TrainingOutcome;
import org.dartscc.model.message.TrainingTask;
import org.dartscc.model.selection.Proposal;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.Operator;
import org.dartscc.orchestrator.database.Database;
import org.dartscc.orchestrator.messaging.MessageJson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** A search from its order to timed models, over a real broker and a real database. */
@QuarkusTest
@QuarkusTestResource(Infra.class)
class SearchPipelineTest {
    @TestHTTPResource("/")
    String url;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @Inject
    ArtifactStore artifacts;

    @Inject
    Database database;

    private Api api;
    private ScriptedFleet fleet;

    @BeforeEach
    void start() {
        api = new Api(url.substring(0, url.length() - 1), Infra.USER_TOKEN);
        fleet = new ScriptedFleet(bootstrapServers, artifacts);
    }

    @AfterEach
    void stop() throws InterruptedException {
        fleet.close();
    }

    private String register(String name) {
        var device = api.post("/api/devices", "{\"name\": \"" + name + "\"}").json();
        fleet.agent(device.get("id").asText(), device.get("token").asText());
        return device.get("id").asText();
    }

    private String search(String device, int steps) {
        return api.post("/api/searches", """
                {"dataset": "fashion-mnist-sample", "devices": ["%s"], "steps": %d}
                """.formatted(device, steps))
                .json()
                .get("id")
                .asText();
    }

    private JsonNode awaitState(String path, String state) {
        return api.await(path, j -> j.get("state").asText().equals(state));
    }

    private JsonNode front(String search, String device) {
        return api.get("/api/searches/" + search + "/front?device=" + device).json();
    }

    private String architecture(String search, String device, double micros) {
        return api.post("/api/searches/" + search + "/architectures", """
                {"device": "%s", "budget": {"latencyMicros": %s}}
                """.formatted(device, micros))
                .json()
                .get("id")
                .asText();
    }

    private static double middle(JsonNode front) {
        var points = front.get("points");
        return points.get(points.size() / 2).get("latencyMicros").asDouble();
    }

    @Test
    void aSearchBecomesReadyAndItsModelIsTimedWithinTheBudget() {
        var device = register("phone");
        var search = search(device, 900);
        var ready = awaitState("/api/searches/" + search, "READY");
        assertThat(ready.get("stepsDone").asInt()).isEqualTo(900);
        assertThat(ready.get("losses")).hasSize(5);
        assertThat(ready.get("devices").get(0).get("measured"))
                .isEqualTo(ready.get("devices").get(0).get("total"));
        var front = front(search, device);
        assertThat(front.get("points").size()).isGreaterThan(5);

        var architecture = architecture(search, device, middle(front));
        var accepted = api.post("/api/architectures/" + architecture + "/models", "{}");
        assertThat(accepted.status()).isEqualTo(202);
        var model = awaitState("/api/models/" + accepted.json().get("id").asText(), "READY");
        assertThat(model.get("measuredP50Micros").asDouble()).isLessThanOrEqualTo(middle(front));
        assertThat(model.get("provenance").get("attempts")).hasSize(1);
        double energy =
                ScriptedFleet.ENERGY_PER_MICRO * model.get("measuredP50Micros").asDouble();
        assertThat(model.get("energyMicrojoules").asDouble()).isEqualTo(energy);
        assertThat(model.at("/provenance/attempts/0/energyMicrojoules").asDouble())
                .isEqualTo(energy);
        assertThat(model.get("energyNote").isNull()).isTrue();

        var file = api.get("/api/models/" + model.get("id").asText() + "/onnx");
        assertThat(file.header("ETag")).isEqualTo("\"" + model.get("sha256").asText() + "\"");
        assertThat(file.header("Content-Type")).isEqualTo("application/octet-stream");
    }

    @Test
    void aCostThatDoublesChangesTheFrontWithoutAnyTraining() {
        var device = register("changing");
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "READY");
        var before = front(search, device);
        var used = uses(before, Operator.CONV3);
        assertThat(used).isPositive();
        int tasksBefore = ofSearch(search).size();

        fleet.slowDown(device, Operator.CONV3, 2);

        int signatures = (int) ScriptedFleet.SPACE.create().signatures().stream()
                .filter(s -> s.operator() == Operator.CONV3)
                .count();
        assertThat(signatures).isPositive();
        Api.await(() -> api.get("/api/devices/" + device + "/costs").json(), costs -> allSlow(costs));
        var after = front(search, device);
        assertThat(uses(after, Operator.CONV3)).isLessThan(used);
        assertThat(after.get("costVersion").asLong())
                .isGreaterThan(before.get("costVersion").asLong());
        assertThat(ofSearch(search)).hasSize(tasksBefore);
    }

    private static boolean allSlow(JsonNode costs) {
        for (var row : costs.get("operators")) {
            if (row.get("kind").asText().equals("conv3")
                    && row.get("medianMicros").asDouble() < 80) {
                return false;
            }
        }
        return true;
    }

    private List<TrainingTask> ofSearch(String search) {
        return fleet.tasks.stream().filter(t -> t.searchId().equals(search)).toList();
    }

    /** Mean number of slots with that operator over the points of a front. */
    private static double uses(JsonNode front, Operator operator) {
        var counts = new ArrayList<Long>();
        front.get("points")
                .forEach(p -> counts.add(Genotype.parse(p.get("genotype").asText()).options().stream()
                        .filter(o -> o.equals(operator.key()))
                        .count()));
        return counts.stream().mapToLong(c -> c).average().orElse(0);
    }

    @Test
    void aModelThatBreaksItsBudgetIsFollowedByCandidatesUntilOneKeepsIt() {
        var device = register("slow");
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "READY");
        double budget = middle(front(search, device));
        // Everything takes 30 % longer than predicted.
        fleet.slowness = genotype -> 1.3;
        var model = model(architecture(search, device, budget));
        var ready = awaitState("/api/models/" + model, "READY");
        var attempts = ready.get("provenance").get("attempts");
        assertThat(attempts).hasSize(2);
        assertThat(attempts.get(0).get("measuredP50Micros").asDouble()).isGreaterThan(budget);
        assertThat(ready.get("measuredP50Micros").asDouble()).isLessThanOrEqualTo(budget);
        assertThat(ready.get("genotype")).isEqualTo(attempts.get(1).get("genotype"));
        assertThat(ready.get("genotype")).isNotEqualTo(attempts.get(0).get("genotype"));
        // The first one's residual tightens the margin of the next.
        assertThat(attempts.get(0).get("residualShare").asDouble()).isCloseTo(.3, within(.02));
        assertThat(attempts.get(0).has("marginShare")).isFalse();
        double margin = attempts.get(1).get("marginShare").asDouble();
        assertThat(margin).isGreaterThan(.1);
        assertThat(ready.get("predictedLatencyMicros").asDouble()).isLessThanOrEqualTo(budget / (1 + margin) + 1e-6);
        assertThat(ready.get("residualShare").asDouble())
                .isCloseTo(
                        ready.get("measuredP50Micros").asDouble()
                                        / ready.get("predictedLatencyMicros").asDouble()
                                - 1,
                        within(1e-9));
        assertThat(ready.get("verification").asText()).isEqualTo("measured");

        // Nothing that is shipped can be made fast enough when every file is slower than the whole budget.
        fleet.slowness = genotype -> 50;
        var failed = awaitState("/api/models/" + model(architecture(search, device, budget)), "FAILED");
        assertThat(failed.get("failure").asText()).contains("kept the budget").contains("measured");
        assertThat(api.get("/api/models/" + failed.get("id").asText() + "/onnx").status())
                .isEqualTo(409);
    }

    private String model(String architecture) {
        return api.post("/api/architectures/" + architecture + "/models", "{\"fineTuneEpochs\": 0}")
                .json()
                .get("id")
                .asText();
    }

    @Test
    void aTimedModelCalibratesTheTableOfItsRuntimeAndMovesTheNextPrediction() {
        var device = register("learning");
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "READY");
        var before = api.get("/api/devices/" + device + "/costs").json();
        double budget = middle(front(search, device));
        fleet.slowness = genotype -> 1.2;
        var first = randomModel(search, device, budget, 0);
        var after = api.get("/api/devices/" + device + "/costs").json();
        assertThat(after.get("costVersion").asLong())
                .isGreaterThan(before.get("costVersion").asLong());
        assertThat(after.get("networks").size())
                .isEqualTo(before.get("networks").size() + 1);
        assertThat(after.get("networks").toString())
                .contains(first.get("genotype").asText());
        // All further networks are slower than they were thought to be, too.
        for (int seed = 1; seed < 4; seed++) {
            randomModel(search, device, budget, seed);
        }
        var last = randomModel(search, device, budget, 4);
        assertThat(Math.abs(last.get("residualShare").asDouble()))
                .isLessThan(Math.abs(first.get("residualShare").asDouble()));
        // A device that was slow throughout teaches nothing, and says so.
        fleet.deviceSlowness = 1.4;
        var learnt = api.get("/api/devices/" + device + "/costs").json().get("costVersion");
        assertThat(randomModel(search, device, budget, 5).get("note").asText()).contains("1.40 times as slow");
        assertThat(api.get("/api/devices/" + device + "/costs").json().get("costVersion"))
                .isEqualTo(learnt);
        fleet.deviceSlowness = null;
        // A disturbance by a factor of fifty teaches nothing.
        var version = api.get("/api/devices/" + device + "/costs").json().get("costVersion");
        fleet.slowness = genotype -> 50;
        awaitState("/api/models/" + model(architecture(search, device, budget)), "FAILED");
        assertThat(api.get("/api/devices/" + device + "/costs").json().get("costVersion"))
                .isEqualTo(version);
    }

    @Test
    void aModelTimedOnAnotherRuntimeHasEverythingMeasuredAnew() {
        var device = register("updated");
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "READY");
        double budget = middle(front(search, device));
        var before = api.get("/api/devices/" + device + "/costs").json();

        fleet.fingerprint = new RuntimeFingerprint("ort-cpu", "updated", "CPU", "all", 1, 1, "float32", "a cpu", 1);
        randomModel(search, device, budget, 0);

        var after = Api.await(
                () -> api.get("/api/devices/" + device + "/costs").json(),
                costs -> costs.at("/fingerprint/runtime").asText().equals("updated")
                        && costs.get("operators").size()
                                == before.get("operators").size()
                        && costs.get("networks").size() > before.get("networks").size());
        assertThat(after.get("costVersion").asLong())
                .isGreaterThan(before.get("costVersion").asLong());
        assertThat(front(search, device).get("note").isNull()).isTrue();
    }

    /** A random one is ready whatever it takes. */
    private JsonNode randomModel(String search, String device, double budget, int seed) {
        var order = """
                {"device": "%s", "budget": {"latencyMicros": %s}, "strategy": "random", "seed": %d}
                """.formatted(device, budget, seed);
        var architecture =
                api.post("/api/searches/" + search + "/architectures", order).json();
        return awaitState("/api/models/" + model(architecture.get("id").asText()), "READY");
    }

    @Test
    void aBudgetThatNothingKeepsIsAnsweredWithTheSmallestThatCanBeKept() {
        var device = register("tight");
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "READY");
        var path = "/api/searches/" + search + "/architectures";
        var refused = api.post(path, """
                {"device": "%s", "budget": {"latencyMicros": 1, "parameters": 10}}
                """.formatted(device));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        var smallest = refused.json().get("smallestFeasible");
        assertThat(smallest.get("latencyMicros").asDouble()).isGreaterThan(1);
        assertThat(api.post(path, """
                {"device": "%s", "budget": {"latencyMicros": %s, "parameters": %s}}
                """.formatted(device, smallest.get("latencyMicros"), smallest.get("parameters")))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aBudgetOfEachKindIsKeptTogetherAndTheSmallestWithTheOthersIsNamed() {
        var device = register("combined");
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "READY");
        var points = front(search, device).get("points");
        var middle = points.get(points.size() / 2);
        assertThat(middle.get("peakActivationBytes").asLong()).isPositive();
        var path = "/api/searches/" + search + "/architectures";
        var limits = List.of("latencyMicros", "parameters", "macs", "fileBytes", "peakActivationBytes");
        var budget = limits.stream()
                .map(limit -> "\"%s\": %s".formatted(limit, middle.get(limit)))
                .collect(java.util.stream.Collectors.joining(", "));
        var answer = api.post(path, "{\"device\": \"%s\", \"budget\": {%s}}".formatted(device, budget))
                .json();
        assertThat(answer.get("predictedLatencyMicros").asDouble())
                .isLessThanOrEqualTo(middle.get("latencyMicros").asDouble());
        for (var limit : limits.subList(1, limits.size())) {
            assertThat(answer.get(limit).asLong())
                    .as(limit)
                    .isLessThanOrEqualTo(middle.get(limit).asLong());
        }
        var model = awaitState("/api/models/" + model(answer.get("id").asText()), "READY");
        assertThat(model.get("predictedFileBytes")).isEqualTo(answer.get("fileBytes"));
        assertThat(model.get("peakActivationBytes")).isEqualTo(answer.get("peakActivationBytes"));

        var refused = api.post(
                path,
                "{\"device\": \"%s\", \"budget\": {\"parameters\": 9000, \"peakActivationBytes\": 99}}"
                        .formatted(device));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.json().get("detail").asText()).contains("peakActivationBytes", "parameters");
        var smallest = refused.json().get("smallestFeasible");
        assertThat(smallest.get("fileBytes").isNull()).isTrue();
        assertThat(api.post(
                                path,
                                "{\"device\": \"%s\", \"budget\": {\"parameters\": 9000, \"peakActivationBytes\": %s}}"
                                        .formatted(device, smallest.get("peakActivationBytes")))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aDeviceIsCalibratingUntilItsNetworksAreTimedOrCanNotBe() {
        fleet.agentsAway = true;
        var device = register("calibrating");
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "MEASURING");
        var waiting = api.get("/api/searches/" + search).json().get("devices").get(0);
        assertThat(waiting.get("networksAwaited").asInt()).isEqualTo(20);

        fleet.networksRun = false;
        fleet.agentsAway = false;
        fleet.measureAgain();
        var failed = api.await(
                "/api/searches/" + search,
                view -> view.get("devices").get(0).get("networksAwaited").asInt() == 0);
        assertThat(failed.at("/devices/0/failed").isEmpty()).isTrue();
        awaitState("/api/searches/" + search, "READY");
    }

    @Test
    void answersOfACalibratingDeviceSayThatTheyAreRough() {
        fleet.networksTold = false;
        var device = register("rough");
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "READY");
        var rough = front(search, device);
        assertThat(rough.get("note").asText()).contains("calibrated", "20 more networks");
        assertThat(rough.get("stale").asBoolean()).isFalse();
        assertThat(rough.get("marginShare").isNull()).isTrue();
        var answer = api.post(
                "/api/searches/" + search + "/architectures",
                "{\"device\": \"%s\", \"budget\": {\"latencyMicros\": %s}}".formatted(device, 2 * middle(rough)));
        assertThat(answer.json().get("note").asText()).contains("calibrated");

        fleet.networksTold = true;
        fleet.measureAgain();
        var calibrated =
                Api.await(() -> front(search, device), f -> f.get("note").isNull());
        // What the scripted device takes is a line of the sums: nothing is left of the margin.
        assertThat(calibrated.get("marginShare").asDouble()).isLessThan(.01);
    }

    @Test
    void energyIsLearntFromTimedModelsAndThenKeptAsABudget() throws InterruptedException {
        var device = register("metered");
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "READY");
        double middle = middle(front(search, device));
        double budget = ScriptedFleet.ENERGY_PER_MICRO * middle;
        var unknown = energy(search, device, budget);
        assertThat(unknown.status()).isEqualTo(409);
        assertThat(unknown.json().get("field").asText()).isEqualTo("budget.energyMicrojoules");
        assertThat(unknown.json().get("detail").asText()).contains("make a model first");

        fleet.slowness = genotype -> 1;
        awaitState("/api/models/" + model(architecture(search, device, middle)), "READY");
        var answer = energy(search, device, budget);
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().get("predictedLatencyMicros").asDouble()).isLessThanOrEqualTo(middle * 1.001);
        assertThat(answer.json().at("/budget/energyMicrojoules").asDouble()).isEqualTo(budget);

        fleet.slowness = genotype -> 1.3;
        var model = awaitState(
                "/api/models/"
                        + model(energy(search, device, budget).json().get("id").asText()),
                "READY");
        assertThat(model.at("/provenance/attempts")).hasSizeGreaterThan(1);
        assertThat(model.get("energyMicrojoules").asDouble()).isLessThanOrEqualTo(budget);

        var refused = energy(search, device, 1);
        assertThat(refused.status()).isEqualTo(422);
        var smallest = refused.json().get("smallestFeasible");
        assertThat(smallest.get("latencyMicros").isNull()).isTrue();
        assertThat(energy(search, device, smallest.get("energyMicrojoules").asDouble())
                        .status())
                .isEqualTo(201);

        fleet.energyKnown = false;
        var failed = awaitState(
                "/api/models/"
                        + model(energy(search, device, budget).json().get("id").asText()),
                "FAILED");
        assertThat(failed.get("failure").asText()).contains("could not measure its energy: not available");

        // As another orchestrator, which has seen none of this, reads it from the database.
        database.inTransaction(session -> session.createNativeQuery(
                                "update device set cost_revision = cost_revision + 1000 where id = ?1")
                        .setParameter(1, device)
                        .executeUpdate())
                .await()
                .indefinitely();
        api.await(
                "/api/searches/" + search + "/front?device=" + device,
                front -> front.get("costVersion").asLong() >= 1000);
        assertThat(energy(search, device, budget).status()).isEqualTo(201);
    }

    private Api.Answer energy(String search, String device, double microjoules) {
        return api.post("/api/searches/" + search + "/architectures", """
                {"device": "%s", "budget": {"energyMicrojoules": %s}}
                """.formatted(device, microjoules));
    }

    @Test
    void aMethodsProposalsAreTheAnswersAndTheCandidatesOfAModel() {
        var device = register("proposed");
        fleet.proposals = java.util.stream.IntStream.rangeClosed(1, 8)
                .mapToObj(slots -> proposal(slots, device))
                .toList();
        var search = search(device, 100);
        var view = awaitState("/api/searches/" + search, "READY");
        assertThat(view.get("diagnostics").get("warnings").get(0).asText()).contains("scripted");
        var points = front(search, device).get("points");
        assertThat(points).hasSize(8);
        assertThat(points.get(7).get("estimatedAccuracy").asDouble()).isEqualTo(.8, within(1e-9));

        double budget = points.get(5).get("latencyMicros").asDouble() + 1e-3;
        fleet.slowness = genotype -> 1.2;
        var ready = awaitState("/api/models/" + model(architecture(search, device, budget)), "READY");
        assertThat(ready.get("provenance").get("attempts")).hasSizeGreaterThan(1);
        assertThat(ready.get("measuredP50Micros").asDouble()).isLessThanOrEqualTo(budget);
        assertThat(fleet.proposals.stream().map(p -> p.genotype().toString()))
                .contains(ready.get("genotype").asText());

        var refused = api.post("/api/searches/" + search + "/architectures", """
                {"device": "%s", "budget": {"latencyMicros": 1}}
                """.formatted(device));
        assertThat(refused.status()).isEqualTo(422);
        // The models that were timed meanwhile have calibrated the table anew.
        assertThat(refused.json().get("smallestFeasible").get("latencyMicros").asDouble())
                .isEqualTo(front(search, device)
                        .get("points")
                        .get(0)
                        .get("latencyMicros")
                        .asDouble());
    }

    /** The more slots hold a convolution, the more accurate. */
    private static Proposal proposal(int slots, String device) {
        var options = new ArrayList<>(Collections.nCopies(8, "skip"));
        Collections.fill(options.subList(0, slots), "conv3");
        return new Proposal(new Genotype("layerwise", options), .1 * slots, device, slots + " slots");
    }

    @Test
    void aRandomArchitectureCostsNearlyAsMuchAsTheBestAndIsRepeatable() {
        var device = register("random");
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "READY");
        double budget = middle(front(search, device));
        var best = api.get("/api/architectures/" + architecture(search, device, budget))
                .json();
        var order = """
                {"device": "%s", "budget": {"latencyMicros": %s}, "strategy": "random", "seed": 5}
                """.formatted(device, budget);
        var path = "/api/searches/" + search + "/architectures";
        var random = api.post(path, order).json();
        assertThat(random.get("predictedLatencyMicros").asDouble())
                .isBetween(
                        .9 * best.get("predictedLatencyMicros").asDouble(),
                        best.get("predictedLatencyMicros").asDouble());
        assertThat(random.get("strategy").asText()).isEqualTo("random");
        assertThat(api.post(path, order).json().get("genotype")).isEqualTo(random.get("genotype"));

        // A random architecture is there to be compared: it is ready whatever it takes.
        fleet.slowness = genotype -> 3;
        var model = awaitState("/api/models/" + model(random.get("id").asText()), "READY");
        assertThat(model.get("measuredP50Micros").asDouble()).isGreaterThan(budget);
    }

    @Test
    void whoeverWatchesIsToldWhyAFrontMoved() throws Exception {
        var device = register("moving");
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "READY");
        long shown = front(search, device).get("costVersion").asLong();
        var lines = watch(search);
        assertThat(nextEvent(lines)).isEqualTo("snapshot");

        fleet.slowDown(device, Operator.CONV3, 1.5);
        var costs = await(lines, "costs", e -> e.get("reason").asText().equals("drifted"));
        assertThat(costs.get("id").asText()).isEqualTo(device);
        var change = costs.get("changes").get(0);
        assertThat(change.get("operator").asText()).startsWith("conv3:");
        assertThat(change.get("share").asDouble()).isCloseTo(.5, within(1e-9));
        assertThat(change.get("toMicros").asDouble())
                .isCloseTo(1.5 * change.get("fromMicros").asDouble(), within(1e-9));
        var moved = await(lines, "front", e -> e.get("reason").asText().equals("drifted"));
        assertThat(moved.get("device").asText()).isEqualTo(device);
        assertThat(moved.get("costVersion").asLong()).isGreaterThan(shown);
        assertThat(moved.get("costVersionBefore").asLong()).isEqualTo(shown);
        assertThat(moved.get("changes").get(0).get("reason").asText()).isEqualTo("drifted");
        assertThat(moved.get("pointsBefore").asInt()).isPositive();

        // The same costs once more, under a higher version: nothing has drifted.
        fleet.slowDown(device, Operator.CONV3, 1.5);
        await(lines, "costs", e -> e.get("reason").asText().equals("re-measured"));
        // Another runtime: nothing of the old one counts.
        fleet.fingerprint = new RuntimeFingerprint("ort-cpu", "newer", "CPU", "all", 1, 1, "float32", "a cpu", 1);
        fleet.slowDown(device, Operator.SEP3, 1);
        await(lines, "costs", e -> e.get("reason").asText().equals("new runtime"));

        var late = register("late and watched");
        api.post("/api/searches/" + search + "/devices", "{\"device\": \"" + late + "\"}");
        await(
                lines,
                "costs",
                e -> e.get("id").asText().equals(late)
                        && e.get("reason").asText().equals("measured late"));
        assertThat(await(lines, "front", e -> e.get("device").asText().equals(late))
                        .get("points")
                        .asInt())
                .isPositive();
    }

    private Iterator<String> watch(String search) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(api.base() + "/api/searches/" + search + "/events"))
                .header("Authorization", "Bearer " + Infra.USER_TOKEN)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofLines())
                .body()
                .iterator();
    }

    private static JsonNode await(
            Iterator<String> lines, String event, java.util.function.Predicate<JsonNode> condition) throws Exception {
        while (true) {
            if (nextEvent(lines).equals(event)) {
                var data = MessageJson.MAPPER.readTree(lines.next().substring("data:".length()));
                if (condition.test(data)) {
                    return data;
                }
            }
        }
    }

    @Test
    void aSilentAgentIsShownAsStaleAndItsCostsStillAnswer() {
        var device = register("silent");
        assertThat(api.get("/api/devices/" + device).json().get("state").asText())
                .isEqualTo("NEVER_SEEN");
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "READY");
        assertThat(api.get("/api/devices/" + device).json().get("state").asText())
                .isEqualTo("ONLINE");
        assertThat(front(search, device).get("stale").asBoolean()).isFalse();

        sql("update device set last_seen = now() - interval '1 hour' where id = '" + device + "'");
        var front = Api.await(() -> front(search, device), f -> f.get("stale").asBoolean());
        assertThat(front.get("note").asText()).contains("last heard at");
        assertThat(front.get("points").size()).isGreaterThan(5);
        assertThat(api.get("/api/devices/" + device).json().get("state").asText())
                .isEqualTo("STALE");
        var row = api.get("/api/searches/" + search).json().get("devices").get(0);
        assertThat(row.get("stale").asBoolean()).isTrue();
        assertThat(row.get("deviceState").asText()).isEqualTo("STALE");
        var architecture = api.get("/api/architectures/" + architecture(search, device, middle(front)))
                .json();
        assertThat(architecture.get("stale").asBoolean()).isTrue();
        assertThat(architecture.get("note").asText()).contains("last heard at");

        // A word of its agent, and it is there again.
        api.as(fleet.token(device)).get("/api/agent");
        Api.await(() -> front(search, device), f -> !f.get("stale").asBoolean());
    }

    @Test
    void tenTimingsOfWholeNetworksGiveADeviceItsFrontAtOnce() {
        var known = register("known");
        var search = search(known, 100);
        awaitState("/api/searches/" + search, "READY");
        int tasksBefore = ofSearch(search).size();
        var space = ScriptedFleet.SPACE.create();
        var random = new Random(4);
        var timings = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            var genotype = space.random(random);
            // The new device takes 30 us more than two and a half times as long.
            double micros = 30 + 2.5 * fleet.latencyMicros(space, known, genotype);
            timings.add("{\"genotype\": \"%s\", \"micros\": %s}".formatted(genotype, micros));
        }
        var body = "{\"search\": \"%s\", \"timings\": [%s]}".formatted(search, String.join(",", timings));
        long start = System.nanoTime();
        var registered = api.post("/api/devices", "{\"name\": \"timed elsewhere\", \"timings\": " + body + "}");
        assertThat(registered.status()).as(registered.toString()).isEqualTo(201);
        var device = registered.json().get("id").asText();
        var front = front(search, device);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
        assertThat(front.get("points").size()).isGreaterThan(5);
        for (var point : front.get("points")) {
            var genotype = Genotype.parse(point.get("genotype").asText());
            assertThat(point.get("latencyMicros").asDouble())
                    .isCloseTo(30 + 2.5 * fleet.latencyMicros(space, known, genotype), within(1e-3));
        }
        var origin = api.get("/api/devices/" + device).json().get("origin");
        assertThat(origin.get("kind").asText()).isEqualTo("INFERRED");
        assertThat(origin.get("marginShare").asDouble()).isLessThan(1e-3);
        assertThat(ofSearch(search)).hasSize(tasksBefore);

        // A registered device infers first, and counts by its own measurements as soon as it has some.
        var own = api.post("/api/devices", "{\"name\": \"agent comes later\"}").json();
        var id = own.get("id").asText();
        assertThat(api.post("/api/devices/" + id + "/timings", body).status()).isEqualTo(200);
        assertThat(api.get("/api/devices/" + id).json().get("state").asText()).isEqualTo("NEVER_SEEN");
        assertThat(front(search, id).get("points").size()).isGreaterThan(5);
        fleet.agent(id, own.get("token").asText());
        api.post("/api/searches/" + search + "/devices", "{\"device\": \"" + id + "\"}");
        fleet.slowDown(id, Operator.SEP3, 1);
        Api.await(
                () -> api.get("/api/searches/" + search + "/front?device=" + id),
                a -> a.status() == 200
                        && api.get("/api/devices/" + id).json().get("origin").isNull());

        var nonsense = body.replaceFirst("layerwise/[a-z0-9_]+", "layerwise/conv9");
        var measured = api.post("/api/devices/" + id + "/timings", body);
        assertThat(measured.status()).isEqualTo(409);
        assertThat(measured.json().get("detail").asText()).contains("register another device");
        assertThat(api.post("/api/devices/" + device + "/timings", nonsense).status())
                .isEqualTo(400);
    }

    @Test
    void aDeviceThatJoinsLateIsMeasuredAndServedWithinAMinuteWithoutTraining() {
        var search = search(register("first"), 100);
        awaitState("/api/searches/" + search, "READY");
        long start = System.nanoTime();
        int tasksBefore = ofSearch(search).size();
        var late = register("late");
        assertThat(api.get("/api/searches/" + search + "/front?device=" + late).status())
                .isEqualTo(409);
        assertThat(api.post("/api/searches/" + search + "/devices", "{\"device\": \"" + late + "\"}")
                        .status())
                .isEqualTo(202);
        Api.await(() -> api.get("/api/searches/" + search + "/front?device=" + late), answer -> answer.status() == 200);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
        assertThat(ofSearch(search)).hasSize(tasksBefore);
    }

    @Test
    void aModelWaitsForItsDeviceAndOutlivesIt() {
        var device = register("away");
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "READY");
        double budget = middle(front(search, device));
        var finished = model(architecture(search, device, budget));
        awaitState("/api/models/" + finished, "READY");
        fleet.agentsAway = true;
        var waiting = model(architecture(search, device, budget));
        awaitState("/api/models/" + waiting, "VERIFYING");
        assertThat(api.get("/api/models/" + waiting + "/onnx").status()).isEqualTo(200);

        api.delete("/api/devices/" + device);
        awaitState("/api/models/" + waiting, "FAILED");
        assertThat(api.get("/api/models/" + finished).json().get("state").asText())
                .isEqualTo("READY");
        assertThat(api.get("/api/models/" + finished + "/onnx").status()).isEqualTo(200);
    }

    @Test
    void aModelWhoseDeviceWentAwaySaysWhatItWaitsForAndThenFails() {
        var device = register("lost");
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "READY");
        fleet.agentsAway = true;
        var model = model(architecture(search, device, middle(front(search, device))));
        var waiting = awaitState("/api/models/" + model, "VERIFYING");
        assertThat(waiting.get("waitsFor").asText()).isEqualTo("device lost");

        sql("update device set last_seen = now() - interval '1 hour' where id = '" + device + "'");
        api.await(
                "/api/models/" + model,
                m -> m.get("waitsFor").asText().startsWith("device lost, whose agent was last heard at "));
        sql("update model set updated_at = now() - interval '1 hour' where id = '" + model + "'");
        var failed = awaitState("/api/models/" + model, "FAILED");
        assertThat(failed.get("failure").asText())
                .startsWith("Nobody timed the model on device lost, whose agent was last heard at ")
                .contains("start the agent and order the model again");
        assertThat(failed.get("waitsFor").isNull()).isTrue();
    }

    @Test
    void anOnnxFileIsForUsersAndItsOwnDeviceInRangesAndOnlyOnce() {
        var device = register("owner");
        var stranger = api.as(api.post("/api/devices", "{\"name\": \"stranger\"}")
                .json()
                .get("token")
                .asText());
        var owner = api.as(fleet.token(device));
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "READY");
        var id = model(architecture(search, device, middle(front(search, device))));
        var model = awaitState("/api/models/" + id, "READY");
        var path = "/api/models/" + id + "/onnx";
        var whole = api.get(path);
        assertThat(whole.header("Content-Disposition")).contains(id + ".onnx");
        assertThat(owner.get(path).text()).isEqualTo(whole.text());
        assertThat(stranger.get(path).status()).isEqualTo(403);
        var part = api.get(path, "Range", "bytes=5-8");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.text()).isEqualTo(whole.text().substring(5, 9));
        assertThat(part.header("Content-Range")).isEqualTo("bytes 5-8/" + model.get("sizeBytes"));
        assertThat(api.get(path, "Range", "bytes=99999-").status()).isEqualTo(416);
        assertThat(api.get(path, "If-None-Match", whole.header("ETag")).status())
                .isEqualTo(304);
    }

    @Test
    void recordsThatComeTwiceAndShuffledChangeNothing() throws InterruptedException {
        var device = register("again");
        var search = search(device, 500);
        awaitState("/api/searches/" + search, "READY");
        var model = model(architecture(search, device, middle(front(search, device))));
        awaitState("/api/models/" + model, "READY");
        var costsBefore = costs(device);
        fleet.slowDown(device, Operator.SEP5, 1.5);
        Api.await(() -> costs(device), c -> !c.equals(costsBefore));
        Thread.sleep(500);
        var costs = costs(device);
        var searchBefore = api.get("/api/searches/" + search).json();
        var modelBefore = api.get("/api/models/" + model).json();
        int tasksBefore = ofSearch(search).size();

        var all = new ArrayList<>(fleet.sent);
        all.addAll(fleet.sent);
        Collections.shuffle(all, new Random(3));
        all.forEach(fleet::send);
        var last = api.post("/api/devices", "{\"name\": \"last\"}").json();
        fleet.agent(last.get("id").asText(), last.get("token").asText());
        fleet.slowDown(last.get("id").asText(), Operator.SEP3, 2);
        Api.await(() -> costs(last.get("id").asText()), c -> c.size() > 0);
        Thread.sleep(1000);

        assertThat(costs(device)).isEqualTo(costs);
        assertThat(api.get("/api/models/" + model).json()).isEqualTo(modelBefore);
        var searchAfter = api.get("/api/searches/" + search).json();
        for (var field : List.of("state", "round", "stepsDone", "losses", "fits")) {
            assertThat(searchAfter.get(field)).as(field).isEqualTo(searchBefore.get(field));
        }
        assertThat(ofSearch(search)).hasSize(tasksBefore);
    }

    private JsonNode costs(String device) {
        return api.get("/api/devices/" + device + "/costs").json().get("operators");
    }

    @Test
    void aFailedTaskIsTriedAgainAndOnlyTheNewestAttemptCounts() {
        fleet.trainer = task -> task instanceof TrainingTask.InspectDataset && task.attempt() < 3
                ? List.of(new TrainingOutcome.Failed(
                        ScriptedFleet.V, task.taskId(), task.searchId(), task.attempt(), "disk full", true))
                : fleet.train(task);
        var search = search(register("retried"), 100);
        awaitState("/api/searches/" + search, "READY");
        assertThat(ofSearch(search).stream()
                        .filter(t -> t instanceof TrainingTask.InspectDataset)
                        .map(TrainingTask::attempt))
                .containsExactly(1, 2, 3);

        fleet.trainer = task -> List.of(new TrainingOutcome.Failed(
                ScriptedFleet.V, task.taskId(), task.searchId(), task.attempt(), "no such data set", false));
        var failed = awaitState("/api/searches/" + search(register("unlucky"), 100), "FAILED");
        assertThat(failed.get("failure").asText()).isEqualTo("no such data set");
    }

    @Test
    void trainingTasksGoRoundThePartitionsWithoutAKey() {
        var search = search(register("spread"), 900);
        awaitState("/api/searches/" + search, "READY");
        var records = fleet.taskRecords.stream()
                .filter(r -> new String(r.value(), StandardCharsets.UTF_8).contains(search))
                .toList();
        assertThat(records).allMatch(r -> r.key() == null);
        assertThat(records.stream().map(r -> r.partition()).distinct()).hasSizeGreaterThan(3);
    }

    @Test
    void anImpostorAndPoisonAreSetAsideAndTheRestFlows() {
        var victim = register("victim");
        var impostor = register("impostor");
        var search = search(victim, 100);
        awaitState("/api/searches/" + search, "READY");
        double before = impersonated();
        var costs = costs(victim);
        var signature = ScriptedFleet.SPACE.create().signatures().get(0);
        var forged = new CostUpdate.OperatorCost(
                ScriptedFleet.V,
                victim,
                signature,
                1e-3,
                0,
                9,
                Long.MAX_VALUE,
                ScriptedFleet.FINGERPRINT,
                Instant.now());
        fleet.send(Topics.OP_COSTS, forged.key(), forged, fleet.token(impostor));
        fleet.send(Topics.OP_COSTS, forged.key(), forged, null);
        for (var topic :
                List.of(Topics.OP_COSTS, Topics.TRAINING_RESULTS, Topics.EXPORTED_MODELS, Topics.MODEL_MEASUREMENTS)) {
            for (var poison : List.of(
                    "not JSON",
                    "{}",
                    "null",
                    "{\"kind\": \"magic\", \"schemaVersion\": 2}",
                    "{\"kind\": \"failed\", \"schemaVersion\": 1}")) {
                fleet.send(new ScriptedFleet.Sent(topic, "k", poison, fleet.token(victim)));
            }
        }
        fleet.slowDown(victim, Operator.MBCONV3_K3, 2);
        Api.await(() -> costs(victim), c -> !c.equals(costs));
        assertThat(api.get("/api/devices/" + victim + "/costs").text()).doesNotContain("" + Long.MAX_VALUE);
        Api.await(
                () -> fleet.deadLetters.getOrDefault("op-costs-dlq", List.of()).size(), n -> n == 7);
        for (var topic : List.of("training-results-dlq", "exported-models-dlq", "model-measurements-dlq")) {
            Api.await(() -> fleet.deadLetters.getOrDefault(topic, List.of()).size(), n -> n == 5);
        }
        for (var refused : fleet.deadLetters.get("op-costs-dlq")) {
            assertThat(refused.headers().lastHeader("dead-letter-reason")).isNotNull();
            assertThat(refused.headers().lastHeader(Topics.DEVICE_TOKEN_HEADER)).isNull();
        }
        assertThat(fleet.deadLetters.get("model-measurements-dlq"))
                .extracting(r ->
                        new String(r.headers().lastHeader("dead-letter-reason").value(), StandardCharsets.UTF_8))
                .anyMatch(cause -> cause.contains("schemaVersion 1 is not known here; this service speaks 2"));
        assertThat(impersonated() - before).as("forged costs, each once").isEqualTo(2);
        assertThat(api.get("/q/health").json().get("status").asText()).isEqualTo("UP");
        awaitState("/api/searches/" + search(victim, 100), "READY");
    }

    private double impersonated() {
        return api.get("/q/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("dartscc_records_impersonated_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void watchersAreToldTheSnapshotFirstAndThenWhatHappens() throws Exception {
        var device = register("watched");
        fleet.agentsAway = true;
        var search = search(device, 100);
        awaitState("/api/searches/" + search, "MEASURING");
        var lines = watch(search);
        assertThat(nextEvent(lines)).isEqualTo("snapshot");
        fleet.agentsAway = false;
        fleet.measureAgain();
        var seen = new ArrayList<String>();
        while (!seen.containsAll(List.of("costs", "progress", "state", "READY"))) {
            var line = lines.next();
            if (line.startsWith("event:")) {
                seen.add(line.substring(6).trim());
            }
            if (line.contains("\"READY\"")) {
                seen.add("READY");
            }
        }
    }

    private static String nextEvent(Iterator<String> lines) {
        while (true) {
            var line = lines.next();
            if (line.startsWith("event:")) {
                return line.substring(6).trim();
            }
        }
    }

    @Test
    void aTaskWhoseTrainerFellSilentGoesToAnotherAndTheFirstOneIsFencedOff() {
        var stale = new ArrayList<TrainingOutcome>();
        fleet.trainer = task -> {
            if (task instanceof TrainingTask.TrainRound && task.attempt() == 1) {
                stale.addAll(fleet.train(task));
                return List.of(new TrainingOutcome.Progress(
                        ScriptedFleet.V, task.taskId(), task.searchId(), 1, "training", 1, 100, 2.));
            }
            return fleet.train(task);
        };
        var search = search(register("hung"), 400);
        var path = "/api/searches/" + search;
        api.await(path, s -> s.get("stepsDone").asInt() == 1);
        assertThat(api.get(path).json().get("activity").asText()).isEqualTo("training");
        fleet.trainer =
                task -> task.attempt() == 1 && task instanceof TrainingTask.TrainRound round && round.round() == 0
                        ? List.of()
                        : fleet.train(task);
        sql("update task set last_sign = now() - interval '1 hour' where state = 'OPEN' and search_id = '" + search
                + "'");
        awaitState(path, "READY");
        var rounds = ofSearch(search).stream()
                .filter(t -> t instanceof TrainingTask.TrainRound)
                .map(t -> t.taskId().substring(search.length() + 1) + " attempt " + t.attempt())
                .toList();
        assertThat(rounds)
                .containsExactly("round-0-shard-0 attempt 1", "round-0-shard-0 attempt 2", "round-1-shard-0 attempt 1");

        fleet.trainer = fleet::train;
        var before = api.get(path).json();
        stale.forEach(fleet::send);
        awaitState("/api/searches/" + search(register("next"), 100), "READY");
        assertThat(api.get(path).json().get("losses")).isEqualTo(before.get("losses"));
        assertThat(api.get(path).json().get("stepsDone").asInt()).isEqualTo(400);
    }

    @Test
    void whatWasCommittedBeforeACrashIsPublishedAfterIt() {
        var search = search(register("crash"), 100);
        awaitState("/api/searches/" + search, "READY");
        var task = new TrainingTask.InspectDataset(
                ScriptedFleet.V, "left behind", search, 1, new DatasetSpec("cifar-10", 1));
        // As a process leaves it that dies between commit and send.
        sql("insert into outbox (topic, partition, payload) values ('training-tasks', 5, '" + MessageJson.write(task)
                + "')");
        Api.await(() -> ofSearch(search), tasks -> tasks.contains(task));
    }

    private void sql(String statement) {
        database.inTransaction(session -> session.createNativeQuery(statement).executeUpdate())
                .await()
                .indefinitely();
    }
}
