package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waiting runs over HTTP, in a real process that is killed while they wait. */
class WaitIT {

    private static final String KEY = "0123456789abcdef0123456789abcdef";
    private static final String[] WITH_KEY = {"X-Api-Key", KEY};
    private static final String APPROVAL = "/api/orchestrations/approval/runs";

    @TempDir
    private static Path directory;

    private static SegnoProcess process;
    private static JsonClient client;

    @BeforeAll
    static void start() throws Exception {
        process = new SegnoProcess(
                List.of("src/test/resources/wait-routes"),
                SegnoProcess.Readiness.SHARED,
                directory,
                Map.of("SEGNO_API_KEYS", "test=" + KEY));
        process.start();
        client = process.client();
    }

    @AfterAll
    static void stop() {
        if (process != null) {
            process.close();
        }
    }

    private static String begin() throws Exception {
        return client.post(APPROVAL, "{}", WITH_KEY).body().path("id").asText();
    }

    private static JsonNode run(String id) {
        try {
            return client.get("/api/runs/" + id, WITH_KEY).body();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode awaitState(String id, String state) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> run(id).path("state").asText().equals(state));
        return run(id);
    }

    private static JsonClient.Reply signal(String id, String key, String body) throws Exception {
        return client.post("/api/runs/" + id + "/signals/answered", body, "X-Api-Key", KEY, "Idempotency-Key", key);
    }

    @Test
    void aSignalEndsTheWaitAndTheSameOneAgainIsNothingNew() throws Exception {
        String id = begin();
        JsonNode waiting = awaitState(id, "WAITING");
        assertThat(waiting.path("waiting").path("signal").asText()).isEqualTo("answered");
        assertThat(waiting.path("waiting").path("until").asText()).isNotEmpty();

        JsonClient.Reply reply = signal(id, "one", "{\"yes\":true}");

        assertThat(reply.status()).isEqualTo(202);
        assertThat(reply.body().path("outcome").asText()).isEqualTo("delivered");
        assertThat(awaitState(id, "COMPLETED").path("output").toString()).isEqualTo("{\"decided\":{\"yes\":true}}");
        assertThat(signal(id, "one", "{\"yes\":true}").body().path("outcome").asText())
                .isEqualTo("duplicate");
        assertThat(signal(id, "two", "{\"yes\":true}").status()).isEqualTo(410);
    }

    @Test
    void S21_aTokenIsGoodForOneWaitOnce() throws Exception {
        String id = begin();
        String link = awaitState(id, "WAITING").path("attributes").path("link").asText();
        String guess = link.substring(0, link.length() - 2) + (link.endsWith("AA") ? "BB" : "AA");

        assertThat(client.post("/api/runs/" + id + "/signals/answered", "{}").status())
                .as("without a key")
                .isEqualTo(401);
        assertThat(client.post(guess, "{}").status()).as("guessed").isEqualTo(401);
        assertThat(client.post("/api/signals/nonsense", "{}").status()).isEqualTo(401);
        assertThat(client.post(link, "{\"yes\":true}").status()).isEqualTo(202);
        awaitState(id, "COMPLETED");
        assertThat(client.post(link, "{\"yes\":true}").status()).as("replayed").isEqualTo(401);
    }

    @Test
    void waitsSurviveAKillAndATokenGivenBeforeItIsGoodAfterIt() throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(begin());
        }
        String nap = client.post("/api/orchestrations/nap/runs", "{}", WITH_KEY)
                .body()
                .path("id")
                .asText();
        List<String> links = ids.stream()
                .map(id -> awaitState(id, "WAITING")
                        .path("attributes")
                        .path("link")
                        .asText())
                .toList();
        awaitState(nap, "WAITING");

        process.kill();
        process.start();
        client = process.client();

        assertThat(ids)
                .allSatisfy(id -> assertThat(run(id).path("state").asText()).isEqualTo("WAITING"));
        for (int i = 0; i < ids.size(); i++) {
            assertThat(client.post(links.get(i), "{\"number\":" + i + "}").status())
                    .isEqualTo(202);
        }
        for (int i = 0; i < ids.size(); i++) {
            assertThat(awaitState(ids.get(i), "COMPLETED")
                            .path("output")
                            .path("decided")
                            .path("number")
                            .asInt())
                    .isEqualTo(i);
        }
        assertThat(awaitState(nap, "COMPLETED").path("output").asText()).isEqualTo("awake");
    }

    @Test
    void aConversationGoesOnAsFreshRunsOverAKillAndItsFirstIdStandsForAll() throws Exception {
        String first = client.post("/api/orchestrations/talk/runs", "{\"said\":[]}", WITH_KEY)
                .body()
                .path("id")
                .asText();
        awaitState(first, "WAITING");

        signal(first, "1", "{\"text\":\"hello\"}");
        signal(first, "2", "{\"text\":\"again\"}");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> run(first).path("chain").size() == 3);
        process.kill();
        process.start();
        client = process.client();
        signal(first, "2", "{\"text\":\"again\"}");
        signal(first, "3", "{\"text\":\"bye\"}");

        String last = run(first).path("chain").get(2).asText();
        assertThat(awaitState(last, "COMPLETED").path("output").toString())
                .isEqualTo("{\"said\":[\"hello\",\"again\",\"bye\"]}");
        assertThat(run(first).path("state").asText()).isEqualTo("COMPLETED");
        assertThat(signal(first, "4", "{\"text\":\"late\"}").status()).isEqualTo(410);
    }

    @Test
    void R19_ofSignalsSentAtTheSameTimeOneIsTakenAndNoneIsLost() throws Exception {
        String id = begin();
        awaitState(id, "WAITING");
        List<CompletableFuture<JsonClient.Reply>> sent = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            sent.add(client.postAsync(
                    "/api/runs/" + id + "/signals/answered",
                    Integer.toString(i),
                    "X-Api-Key",
                    KEY,
                    "Idempotency-Key",
                    "key-" + i / 2));
        }

        List<String> outcomes = sent.stream()
                .map(CompletableFuture::join)
                .map(reply -> reply.status() == 410
                        ? "late"
                        : reply.body().path("outcome").asText())
                .toList();

        assertThat(outcomes).filteredOn("delivered"::equals).hasSize(1);
        assertThat(outcomes).containsAnyOf("duplicate", "late").isSubsetOf("delivered", "kept", "duplicate", "late");
        awaitState(id, "COMPLETED");
    }

    @Test
    void aBadSignalIsRefusedAndTheRunGoesOnWaiting() throws Exception {
        String id = begin();
        awaitState(id, "WAITING");

        assertThat(signal(id, "x", "{bad").status()).isEqualTo(400);
        assertThat(signal(id, "x", "\"" + "x".repeat(300 * 1024) + "\"").status())
                .isEqualTo(413);
        assertThat(client.post("/api/runs/" + id + "/signals/a%20b", "{}", WITH_KEY)
                        .status())
                .isEqualTo(400);
        assertThat(client.post("/api/runs/01ARZ3NDEKTSV4RRFFQ69G5FAV/signals/answered", "{}", WITH_KEY)
                        .status())
                .isEqualTo(404);
        assertThat(run(id).path("state").asText()).isEqualTo("WAITING");
    }
}
