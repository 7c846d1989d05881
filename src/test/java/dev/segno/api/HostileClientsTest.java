package dev.segno.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.segno.control.Settings;
import dev.segno.crash.Chaos;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that are slow or talk nonsense, against a server with little patience. */
class HostileClientsTest {

    private static final Map<String, String> SETTINGS =
            Map.of("segno.http.read-timeout", "400ms", "segno.http.idle-timeout", "400ms");
    private static final int MALFORMED = Chaos.number("segno.chaos.malformed", 1_000);
    private static final CompletableFuture<RoutingContext> LATER = new CompletableFuture<>();

    @TempDir
    private static Path directory;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        Path document = Files.writeString(directory.resolve("openapi.yaml"), """
                openapi: 3.1.0
                paths:
                  /described:
                    post:
                      security: []
                      requestBody: { content: { application/json: { schema: { type: object } } } }
                  /socket:
                    get:
                      security: []
                """);
        server = TestServer.start(
                SETTINGS,
                List.of(ApiDocument.load(document, Settings.of(SETTINGS))),
                new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("platform-http:/plain").setBody(simple("${body}"));
                        from("platform-http:/described").setBody(simple("${body}"));
                    }
                },
                router -> {
                    router.get("/api/later").handler(LATER::complete);
                    router.get("/socket")
                            .handler(ctx -> ctx.request().toWebSocket().onSuccess(socket -> {
                                FrontDoor.upgraded(ctx);
                                socket.textMessageHandler(socket::writeTextMessage);
                            }));
                });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void S12_slowClientsAreCutOff() throws Exception {
        for (String beginning :
                List.of("", "GET /pl", "POST /plain HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nabc")) {
            try (Socket socket = server.connect()) {
                socket.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
                assertThat(drained(socket)).as(beginning).isTrue();
            }
        }
        try (Socket kept = server.connect()) {
            kept.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(drained(kept)).as("a connection without a next request").isTrue();
        }
    }

    @Test
    void requestThatIsBeingWorkedOnHasAllTheTimeItNeeds() throws Exception {
        try (Socket patient = server.connect();
                Socket clock = server.connect()) {
            patient.getOutputStream()
                    .write("GET /api/later HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            RoutingContext request = LATER.get(10, TimeUnit.SECONDS);
            assertThat(drained(clock)).as("longer than any time-out").isTrue();
            request.vertx().runOnContext(ignored -> request.end("at last"));
            assertThat(new String(patient.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .endsWith("at last");
        }
    }

    @Test
    void socketMayStaySilentAsLongAsItLikes() throws Exception {
        CompletableFuture<String> heard = new CompletableFuture<>();
        WebSocket socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/socket"), new WebSocket.Listener() {
                    @Override
                    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                        heard.complete(data.toString());
                        return null;
                    }
                })
                .get(10, TimeUnit.SECONDS);
        for (int i = 0; i < 3; i++) {
            try (Socket clock = server.connect()) {
                assertThat(drained(clock)).as("longer than any time-out").isTrue();
            }
        }
        socket.sendText("still there", true);
        assertThat(heard.get(10, TimeUnit.SECONDS)).isEqualTo("still there");
        socket.abort();
    }

    private static long liveHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Whether the server ends the connection before the socket's own time-out. */
    private static boolean drained(Socket socket) {
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void R13_malformedRequestsAreAllRefused() throws Exception {
        Random random = new Random(20261122);
        List<String> good = List.of(
                "POST /described HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 12\r\n"
                        + "Connection: close\r\n\r\n{\"inner\":{}}",
                "GET /health?a=b HTTP/1.1\r\nHost: localhost\r\nX-Some: thing\r\nConnection: close\r\n\r\n");
        int answered = 0;
        long live = 0;
        for (int i = 0; i < MALFORMED; i++) {
            if (i == MALFORMED / 10) {
                live = liveHeap();
            }
            byte[] request = good.get(i % 2).getBytes(StandardCharsets.ISO_8859_1);
            for (int n = random.nextInt(4); n > 0; n--) {
                request[random.nextInt(request.length - 30)] = (byte) random.nextInt(256);
            }
            // One byte that is allowed nowhere, in or beside the method; the others make it worse.
            request[i % 3 == 0 ? 0 : i % 3 == 1 ? 5 : 4] =
                    (byte) (random.nextBoolean() ? 0x80 + random.nextInt(128) : 1 + random.nextInt(8));
            String answer = server.raw(request);
            if (!answer.isEmpty()) {
                assertThat(answer)
                        .as(() -> "to " + new String(request, StandardCharsets.ISO_8859_1))
                        .matches("(?s)HTTP/1\\.[01] 4\\d\\d .*")
                        .doesNotContain("\tat ", "Exception");
                answered++;
            }
        }
        assertThat(answered).isGreaterThan(MALFORMED / 10 * 9);
        long after = liveHeap();
        System.out.println(
                "R13: " + MALFORMED + " malformed requests, " + answered + " of them answered, all with 4xx; live heap "
                        + live + " bytes after a tenth, " + after + " in the end");
        assertThat(after).isLessThan(live + live / 10);
        assertThat(server.get("/health").statusCode()).isEqualTo(200);
    }
}
