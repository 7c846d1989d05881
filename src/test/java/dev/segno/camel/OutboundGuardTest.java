package dev.segno.camel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.control.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S2, S3, S4: what leaves over HTTP goes where the route says, and carries nobody's credentials. */
class OutboundGuardTest {

    private static final String ROUTES = """
        - route:
            id: plain
            from:
              uri: platform-http:/plain
              steps:
                - setHeader:
                    name: CamelHttpUri
                    simple: ${body}
                - setHeader:
                    name: Authorization
                    constant: of the caller
                - to: vertx-http:http://127.0.0.1:{{PEER_PORT}}/target
        - route:
            id: dynamic
            from:
              uri: platform-http:/dynamic
              steps:
                - toD: vertx-http:http://127.0.0.1:{{PEER_PORT}}/target?a=${body}
        - route:
            id: recipients
            from:
              uri: platform-http:/recipients
              steps:
                - setHeader:
                    name: Authorization
                    constant: of the caller
                - recipientList:
                    simple: vertx-http:http://127.0.0.1:{{PEER_PORT}}/target/${body}
        - route:
            id: steered
            from:
              uri: platform-http:/steered
              steps:
                - setHeader:
                    name: CamelHttpUri
                    simple: ${body}
                - recipientList:
                    constant: vertx-http:http://127.0.0.1:{{PEER_PORT}}/target
        - route:
            id: tap
            from:
              uri: platform-http:/tap
              steps:
                - wireTap:
                    uri: vertx-http:http://127.0.0.1:{{PEER_PORT}}/tapped?a=${body}
        - route:
            id: call
            from:
              uri: platform-http:/call
              steps:
                - setHeader:
                    name: Authorization
                    constant: of the caller
                - to: kamelet:call?service=peer&path=/target
        - route:
            id: redirected
            from:
              uri: platform-http:/redirected
              steps:
                - to: kamelet:call?service=peer&path=/redirect&credentialHeader=X-Key&credential=PEER_SECRET
        """;

    private final List<Headers> seen = new CopyOnWriteArrayList<>();
    private final List<String> targets = new CopyOnWriteArrayList<>();
    private final List<String> canary = new CopyOnWriteArrayList<>();
    private HttpServer peer;
    private HttpServer other;
    private Application application;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        other = server();
        other.createContext("/", exchange -> {
            canary.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        peer = server();
        peer.createContext("/target", exchange -> {
            seen.add(exchange.getRequestHeaders());
            targets.add(URLDecoder.decode(exchange.getRequestURI().toString(), StandardCharsets.UTF_8));
            byte[] answer = "{\"ok\":true}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        peer.createContext("/redirect", exchange -> {
            exchange.getResponseHeaders().set("Location", url(other, "/stolen"));
            exchange.sendResponseHeaders(307, -1);
            exchange.close();
        });
        Path routes = Files.createDirectories(directory.resolve("routes/guard"));
        Files.writeString(routes.resolve("guard.camel.yaml"), ROUTES);
        Settings settings = Settings.of(Map.of(
                "PEER_PORT", String.valueOf(peer.getAddress().getPort()),
                "PEER_URL", url(peer, ""),
                "PEER_SECRET", "ours"));
        application = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(directory.resolve("routes")), Path.of("routes")),
                        "127.0.0.1",
                        0,
                        directory.resolve("data"),
                        false),
                settings);
    }

    @AfterEach
    void stop() {
        application.close();
        peer.stop(0);
        other.stop(0);
    }

    @Test
    void s2DataInTheUriHeaderDoesNotSteerTheCall() throws Exception {
        HttpResponse<String> response = post("/plain", url(other, "/steered"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(seen).as("the route's own target").hasSize(1);
        assertThat(canary).isEmpty();
    }

    @Test
    void S3_placeholdersInDataAreNotResolvedOnTheirWayOut() throws Exception {
        for (String path : List.of("/plain", "/dynamic", "/recipients")) {
            assertThat(post(path, "harmless").statusCode()).as(path).isEqualTo(200);
            int before = targets.size();
            for (String data : List.of(
                    "{{PEER_SECRET}}", "{{env:PATH}}", "{{sys:user.home}}", "a{{?PEER_SECRET}}", "${env.PATH}")) {
                post(path, data);
            }
            assertThat(targets.subList(before, targets.size()))
                    .as(path)
                    .noneMatch(target -> target.contains("ours")
                            || target.contains(System.getenv("PATH"))
                            || target.contains(System.getProperty("user.home")));
        }
        for (String path : List.of("/dynamic", "/recipients", "/tap")) {
            assertThat(post(path, "{{PEER_SECRET}}").statusCode()).as(path).isEqualTo(500);
            assertThat(post(path, "harmless").statusCode()).as(path).isEqualTo(200);
        }
        assertThat(targets).filteredOn(target -> target.contains("harmless")).hasSize(4);
    }

    @Test
    void S2_dataDoesNotSteerTheCallsOfARecipientList() throws Exception {
        assertThat(post("/steered", url(other, "/stolen")).statusCode()).isEqualTo(200);

        assertThat(canary).isEmpty();
        assertThat(targets).containsExactly("/target");
    }

    @Test
    void s4NoCredentialOfTheCallerLeaves() throws Exception {
        for (String path : List.of("/plain", "/call", "/dynamic", "/recipients")) {
            HttpResponse<String> response = post(path, "x");

            assertThat(response.statusCode()).as(path).isEqualTo(200);
        }
        assertThat(seen)
                .hasSize(4)
                .allSatisfy(headers -> assertThat(headers.keySet())
                        .as("header names at the peer")
                        .isNotEmpty()
                        .doesNotContain("Authorization", "Cookie", "X-api-key", "X-admin-key"));
    }

    @Test
    void s4ARedirectIsNotFollowedWithOurCredential() throws Exception {
        HttpResponse<String> response = post("/redirected", "{}");

        assertThat(response.statusCode()).isBetween(500, 599);
        assertThat(canary).isEmpty();
    }

    private HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + application.port() + path))
                .header("Content-Type", "text/plain")
                .header("Authorization", "Bearer secret")
                .header("Cookie", "session=secret")
                .header("X-Api-Key", "secret")
                .header("X-ADMIN-KEY", "secret")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        return server;
    }

    private static String url(HttpServer server, String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }
}
