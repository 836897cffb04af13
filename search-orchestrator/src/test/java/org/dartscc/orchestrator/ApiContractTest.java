package org.dartscc.orchestrator;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Who may call what, and how refusals look. */
@QuarkusTest
@QuarkusTestResource(Infra.class)
class ApiContractTest {
    private static final String[] METHODS = {"GET", "POST", "PUT", "DELETE", "PATCH"};

    @TestHTTPResource("/")
    String url;

    private Api api;

    @BeforeEach
    void base() {
        api = new Api(url.substring(0, url.length() - 1), Infra.USER_TOKEN);
    }

    private JsonNode register(String name) {
        return api.post("/api/devices", "{\"name\": \"" + name + "\"}").json();
    }

    private List<String> routes() {
        var routes = new ArrayList<String>();
        api.get("/q/openapi?format=json")
                .json()
                .get("paths")
                .fieldNames()
                .forEachRemaining(path -> routes.add(path.replaceAll("\\{[^}]*}", "x")));
        return routes;
    }

    private static void assertProblem(Api.Answer answer, int status) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().get("status").asInt()).isEqualTo(status);
        assertThat(answer.json().get("detail").asText()).isNotBlank();
        assertThat(answer.text()).doesNotContain("\tat ").doesNotContain("Exception");
    }

    @Test
    void everyRouteOfTheDocumentIsClosedWithoutATokenAndWithAWrongOne() {
        var routes = routes();
        assertThat(routes).hasSizeGreaterThanOrEqualTo(17).allMatch(r -> r.startsWith("/api/"));
        for (var route : routes) {
            for (var method : METHODS) {
                assertProblem(api.as(null).call(method, route, null), 401);
                assertProblem(api.as("wrong").call(method, route, null), 401);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api",
                "/api/",
                "/api/nothing",
                "/API/devices",
                "//api/devices",
                "/api;x=1/devices",
                "/api/devices;x",
                "/%61pi/devices",
                "/q/../api/devices",
                "/q/%2e%2e/api/devices",
                "/q;/../api/devices",
                "/q/metrics",
                "/q/openapi",
                "/q/healthy",
                "/q/health/../metrics",
                "/",
                "/index.html"
            })
    void whatIsNotPublicIsClosedInAnySpelling(String path) {
        assertProblem(api.as(null).get(path), 401);
    }

    @Test
    void anAgentMayOnlyDoItsOwnThings() {
        var mine = register("mine");
        var other = register("other");
        var agent = api.as(mine.get("token").asText());
        var identity = agent.get("/api/agent").json();
        assertThat(identity.get("deviceId")).isEqualTo(mine.get("id"));
        assertThat(identity.get("name").asText()).isEqualTo("mine");
        assertThat(identity.get("kafkaBootstrapServers").asText()).contains(":");
        assertThat(agent.get("/api/devices/" + mine.get("id").asText()).status())
                .isEqualTo(200);

        assertProblem(agent.get("/api/devices/" + other.get("id").asText()), 403);
        assertProblem(agent.delete("/api/devices/" + mine.get("id").asText()), 403);
        assertProblem(api.get("/api/agent"), 403);
        for (var route : routes()) {
            for (var method : METHODS) {
                if (!(method.equals("GET") && (route.equals("/api/agent") || route.endsWith("/onnx")))) {
                    assertProblem(agent.call(method, route, null), 403);
                }
            }
        }

        api.delete("/api/devices/" + mine.get("id").asText());
        assertProblem(agent.get("/api/agent"), 401);
    }

    @Test
    void aTokenIsShownOnceAndNeverAgain() {
        var device = register("secretive");
        var token = device.get("token").asText();
        assertThat(token).hasSizeGreaterThan(40);
        var path = "/api/devices/" + device.get("id").asText();
        assertThat(api.get(path).text()).doesNotContain(token).doesNotContain("token");
        assertThat(api.get("/api/devices").text()).doesNotContain(token).doesNotContain("oken");
        assertThat(api.get(path + "/costs").json().get("operators")).isEmpty();
        assertThat(api.delete(path).status()).isEqualTo(204);
        assertProblem(api.delete(path), 404);
        assertProblem(api.get(path), 404);
        assertProblem(api.get(path + "/costs"), 404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dataset   | {}",
                "dataset   | {\"dataset\": \" \"}",
                "dataset   | {\"dataset\": \"imagenet\"}",
                "dataset   | {\"dataset\": \"image-folder:\"}",
                "space     | {\"dataset\": \"cifar-10\", \"space\": \"nowhere\"}",
                "method    | {\"dataset\": \"cifar-10\", \"method\": \"magic\"}",
                "devices   | {\"dataset\": \"cifar-10\", \"devices\": [\"nobody\"]}",
                "devices   | {\"dataset\": \"cifar-10\", \"devices\": [null]}",
                "devices   | {\"dataset\": \"cifar-10\", \"devices\": \"all\"}",
                "steps     | {\"dataset\": \"cifar-10\", \"steps\": 0}",
                "steps     | {\"dataset\": \"cifar-10\", \"steps\": \"many\"}",
                "steps     | {\"dataset\": \"cifar-10\", \"steps\": 1.5}",
                "epochs    | {\"dataset\": \"cifar-10\", \"epochs\": -1}",
                "epochs    | {\"dataset\": \"cifar-10\", \"epochs\": 1, \"steps\": 1}",
                "workers   | {\"dataset\": \"cifar-10\", \"workers\": 2}",
                "seed      | {\"dataset\": \"cifar-10\", \"seed\": \"x\"}",
                "budget    | {\"dataset\": \"cifar-10\", \"budget\": 3}",
            })
    void aSearchThatCanNotBeIsRefusedNamingTheField(String field, String body) {
        var answer = api.post("/api/searches", body);
        assertProblem(answer, 400);
        assertThat(fields(answer.json())).anyMatch(f -> f.startsWith(field) || f.endsWith(field));
    }

    private static List<String> fields(JsonNode problem) {
        var fields = new ArrayList<String>();
        fields.add(problem.path("field").asText());
        problem.path("violations").forEach(v -> fields.add(v.get("field").asText()));
        return fields;
    }

    @Test
    void aLimitThatDoesNotExistIsAnsweredWithThoseThatDo() {
        var refused = api.post("/api/searches/any/architectures", """
                {"device": "any", "budget": {"watts": 5}}
                """);
        assertProblem(refused, 400);
        assertThat(refused.json().get("field").asText()).isEqualTo("budget.watts");
        assertThat(refused.json().get("detail").asText())
                .isEqualTo("budget.watts: there is no such field; known are energyMicrojoules, fileBytes,"
                        + " latencyMicros, macs, parameters, peakActivationBytes");
    }

    @Test
    void unknownNamesAreAnsweredWithTheKnownOnes() {
        var problem = api.post("/api/searches", "{\"dataset\": \"cifar-10\", \"space\": \"nowhere\"}")
                .json();
        assertThat(problem.get("known").toString()).contains("layerwise", "nas-bench-201", "darts");
    }

    @Test
    void aSpaceOfOnesOwnIsTakenAndWhatIsWrongInItIsToldWithItsLine() throws Exception {
        var order = new com.fasterxml.jackson.databind.ObjectMapper()
                .createObjectNode()
                .put("dataset", "cifar-10");
        var yaml = java.nio.file.Files.readString(java.nio.file.Path.of("../docs/examples/my-space.yaml"));
        var taken = accepted(order.put("spaceDefinition", yaml).toString());
        assertThat(taken.get("space").asText()).startsWith("my-space@");
        assertThat(taken.get("spaceWarnings")).isEmpty();

        var uneven =
                accepted(order.put("spaceDefinition", yaml.replace("64", "50")).toString());
        assertThat(uneven.get("spaceWarnings").get(0).asText()).contains("no multiple of 16");
        assertThat(uneven.get("space")).isNotEqualTo(taken.get("space"));

        var wrong = api.post(
                "/api/searches",
                order.put("spaceDefinition", yaml.replace("sep5", "sep9")).toString());
        assertProblem(wrong, 400);
        assertThat(wrong.json().get("field").asText()).isEqualTo("spaceDefinition");
        assertThat(wrong.json().get("detail").asText()).contains("line 16: there is no operator \"sep9\"");
        assertProblem(
                api.post(
                        "/api/searches",
                        order.put("spaceDefinition", yaml).put("space", "darts").toString()),
                400);
    }

    private JsonNode accepted(String order) {
        var answer = api.post("/api/searches", order);
        assertThat(answer.status()).isEqualTo(202);
        return api.get("/api/searches/" + answer.json().get("id").asText()).json();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "3", "{", "{\"dataset\": ", "\u0000", "{'dataset': 'x'}"})
    void aMalformedBodyIsRefused(String body) {
        for (var path : List.of("/api/searches", "/api/devices")) {
            var answer = api.post(path, body);
            assertProblem(answer, 400);
            assertThat(answer.json().get("field").asText()).isNotBlank();
            assertThat(answer.json().get("detail").asText())
                    .startsWith(answer.json().get("field").asText());
        }
    }

    @Test
    void aBodyOfAnotherTypeIsRefused() {
        assertProblem(
                api.call("POST", "/api/devices", "name=x", "Content-Type", "application/x-www-form-urlencoded"), 415);
    }

    @Test
    void aDeeplyNestedBodyIsRefused() {
        assertProblem(api.post("/api/devices", "{\"name\": " + "[".repeat(50_000) + "]".repeat(50_000) + "}"), 400);
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedWhetherItSaysSoOrNot() throws IOException, InterruptedException {
        assertProblem(api.post("/api/devices", " ".repeat(2_300_000)), 413);
        var chunked = HttpRequest.newBuilder(URI.create(api.base() + "/api/devices"))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Authorization", "Bearer " + Infra.USER_TOKEN)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(" ".repeat(3_000_000).getBytes(StandardCharsets.UTF_8))))
                .build();
        int status;
        try {
            status = HttpClient.newHttpClient()
                    .send(chunked, HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException closed) {
            // The connection is closed while the rest is still being sent.
            status = 413;
        }
        assertThat(status).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/models/..%2f..%2fetc%2fpasswd/onnx",
                "/api/models/%2e%2e%2fx/onnx",
                "/api/models/%252e%252e/onnx",
                "/api/models/x;y/onnx",
                "/api/models/x%00/onnx",
                "/api/models/x%5c..%5cy/onnx",
                "/api/models/nobody/onnx",
                "/api/models/nobody",
                "/api/architectures/nobody",
                "/api/searches/nobody",
                "/api/searches/nobody/events",
                "/api/searches/nobody/front?device=nobody",
                "/api/nothing"
            })
    void whatIsNotThereIsNotFound(String path) {
        assertProblem(api.get(path), 404);
    }

    @Test
    void aFrontIsOfADeviceAndNotThereBeforeTheFirstFit() {
        var device = register("early").get("id").asText();
        var search = api.post("/api/searches", "{\"dataset\": \"cifar-10\", \"devices\": [\"" + device + "\"]}");
        assertThat(search.status()).isEqualTo(202);
        var path = "/api/searches/" + search.json().get("id").asText();
        assertThat(search.header("Location")).endsWith(path);
        assertThat(search.json().get("state").asText()).isEqualTo("CREATED");

        var withoutDevice = api.get(path + "/front");
        assertProblem(withoutDevice, 400);
        assertThat(withoutDevice.json().get("field").asText()).isEqualTo("device");
        assertProblem(api.get(path + "/front?device=" + device), 409);
        assertProblem(
                api.post(path + "/architectures", "{\"device\": \"" + device + "\", \"budget\": {\"macs\": 5}}"), 409);
        for (var bad : List.of(
                "{\"latencyMicros\": -1}", "{\"latencyMicros\": 1e999}", "{\"latency\": 1}", "{\"macs\": \"few\"}")) {
            assertProblem(
                    api.post(path + "/architectures", "{\"device\": \"" + device + "\", \"budget\": " + bad + "}"),
                    400);
        }
        assertProblem(api.post(path + "/architectures", "{\"device\": \"" + device + "\"}"), 400);
        assertProblem(api.post(path + "/devices", "{\"device\": \"nobody\"}"), 400);
        assertProblem(api.post("/api/architectures/nobody/models", "{}"), 404);
        assertProblem(api.post("/api/architectures/nobody/models", "{\"fineTuneEpochs\": -1}"), 400);
    }

    @Test
    void aSearchIsPausedResumedAndCancelledOnlyWhereThatMakesSense() {
        var path = "/api/searches/"
                + api.post("/api/searches", "{\"dataset\": \"cifar-10\"}")
                        .json()
                        .get("id")
                        .asText();
        assertProblem(api.post(path + "/resume", ""), 409);
        assertThat(api.post(path + "/pause", "").status()).isEqualTo(202);
        assertThat(api.get(path).json().get("state").asText()).isEqualTo("PAUSED");
        assertProblem(api.post(path + "/pause", ""), 409);
        assertThat(api.post(path + "/resume", "").status()).isEqualTo(202);
        assertThat(api.get(path).json().get("state").asText()).isEqualTo("CREATED");
        assertThat(api.post(path + "/cancel", "").status()).isEqualTo(202);
        assertProblem(api.post(path + "/cancel", ""), 409);
        assertThat(api.get(path).json().get("state").asText()).isEqualTo("CANCELLED");
    }

    @Test
    void healthIsOpenAndMetricsAreForUsers() {
        var open = api.as(null);
        assertThat(open.get("/q/health/ready").json().get("status").asText()).isEqualTo("UP");
        assertThat(open.get("/q/health/ready").text()).contains("training-results", "PostgreSQL");
        assertThat(open.get("/q/health/live").status()).isEqualTo(200);
        assertThat(api.get("/q/metrics").text()).contains("dartscc_records_impersonated_total");
    }
}
