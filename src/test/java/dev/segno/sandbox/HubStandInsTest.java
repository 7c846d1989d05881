package dev.segno.sandbox;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stand-ins of the service hub's services keep to its contract. */
class HubStandInsTest {

    private static final String ANN = "{\"email\":\"ann@example.test\",\"password\":\"Passw0rd!1\"}";

    private static StandIns standIns;

    @BeforeAll
    static void start() throws IOException {
        standIns = StandIns.start("identity", "content", "communication", "workflow", "hub-gateway");
    }

    @AfterAll
    static void stop() {
        standIns.close();
    }

    @BeforeEach
    void reset() throws Exception {
        standIns.reset();
    }

    @Test
    void healthCanBeSet() throws Exception {
        standIns.of("content").control("{\"health\":\"degraded\"}");

        assertThatJson(standIns.of("content").get("/health").body())
                .isEqualTo("{status: 'degraded', service: 'content', version: '1.0.0'}");
        assertThat(standIns.of("content")
                        .post("/_sandbox", "{\"health\":\"tired\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void anAccountIsMadeOnceAndLockedAfterFiveFailures() throws Exception {
        String carl = "{\"email\":\"carl@example.test\",\"password\":\"long enough\",\"first_name\":\"Carl\"}";
        assertThatJson(standIns.post("identity", "/api/v1/auth/register", carl))
                .isObject()
                .containsEntry("user_id", "user-3")
                .containsEntry("next_step", "login");
        assertThat(standIns.of("identity").post("/api/v1/auth/register", carl).status())
                .isEqualTo(409);
        assertThat(standIns.of("identity")
                        .post("/api/v1/auth/register", "{\"email\":\"d@example.test\",\"password\":\"short\"}")
                        .status())
                .isEqualTo(422);
        for (int n = 0; n < 5; n++) {
            assertThatJson(standIns.of("identity")
                            .post("/api/v1/auth/login", ANN.replace("!1", "!2"))
                            .body())
                    .isEqualTo("{detail: 'Invalid credentials'}");
        }
        assertThat(standIns.of("identity").post("/api/v1/auth/login", ANN).status())
                .isEqualTo(423);
    }

    @Test
    void aTokenOpensTheGatewayUntilItIsOver() throws Exception {
        String path = "/api/v1/documents?limit=2&is_template=true";
        assertThat(standIns.of("hub-gateway").get(path).status()).isEqualTo(401);
        JsonNode session = standIns.post("hub-gateway", "/api/v1/auth/login", ANN);
        String[] token = {
            "Authorization", "Bearer " + session.path("access_token").asText()
        };
        assertThat(standIns.of("hub-gateway").get(path, token).body()).hasSize(2);
        assertThat(standIns.of("identity")
                        .get("/api/v1/auth/me", token)
                        .body()
                        .path("email")
                        .asText())
                .isEqualTo("ann@example.test");

        standIns.of("identity").control("{\"tokenSeconds\":0}");
        JsonNode over = standIns.post("identity", "/api/v1/auth/login", ANN);
        String[] old = {"Authorization", "Bearer " + over.path("access_token").asText()};
        assertThat(standIns.of("hub-gateway").get(path, old).status()).isEqualTo(401);
        assertThat(standIns.of("content").get(path, old).status()).isEqualTo(401);
        standIns.of("identity").control("{\"tokenSeconds\":60}");
        String refresh = "{\"refresh_token\":\"" + over.path("refresh_token").asText() + "\"}";
        String renewed = standIns.post("hub-gateway", "/api/v1/auth/refresh", refresh)
                .path("access_token")
                .asText();
        assertThat(standIns.of("hub-gateway")
                        .get(path, "Authorization", "Bearer " + renewed)
                        .status())
                .isEqualTo(200);
        assertThat(standIns.of("identity")
                        .post("/api/v1/auth/refresh", "{\"refresh_token\":\"" + renewed + "\"}")
                        .status())
                .isEqualTo(401);
    }

    @Test
    void documentsAreFilteredAndSearched() throws Exception {
        assertThat(standIns.of("content").get("/api/v1/documents").body()).hasSize(30);
        assertThat(standIns.of("content")
                        .get("/api/v1/documents?is_template=true")
                        .body())
                .hasSize(3);
        assertThat(standIns.of("content")
                        .get("/api/v1/documents?id=doc-7")
                        .body()
                        .at("/0/title")
                        .asText())
                .isEqualTo("Contract 7");
        JsonNode found = standIns.post("content", "/api/v1/search", "{\"query\":\"contract\",\"limit\":5}");
        assertThat(found.path("total").asInt()).isEqualTo(12);
        assertThat(found.path("documents")).hasSize(5);
    }

    @Test
    void aNotificationIsKeptOncePerKeyAndListedNewestFirst() throws Exception {
        String first = "{\"type\":\"info\",\"title\":\"one\",\"message\":\"m\",\"recipient_id\":\"u\"}";
        for (int n = 0; n < 2; n++) {
            standIns.of("communication").post("/api/v1/notifications", first, "Idempotency-Key", "k");
        }
        standIns.post("communication", "/api/v1/notifications", first.replace("one", "two"));

        assertThat(standIns.of("communication")
                        .get("/api/v1/notifications")
                        .body()
                        .findValuesAsText("title"))
                .containsExactly("two", "one");
        assertThat(standIns.of("communication")
                        .post("/api/v1/notifications", "{\"type\":\"email\",\"to\":\"u\",\"message\":\"m\"}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void anExecutionIsCompletedAfterAWhile() throws Exception {
        String path = "/api/v1/workflows/wf-ai/execute";
        JsonNode execution = standIns.post("workflow", path, "{\"input_data\":{\"a\":1}}");

        assertThat(execution.path("status").asText()).isEqualTo("running");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> standIns.of("workflow")
                        .get("/api/v1/executions/" + execution.path("id").asText())
                        .body()
                        .path("status")
                        .asText()
                        .equals("completed"));
        assertThat(standIns.of("workflow")
                        .post(path.replace("wf-ai", "wf-paused"), "{}")
                        .status())
                .isEqualTo(409);
        assertThat(standIns.of("workflow")
                        .post(path.replace("wf-ai", "none"), "{}")
                        .status())
                .isEqualTo(404);
        assertThat(standIns.of("workflow")
                        .get("/api/v1/workflows?status=template")
                        .body())
                .hasSize(3);
    }
}
