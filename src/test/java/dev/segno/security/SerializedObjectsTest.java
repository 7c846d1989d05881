package dev.segno.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.control.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S16: serialized objects of Java come to each door, and nobody reads them. This process has no filter that would help. */
class SerializedObjectsTest {

    private static final String TYPE = "application/x-java-serialized-object";
    private static final AtomicInteger READ = new AtomicInteger();

    /** Tells when somebody reads it. */
    private static final class Gadget implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) {
            READ.incrementAndGet();
        }
    }

    private static final String ROUTES = """
            - route:
                id: echo
                from:
                  uri: orchestration:echo
                  steps:
                    - step:
                        id: keep
                        steps: [setHeader: {name: kept, constant: "yes"}]
            - route:
                id: echo-http
                from:
                  uri: platform-http:/echo
                  steps: [to: "orchestration:echo?mode=sync"]
            - route:
                id: json
                from:
                  uri: platform-http:/json
                  steps:
                    - unmarshal: {json: {}}
                    - setBody: {simple: "read: ${body}"}
            - route:
                id: plain
                from:
                  uri: platform-http:/plain
                  steps: [to: "vertx-http:{{PEER_URL}}/gadget"]
            - route:
                id: plain-failing
                from:
                  uri: platform-http:/plain-failing
                  steps: [to: "vertx-http:{{PEER_URL}}/failing"]
            - route:
                id: call
                from:
                  uri: platform-http:/call
                  steps: [to: "kamelet:call?service=peer&path=/gadget"]
            """;

    private static final String WAITING = """
            - route:
                id: waiting
                from:
                  uri: orchestration:waiting
                  steps:
                    - to: {id: wait, uri: "await:go?timeout=1h"}
            """;

    private final HttpClient http = HttpClient.newHttpClient();
    private byte[] gadget = {};
    private HttpServer peer;
    private Application application;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        READ.set(0);
        gadget = SerializedObjectsProbe.bytes(new Gadget());
        peer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        for (Map.Entry<String, Integer> path :
                Map.of("/gadget", 200, "/failing", 500).entrySet()) {
            peer.createContext(path.getKey(), exchange -> {
                exchange.getResponseHeaders().set("Content-Type", TYPE);
                exchange.sendResponseHeaders(path.getValue(), gadget.length);
                exchange.getResponseBody().write(gadget);
                exchange.close();
            });
        }
        peer.start();
        Path routes = Files.createDirectories(directory.resolve("routes/serialized"));
        Files.writeString(routes.resolve("echo.camel.yaml"), ROUTES);
        Files.writeString(routes.resolve("waiting.camel.yaml"), WAITING);
        application = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(directory.resolve("routes")), Path.of("routes")),
                        "127.0.0.1",
                        0,
                        directory.resolve("data"),
                        false),
                Settings.of(Map.of(
                        "PEER_URL", "http://127.0.0.1:" + peer.getAddress().getPort())));
    }

    @AfterEach
    void stop() {
        application.close();
        peer.stop(0);
    }

    private HttpResponse<String> post(String path, byte[] body, String type, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + application.port() + path))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        return http.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void S16_noDoorReadsASerializedObject() throws Exception {
        HttpResponse<String> started =
                post("/api/orchestrations/waiting/runs", "{}".getBytes(StandardCharsets.UTF_8), "application/json");
        assertThat(started.statusCode()).isEqualTo(202);
        String run = started.headers().firstValue("Location").orElseThrow();

        for (byte[] bytes : List.of(gadget, SerializedObjectsProbe.lookingUpAName())) {
            assertThat(post("/echo", bytes, TYPE).statusCode()).isEqualTo(200);
            assertThat(post("/echo", bytes, "application/json").statusCode()).isEqualTo(400);
            assertThat(post("/api/orchestrations/echo/runs", bytes, TYPE).statusCode())
                    .isEqualTo(400);
            assertThat(post(run + "/signals/go", bytes, TYPE).statusCode()).isEqualTo(400);
            assertThat(post("/api/orchestrations/validate", bytes, TYPE).statusCode())
                    .isBetween(400, 499);
        }
        for (String path : List.of("/plain", "/plain-failing", "/call")) {
            assertThat(post(path, gadget, TYPE).statusCode()).as(path).isBetween(200, 599);
        }
        assertThat(READ).hasValue(0);
    }

    @Test
    void S16_jsonDoesNotSayWhatClassItIs() throws Exception {
        String name = Gadget.class.getName();
        for (String text : List.of(
                "{\"@class\":\"" + name + "\"}",
                "{\"@type\":\"" + name + "\"}",
                "[\"" + name + "\",{}]",
                "{\"a\":[\"java.util.HashMap\",{}]}")) {
            HttpResponse<String> answer = post(
                    "/json",
                    text.getBytes(StandardCharsets.UTF_8),
                    "application/json",
                    "CamelJacksonUnmarshalType",
                    name,
                    "CamelJacksonCollectionType",
                    name);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body())
                    .isEqualTo(
                            "read: " + text.replace("\"", "").replace(":", "=").replace(",", ", "));
        }
    }

    @Test
    void S16_theProcessRefusesThemWhoeverAsks() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SerializedObjectsProbe.class.getName(),
                        "--version")
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(output).contains("without a filter of its own: refused, with one: refused");
        } finally {
            process.destroyForcibly();
        }
    }

    /** What makes the tests above worth something: whoever reads the object is told of. */
    @Test
    void S16_theObjectTellsWhenItIsRead() throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(gadget))) {
            in.readObject();
        }
        assertThat(READ).hasValue(1);
    }
}
