package org.dartscc.orchestrator;

import java.util.ArrayList;
import java.util.List;

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
import org.dartscc.model.message.TrainingTask;
import org.dartscc.model.space.Genotype;
import org.dartscc.model.space.Operator;

import static org.assertj.core.api.Assertions.assertThat;

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
        var search = search(device, 450);
        var ready = awaitState("/api/searches/" + search, "READY");
        assertThat(ready.get("stepsDone").asInt()).isEqualTo(450);
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
}
