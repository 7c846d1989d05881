package dev.segno;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.f4b6a3.ulid.UlidCreator;
import dev.segno.control.Settings;
import dev.segno.trigger.RefusedMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A node in this process with a key for each role: the role's name and {@code -key}. */
final class ApiNode implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Application application;

    ApiNode(Path directory) throws Exception {
        Path routes = directory.resolve("routes");
        copy(Path.of("src/test/resources/api-routes"), routes);
        application = Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(routes), Path.of("routes")),
                        "127.0.0.1",
                        0,
                        directory.resolve("data"),
                        false),
                Settings.of(Map.of(
                        // What is shown here is wrong by the thousand.
                        "segno.auth.lockout", "0",
                        "SEGNO_VIEWER_KEYS", "viewer=viewer-key",
                        "SEGNO_SUBMITTER_KEYS", "submitter=submitter-key",
                        "SEGNO_API_KEYS", "operator=operator-key",
                        "SEGNO_EDITOR_KEYS", "editor=editor-key",
                        "SEGNO_ADMIN_KEYS", "admin=admin-key",
                        "PEER_TOKEN", "peer-key",
                        "segno.routes.watch", "false")));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    Application application() {
        return application;
    }

    /** Sends a request as a role, or as nobody when the role is empty; headers are name, value, name, value. */
    HttpResponse<String> send(String role, String method, String target, String body, String... headers) {
        return sending(role, method, target, body, headers).join();
    }

    /** As {@link #send}, without waiting for the answer: many at once take the time of few. */
    CompletableFuture<HttpResponse<String>> sending(
            String role, String method, String target, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + application.port() + target))
                .timeout(Duration.ofSeconds(60))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!role.isEmpty()) {
            request.header("X-Api-Key", role + "-key");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Leaves a message of a stream behind, as if nobody had been able to take it. */
    void refuse(String stream, String messageId) {
        application
                .store()
                .refusedMessages()
                .add(new RefusedMessage(
                        UlidCreator.getMonotonicUlid().toString(),
                        stream,
                        "api",
                        messageId,
                        Map.of("body", "{\"a\":1}"),
                        1,
                        "route",
                        "Refused",
                        "it was refused",
                        Instant.now(),
                        0))
                .join();
    }

    static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    @Override
    public void close() {
        application.close();
    }
}
