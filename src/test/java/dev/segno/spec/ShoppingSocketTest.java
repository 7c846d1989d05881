package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The assistant's socket, its events, its keys, and its composer; by the numbers of the contract's cases. */
class ShoppingSocketTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String[] ADA = {"Authorization", "Bearer key-of-ada"};
    private static final String[] BOB = {"Authorization", "Bearer key-of-bob"};

    @TempDir
    private static Path directory;

    private static ShoppingNode node;

    @BeforeAll
    static void start() throws Exception {
        node = ShoppingNode.start(
                directory.resolve("data"),
                Map.of(
                        "SEGNO_SUBMITTER_KEYS", "ada=key-of-ada,bob=key-of-bob",
                        "SEGNO_API_KEYS", "ops=key-of-ops",
                        "RATE_LIMIT_PER_USER", "1000",
                        "WS_MAX_CONCURRENT", "4",
                        "WS_HEARTBEAT_INTERVAL", "1s"));
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    @BeforeEach
    void calm() throws Exception {
        node.calm();
    }

    private static ChatSocket socket(String query) throws Exception {
        return ChatSocket.open(node.application().port(), query, ADA);
    }

    private static String message(String text) {
        return "{\"type\":\"message\",\"message\":\"" + text + "\",\"user_id\":\"web\",\"timestamp\":1}";
    }

    @Test
    void SA_14_aWebClientIsAskedAndAnswersByAMessage() throws Exception {
        try (ChatSocket socket = socket("?user_id=web")) {
            String session = socket.event("connected", 1).path("session_id").asText();
            socket.send("{\"type\":\"ping\"}");
            socket.send(message("headphones"));
            assertThat(socket.event("clarification", 1).path("question").asText())
                    .endsWith("?");
            assertThat(socket.types())
                    .startsWith("connected", "thinking", "progress")
                    .doesNotContain("results");

            socket.send(message("under 200"));

            JsonNode results = socket.event("results", 1);
            assertThat(results.path("products")).isNotEmpty();
            assertThat(results.at("/requirement_spec/price/max").asInt()).isEqualTo(200);
            assertThat(socket.event("done", 1).path("session_id").asText()).isEqualTo(session);
            List<JsonNode> progress = socket.events().stream()
                    .filter(event -> event.path("type").asText().equals("progress"))
                    .toList();
            assertThat(progress)
                    .extracting(event -> event.at("/data/stage").asText())
                    .containsExactly("REQUIREMENT_BUILDING", "REQUIREMENT_BUILDING", "SEARCHING", "RANKING");
            assertThat(progress).allSatisfy(event -> {
                assertThat(event.path("timestamp").asText()).endsWith("Z");
                assertThat(event.path("session_id").asText()).isEqualTo(session);
                assertThat(event.at("/data/step").asText())
                        .isEqualTo(event.at("/data/stage").asText().toLowerCase(java.util.Locale.ROOT));
            });
            StringBuilder text = new StringBuilder();
            socket.events().stream()
                    .filter(event -> event.path("type").asText().equals("token"))
                    .forEach(event -> text.append(event.at("/data/content").asText()));
            assertThat(text.toString()).isEqualTo(results.path("final_response").asText());
            assertThat(socket.types().stream()
                            .filter(type -> !type.equals("ping"))
                            .reduce((all, type) -> all.endsWith(type) ? all : all + " " + type))
                    .contains("connected thinking progress clarification thinking progress token results done");
            assertThat(socket.event("connected", 1).path("server_time").asText())
                    .endsWith("Z");
            JsonNode question = socket.event("clarification", 1);
            assertThat(question.path("suggestions")).isNotEmpty();
            assertThat(question.path("context").asText()).isNotEmpty();
            assertThat(socket.event("token", 1).path("is_complete").asBoolean()).isFalse();
            socket.event("ping", 1);
        }
    }

    @Test
    void anAnswerIsTakenAsOneAndOnlyWhileAQuestionIsOpen() throws Exception {
        try (ChatSocket socket = socket("")) {
            socket.send("{\"type\":\"answer\",\"message\":\"under 200\"}");
            assertThat(socket.event("error", 1).path("recoverable").asBoolean()).isTrue();
            socket.send(message("headphones"));
            socket.event("clarification", 1);
            socket.send("{\"type\":\"answer\",\"message\":\"under 200\"}");
            socket.event("done", 1);
        }
    }

    @Test
    void whatIsNoMessageIsAnErrorAndNoEnd() throws Exception {
        try (ChatSocket socket = socket("")) {
            socket.send("{not json");
            assertThat(socket.event("error", 1).at("/error_detail/message").asText())
                    .contains("JSON");
            socket.send("{\"type\":\"shout\"}");
            socket.event("error", 2);
            socket.send(message("   "));
            assertThat(socket.event("error", 3).path("error").asText()).isNotEmpty();
            socket.send("{\"type\":\"message\",\"message\":\"laptop\",\"session_id\":\"not an id\"}");
            assertThat(socket.event("error", 4).path("error").asText()).contains("session_id");
            socket.send(message("laptop from Dell"));
            socket.event("done", 1);
            socket.send("{\"type\":\"disconnect\"}");
            assertThat(socket.closeCode()).isEqualTo(1000);
        }
    }

    @Test
    void aPageShowsItsKeyAsASubprotocol() throws Exception {
        int port = node.application().port();
        try (ChatSocket socket = ChatSocket.openWithProtocols(port, "", "segno", protocolOf("key-of-ada"))) {
            String session = socket.event("connected", 1).path("session_id").asText();
            assertThat(socket.protocol()).isEqualTo("segno");
            socket.send(message("laptop from Dell"));
            socket.event("done", 1);
            assertThat(node.http().get("/api/v1/sessions/" + session, ADA).status())
                    .isEqualTo(200);
            assertThat(node.http().get("/api/v1/sessions/" + session, BOB).status())
                    .isEqualTo(404);
        }
        for (String[] offered : List.of(
                new String[] {"segno", protocolOf("key-of-eve")},
                new String[] {"segno", "segno.key.%"},
                new String[] {"segno", protocolOf("key-of-ada"), protocolOf("key-of-eve")},
                new String[] {protocolOf("key-of-ada")})) {
            assertThatThrownBy(() -> ChatSocket.openWithProtocols(port, "", offered))
                    .hasMessageContaining("WebSocketHandshakeException");
        }
    }

    @Test
    void aSubprotocolIsAKeyOfSocketsAlone() throws Exception {
        String[] shown = {"Sec-WebSocket-Protocol", "segno, " + protocolOf("key-of-ada")};
        assertThat(node.http().get("/api/v1/sessions?user_id=u", shown).status())
                .isEqualTo(401);
    }

    private static String protocolOf(String key) {
        return "segno.key."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void strangersAreToldThatItLivesAndNoMore() throws Exception {
        assertThat(node.http().get("/health").status()).isEqualTo(200);
        for (String path : List.of("/", "/health/ready", "/metrics", "/debug/connections")) {
            assertThat(node.http().get(path).status()).as(path).isEqualTo(401);
        }
        for (String path : List.of("/", "/health/ready", "/metrics")) {
            assertThat(node.http().get(path, ADA).status()).as(path).isEqualTo(200);
        }
        assertThat(node.http().get("/debug/connections", ADA).status()).isEqualTo(403);
        assertThat(node.http()
                        .get("/debug/connections", "Authorization", "Bearer key-of-ops")
                        .body()
                        .has("total_connections"))
                .isTrue();
    }

    @Test
    void twoSocketsOfOneSessionHearTheSame() throws Exception {
        try (ChatSocket one = socket("?session_id=shared");
                ChatSocket other = socket("?session_id=shared")) {
            one.event("connected", 1);
            other.event("connected", 1);
            one.send(message("laptop from Dell"));
            assertThat(other.event("results", 1)).isEqualTo(one.event("results", 1));
            JsonNode view = node.http().get("/api/v1/sessions/shared", ADA).body();
            assertThat(view.path("connection_count").asInt()).isEqualTo(2);
            assertThat(view.path("active").asBoolean()).isTrue();
        }
        await().atMost(PATIENCE)
                .until(() -> !node.http()
                        .get("/api/v1/sessions/shared", ADA)
                        .body()
                        .path("active")
                        .asBoolean(true));
    }

    @Test
    void oneSocketTooManyIsClosedWithItsCode() throws Exception {
        try (ChatSocket one = socket("");
                ChatSocket two = socket("");
                ChatSocket three = socket("");
                ChatSocket four = socket("")) {
            for (ChatSocket socket : List.of(one, two, three, four)) {
                socket.event("connected", 1);
            }
            try (ChatSocket five = socket("")) {
                assertThat(five.closeCode()).isEqualTo(1008);
            }
        }
        await().atMost(PATIENCE).until(() -> {
            try (ChatSocket again = socket("")) {
                await().atMost(PATIENCE).until(() -> !again.types().isEmpty() || again.isClosed());
                return again.types().contains("connected");
            }
        });
    }

    @Test
    void aSessionBelongsToItsCaller() throws Exception {
        String body = ShoppingNode.body("u", "laptop from Dell", ",\"session_id\":\"adas\"");
        assertThat(node.http().post("/api/v1/chat", body).status()).isEqualTo(401);
        assertThat(node.http().post("/api/v1/chat", body, ADA).status()).isEqualTo(200);

        assertThat(node.http().get("/api/v1/sessions/adas", ADA).status()).isEqualTo(200);
        assertThat(node.http().get("/api/v1/sessions/adas", BOB).status()).isEqualTo(404);
        assertThat(node.http().get("/api/v1/sessions/adas/events", BOB).status())
                .isEqualTo(404);
        assertThat(node.http().post("/api/v1/chat", body, BOB).status()).isEqualTo(404);
        assertThat(node.http()
                        .post("/api/v1/sessions/adas/clarify", "{\"answer\":\"x\"}", BOB)
                        .status())
                .isEqualTo(404);
        // Bob's is the older one, and Ada's does not stand in its place.
        assertThat(node.http()
                        .post("/api/v1/chat", body.replace("adas", "bobs"), BOB)
                        .status())
                .isEqualTo(200);
        assertThat(node.http().post("/api/v1/chat", body, ADA).status()).isEqualTo(200);
        assertThat(node.http()
                        .get("/api/v1/sessions?user_id=u&limit=1", BOB)
                        .body()
                        .at("/sessions/0/session_id")
                        .asText())
                .isEqualTo("bobs");
        assertThatThrownBy(() -> ChatSocket.open(node.application().port(), "?session_id=adas", BOB))
                .hasMessageContaining("WebSocketHandshakeException");
        assertThatThrownBy(() -> ChatSocket.open(node.application().port(), ""))
                .hasMessageContaining("WebSocketHandshakeException");
        assertThat(node.http().get("/health").status()).isEqualTo(200);
    }

    @Test
    void whatHappenedCanBeReadAgainFromAnyPlace() throws Exception {
        String body = ShoppingNode.body("u", "laptop from Dell", ",\"session_id\":\"followed\"");
        assertThat(node.http().post("/api/v1/chat", body, ADA).status()).isEqualTo(200);

        List<String> all = lines("0");
        String thinking = "event: thinking";
        assertThat(all).contains(thinking, "event: results", "event: done");
        assertThat(all.get(all.indexOf(thinking) - 1)).isEqualTo("id: 1");
        assertThat(lines("1")).doesNotContain(thinking).contains("event: done");
    }

    /** What the stream of events says up to the event that ends a turn. */
    private static List<String> lines(String last) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + node.application().port() + "/api/v1/sessions/followed/events"))
                .headers(ADA)
                .header("Last-Event-ID", last)
                .build();
        HttpResponse<Stream<String>> response = HttpClient.newHttpClient()
                .sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        try (Stream<String> lines = response.body()) {
            List<String> seen = new java.util.ArrayList<>();
            for (String line : (Iterable<String>) lines::iterator) {
                seen.add(line);
                if (line.equals("event: done")) {
                    return seen;
                }
            }
            return seen;
        }
    }
}
