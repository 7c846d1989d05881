package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of messages while as many turns go on as may. */
class ShoppingPlacesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String DELL = "laptop from Dell on amazon";

    @TempDir
    private Path directory;

    private final CountDownLatch answers = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer catalog;
    private ShoppingNode node;

    @BeforeEach
    void start() throws Exception {
        catalog = catalog();
        node = ShoppingNode.start(
                directory.resolve("data"),
                Map.of(
                        "CATALOG_SERVICE_URL",
                        "http://127.0.0.1:" + catalog.getAddress().getPort(),
                        "MAX_CONCURRENT_GRAPH_EXECUTIONS",
                        "2",
                        // Longer than all of this takes.
                        "WAIT_LIMIT",
                        "1h"));
    }

    @AfterEach
    void stop() {
        answers.countDown();
        if (node != null) {
            node.close();
        }
        catalog.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aMessageWaitsForAPlaceAsLongAsItsSenderDoes() throws Exception {
        // Questions that wait for their answers hold no places.
        for (int i = 0; i < 2; i++) {
            assertThat(node.search("asked", "headphones").body().path("state").asText())
                    .isEqualTo("CLARIFICATION");
        }
        List<String> first = List.of(location("one"), location("two"));
        assertThat(underWay()).isEqualTo(2);

        JsonClient.Reply refused =
                node.http().post("/api/v1/search", ShoppingNode.body("three", DELL, ""), "Prefer", "wait=0");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.header("Retry-After")).isNotEmpty();
        assertThat(refused.body().path("error").asText()).contains("try again");

        CompletableFuture<JsonClient.Reply> patient =
                node.http().postAsync("/api/v1/search", ShoppingNode.body("four", DELL, ""));
        try (ChatSocket socket = ChatSocket.open(node.application().port(), "?user_id=five")) {
            socket.send("{\"type\":\"message\",\"message\":\"" + DELL + "\"}");
            answers.countDown();
            assertThat(patient.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .body()
                            .path("state")
                            .asText())
                    .isEqualTo("COMPLETED");
            socket.event("done", 1);
        }
        for (String session : first) {
            await().atMost(PATIENCE)
                    .until(() -> node.http()
                            .get(session)
                            .body()
                            .at("/session/state")
                            .asText()
                            .equals("COMPLETED"));
        }
        await().atMost(PATIENCE).until(() -> underWay() == 0);
    }

    private int underWay() throws Exception {
        return node.http().get("/health/ready").body().at("/turns/under_way").asInt();
    }

    @Test
    void anAnswerThatFoundNoPlaceIsATurnOfItsOwnWhenAnotherOneCameFirst() throws Exception {
        JsonNode asked = node.search("tabs", "headphones").body();
        String session = asked.path("session_id").asText();
        location("one");
        location("two");
        String[] key = {"Idempotency-Key", "answer", "Prefer", "wait=0"};
        String said = ShoppingNode.body("tabs", "under 200", ",\"session_id\":\"" + session + "\"");
        assertThat(node.http().post("/api/v1/chat", said, key).status()).isEqualTo(503);
        answers.countDown();
        JsonNode other = node.clarify(session, "under 300").body();
        assertThat(other.path("request_id")).isEqualTo(asked.path("request_id"));

        JsonClient.Reply own = node.http().post("/api/v1/chat", said, "Idempotency-Key", "answer");

        assertThat(own.status()).isEqualTo(200);
        assertThat(own.body().path("request_id")).isNotEqualTo(asked.path("request_id"));
        assertThat(own.body().at("/requirement_spec/price/max").asInt()).isEqualTo(200);
        assertThat(node.http().post("/api/v1/chat", said, key).body()).isEqualTo(own.body());
    }

    @Test
    void anAnswerThatComesAgainIsOneAnswerInOnePlace() throws Exception {
        JsonNode asked = node.search("repeats", "headphones").body();
        String session = asked.path("session_id").asText();
        String[] key = {"Idempotency-Key", "answer", "Prefer", "wait=0"};
        String said = ShoppingNode.body("repeats", "under 200", ",\"session_id\":\"" + session + "\"");
        for (int i = 0; i < 2; i++) {
            assertThat(node.http().post("/api/v1/chat", said, key).status()).isEqualTo(202);
            assertThat(underWay()).isEqualTo(1);
        }
        answers.countDown();
        await().atMost(PATIENCE).until(() -> underWay() == 0);
        JsonNode next = node.chat("repeats", session, DELL).body();
        assertThat(next.path("request_id")).isNotEqualTo(asked.path("request_id"));

        // The reply is gone with its turn, but what was said is not done again.
        assertThat(node.http().post("/api/v1/chat", said, key).status()).isEqualTo(202);
        assertThat(node.session(session).path("request_id")).isEqualTo(next.path("request_id"));
    }

    private String location(String user) throws Exception {
        JsonClient.Reply reply =
                node.http().post("/api/v1/search", ShoppingNode.body(user, DELL, ""), "Prefer", "wait=0");
        assertThat(reply.status()).isEqualTo(202);
        return reply.header("Location");
    }

    /** Answers each search when it is told to, and everything else at once. */
    private HttpServer catalog() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                if (exchange.getRequestURI().getPath().equals("/search")) {
                    answers.await();
                }
                byte[] body = "{\"products\":[],\"total_count\":0}".getBytes(StandardCharsets.UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        server.start();
        return server;
    }
}
