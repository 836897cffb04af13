package org.dartscc.orchestrator;

import java.io.IOException;
import java.time.Instant;

import jakarta.inject.Inject;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

import org.dartscc.model.artifact.ArtifactStore;
import org.dartscc.model.message.CostUpdate;

import static org.assertj.core.api.Assertions.assertThat;

/** The database goes away and comes back. */
@QuarkusTest
@QuarkusTestResource(Infra.class)
class DatabaseAwayTest {
    @TestHTTPResource("/")
    String url;

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers;

    @Inject
    ArtifactStore artifacts;

    @Test
    void callsAreAnswered503AndRecordsWaitWhileTheDatabaseIsAway() throws IOException, InterruptedException {
        var api = new Api(url.substring(0, url.length() - 1), Infra.USER_TOKEN);
        var device = api.post("/api/devices", "{\"name\": \"patient\"}").json();
        var id = device.get("id").asText();
        try (var fleet = new ScriptedFleet(bootstrapServers, artifacts)) {
            fleet.agent(id, device.get("token").asText());
            int port = Infra.stopDatabase();
            try {
                var away = api.get("/api/devices/" + id);
                assertThat(away.status()).as(away.toString()).isEqualTo(503);
                assertThat(away.header("Content-Type")).startsWith("application/problem+json");
                assertThat(away.text()).doesNotContain("Exception");
                assertThat(api.get("/q/health/ready").status()).isEqualTo(503);
                assertThat(api.get("/q/health/live").status()).isEqualTo(200);
                fleet.send(new CostUpdate.OperatorCost(
                        ScriptedFleet.V,
                        id,
                        ScriptedFleet.SPACE.create().signatures().get(0),
                        12,
                        1,
                        9,
                        1,
                        ScriptedFleet.FINGERPRINT,
                        Instant.now()));
                Thread.sleep(1500);
            } finally {
                Infra.startDatabase(port);
            }
            var costs = Api.await(
                    () -> api.get("/api/devices/" + id + "/costs"),
                    answer -> answer.status() == 200 && answer.text().contains("medianMicros"));
            assertThat(costs.json().get("operators").get(0).get("medianMicros").asDouble())
                    .isEqualTo(12);
            Api.await(() -> api.get("/q/health/ready").status(), status -> status == 200);
        }
    }
}
