package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conversation whose process is killed: behind a question, and while the catalog has searched and not yet answered. */
class ShoppingCrashIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void aQuestionOutlivesAKillAndASearchThatWasUnderWayIsDoneOnce() throws Exception {
        Map<String, Integer> ports = new HashMap<>(Map.of("catalog-service", 0, "media-service", 0));
        try (Sandbox sandbox = Sandbox.start(new SandboxSettings(ports, "k"))) {
            StandInClient catalog = new StandInClient(sandbox.uri("catalog-service"));
            catalog.control("{\"leastMs\":0,\"mostMs\":0}");
            Map<String, String> environment = Map.of(
                    "CATALOG_SERVICE_URL", sandbox.uri("catalog-service").toString(),
                    "MEDIA_SERVICE_URL", sandbox.uri("media-service").toString(),
                    "HTTP_BACKOFF", "600000");
            try (SegnoProcess process = new SegnoProcess(
                    List.of("routes/shopping-assistant"), SegnoProcess.Readiness.SHARED, directory, environment)) {
                process.start();
                JsonNode asked = process.client()
                        .post("/api/v1/chat", ShoppingNode.body("u", "headphones on amazon", ""))
                        .body();
                assertThat(asked.path("state").asText()).isEqualTo("CLARIFICATION");
                String session = "/api/v1/sessions/" + asked.path("session_id").asText();
                process.kill();
                process.start();
                assertThat(process.client().get(session).body().at("/session/clarification"))
                        .isEqualTo(asked.path("clarification"));

                // The catalog does its work, and its answer gets lost; the process dies before it asks again.
                catalog.control("{\"path\":\"/search\",\"fault\":\"close_after_work\",\"times\":1}");
                String answer = "{\"answer\":\"under 200\",\"clarification_id\":"
                        + asked.at("/clarification/clarification_id") + "}";
                process.client().post(session + "/clarify", answer, "Prefer", "wait=0");
                await().atMost(PATIENCE)
                        .until(() -> catalog.sandbox().at("/records/searches").asInt() == 1);
                process.kill();
                process.start();

                await().atMost(PATIENCE)
                        .until(() -> process.client()
                                .get(session)
                                .body()
                                .at("/session/state")
                                .asText()
                                .equals("COMPLETED"));
                JsonNode view = process.client().get(session).body().path("session");
                assertThat(view.path("request_id")).isEqualTo(asked.path("request_id"));
                assertThat(view.path("clarification_count").asInt()).isEqualTo(1);
                assertThat(view.at("/search_results/products")).hasSize(10);
                List<JsonNode> calls = catalog.calls("/search");
                assertThat(calls)
                        .hasSize(2)
                        .extracting(call -> call.path("key").asText())
                        .containsOnly(calls.get(0).path("key").asText());
                assertThat(catalog.sandbox().at("/records/searches").asInt()).isEqualTo(1);
                List<String> states = StreamSupport.stream(view.path("history").spliterator(), false)
                        .map(entry -> entry.path("state").asText())
                        .toList();
                assertThat(states).containsOnlyOnce("CLARIFICATION", "SEARCHING", "RANKING", "COMPLETED");
                assertThat(process.client()
                                .get("/api/runs?orchestration=shopping-turn")
                                .body()
                                .path("runs"))
                        .hasSize(1);
                assertThat(process.client().post(session + "/clarify", answer).status())
                        .isEqualTo(200);
            }
        }
    }
}
