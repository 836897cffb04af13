package org.dartscc.orchestrator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
import org.dartscc.model.message.DatasetInfo;
import org.dartscc.model.network.Shape;
import org.dartscc.orchestrator.messaging.MessageJson;

import static org.assertj.core.api.Assertions.assertThat;

/** A phone that nobody here owns, from a published table to a model, over a real broker and a real database. */
@QuarkusTest
@QuarkusTestResource(Infra.class)
class ImportedDeviceTest {
    private static final DatasetInfo CIFAR = new DatasetInfo(
            "cifar-10",
            new Shape(3, 32, 32),
            Collections.nCopies(10, "thing"),
            List.of(.5, .5, .5),
            List.of(.2, .2, .2),
            9000,
            1000,
            1000,
            1);

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
        fleet.dataset = CIFAR;
    }

    @AfterEach
    void stop() throws InterruptedException {
        fleet.close();
    }

    private static String table(String file) {
        try (var in = ImportedDeviceTest.class.getResourceAsStream("/tables/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> upload(String content, String entry) {
        var upload = new LinkedHashMap<String, Object>();
        upload.put("content", content);
        if (entry != null) {
            upload.put("entry", entry);
        }
        return upload;
    }

    private Api.Answer register(String name, Map<String, Object> upload) {
        return api.post("/api/devices", MessageJson.write(Map.of("name", name, "table", upload)));
    }

    private String imported(String name, String content) {
        var answer = register(name, upload(content, null));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(201);
        assertThat(answer.json().get("token").isNull()).isTrue();
        return answer.json().get("id").asText();
    }

    private JsonNode ready(String device) {
        var search = api.post("/api/searches", """
                {"dataset": "cifar-10", "space": "fbnet", "devices": ["%s"], "steps": 100}
                """.formatted(device))
                .json()
                .get("id")
                .asText();
        return api.await("/api/searches/" + search, s -> s.get("state").asText().equals("READY"));
    }

    @Test
    void aPublishedTableServesAPhoneAndNeverPretendsToHaveMeasuredAModel() {
        var phone = imported("pixel-3", table("fbnet_blocks_pixel3.json"));
        var device = api.get("/api/devices/" + phone).json();
        assertThat(device.get("state").asText()).isEqualTo("IMPORTED");
        assertThat(device.get("origin").get("kind").asText()).isEqualTo("IMPORTED");
        assertThat(device.get("origin").get("notes").toString()).contains("relative");
        assertThat(device.get("fingerprint").get("profile").asText()).isEqualTo("imported");

        var search = ready(phone);
        assertThat(search.get("devices").get(0).get("measured"))
                .isEqualTo(search.get("devices").get(0).get("total"));
        var id = search.get("id").asText();
        var points =
                api.get("/api/searches/" + id + "/front?device=" + phone).json().get("points");
        assertThat(points.size()).isGreaterThan(20);
        // A Pixel 3 takes 3 to 30 ms for these networks.
        assertThat(points.get(0).get("latencyMicros").asDouble()).isBetween(2000., 5000.);

        var architecture = api.post("/api/searches/" + id + "/architectures", """
                {"device": "%s", "budget": {"latencyMicros": 9000}}
                """.formatted(phone))
                .json()
                .get("id")
                .asText();
        var model = api.post("/api/architectures/" + architecture + "/models", "{}")
                .json()
                .get("id")
                .asText();
        var ready =
                api.await("/api/models/" + model, m -> m.get("state").asText().equals("READY"));
        assertThat(ready.get("verification").asText()).isEqualTo("not possible: imported");
        assertThat(ready.get("measuredP50Micros").isNull()).isTrue();
        assertThat(ready.get("measuredP90Micros").isNull()).isTrue();
        assertThat(ready.get("residualShare").isNull()).isTrue();
        assertThat(ready.get("predictedLatencyMicros").asDouble()).isLessThanOrEqualTo(9000);
        assertThat(api.get("/api/models/" + model + "/onnx").status()).isEqualTo(200);
        assertThat(fleet.measurements).isEmpty();
    }

    @Test
    void aTableThatLacksOperatorsOfTheSpaceSaysWhichAndHoldsNothingUp() {
        var phone = imported("pixel-1", table("proxylessnas_pixel1.csv"));
        var coverage = api.get("/api/devices/" + phone + "/coverage?space=fbnet&image=3x224x224")
                .json();
        assertThat(coverage.get("measured").asInt()).isPositive();
        assertThat(coverage.get("missing").size())
                .isEqualTo(
                        coverage.get("total").asInt() - coverage.get("measured").asInt());
        assertThat(coverage.get("missing").toString())
                .contains("skip_block:16x112x112:24:s2")
                .doesNotContain("\"k3_e3:16x112x112:24:s2\"");

        var search = ready(phone);
        var row = search.get("devices").get(0);
        assertThat(row.get("failed").size()).isEqualTo(row.get("total").asInt());
        assertThat(row.get("failed").toString()).contains("not in the imported table");
        assertThat(api.get("/api/searches/%s/front?device=%s"
                                .formatted(search.get("id").asText(), phone))
                        .status())
                .isEqualTo(409);
    }

    @Test
    void anotherTableTakesThePlaceOfTheFirstWithoutMixing() {
        var phone = imported("some-phone", "signature,micros\nconv3:16x14x14:32:s2,40\nsep3:16x14x14:32:s2,10\n");
        long before = api.get("/api/devices/" + phone).json().get("costVersion").asLong();
        var replaced = api.call(
                "PUT",
                "/api/devices/" + phone + "/costs",
                MessageJson.write(upload("signature,micros\nconv3:16x14x14:32:s2,44\n", null)),
                "Content-Type",
                "application/json");
        assertThat(replaced.status()).as(replaced.toString()).isEqualTo(200);
        assertThat(replaced.json().get("operators")).hasSize(1);
        assertThat(replaced.json().get("operators").get(0).get("medianMicros").asDouble())
                .isEqualTo(44);
        assertThat(replaced.json().get("costVersion").asLong()).isGreaterThan(before);

        var own = api.post("/api/devices", "{\"name\": \"measures itself\"}")
                .json()
                .get("id")
                .asText();
        assertThat(api.call(
                                "PUT",
                                "/api/devices/" + own + "/costs",
                                MessageJson.write(upload("signature,micros\nconv3:16x14x14:32:s2,44\n", null)),
                                "Content-Type",
                                "application/json")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void aMalformedTableRegistersNothingAndNamesTheLine() {
        int before = api.get("/api/devices").json().size();
        var refused = register("broken", upload("signature,micros\nconv3:16x14x14:32:s2,40\nsep3:x,1\n", null));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
        assertThat(refused.json().get("detail").asText()).startsWith("line 3: not an operator signature");
        assertThat(register("which", upload(table("fbnet_blocks_fitted.json"), null))
                        .json()
                        .get("detail")
                        .asText())
                .contains("titanx_32");
        assertThat(register("format", Map.of("content", "x", "format", "excel"))
                        .json()
                        .get("detail")
                        .asText())
                .contains("known are auto");
        assertThat(api.get("/api/devices").json().size()).isEqualTo(before);
        assertThat(register("fitted", upload(table("fbnet_blocks_fitted.json"), "silver_4210r"))
                        .status())
                .isEqualTo(201);
    }
}
