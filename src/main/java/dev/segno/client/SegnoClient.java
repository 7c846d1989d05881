package dev.segno.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node's API. Methods block until the answer is there, and throw {@link SegnoException} where it is none. Thread-safe.
 *
 * <pre>{@code
 * SegnoClient segno = new SegnoClient(URI.create("http://127.0.0.1:8080"), null);
 * String run = segno.start("greet", Map.of("name", "Ada"), "order-4711");
 * JsonNode ended = segno.await(run, Duration.ofMinutes(1));
 * }</pre>
 */
public final class SegnoClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration BEFORE_NEXT_TRY = Duration.ofMillis(200);
    private static final int MOST_BROKEN_STREAMS = 10;

    /** States in which a run goes no further by itself. */
    private static final Set<String> STANDING =
            Set.of("COMPLETED", "FAILED", "CANCELLED", "COMPENSATED", "PARKED", "BLOCKED");

    private final String base;
    private final @Nullable String key;
    private final HttpClient http;

    /**
     * @param base address of the node, without a path
     * @param key  a key of the node, or a token of its identity provider; null for none
     */
    public SegnoClient(URI base, @Nullable String key) {
        this.base = base.toString().replaceFirst("/+$", "");
        this.key = key;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    /**
     * Starts a run; its id, when the run is on disk.
     *
     * @param input    what Jackson can write; null for none
     * @param startKey the same key with the same input finds the run that it has started; null for none
     */
    public String start(String orchestration, @Nullable Object input, @Nullable String startKey) {
        return text(
                json(request("/api/orchestrations/" + encoded(orchestration) + "/runs", "POST", input, startKey)),
                "id");
    }

    /** A run with its input, output and steps. */
    public JsonNode run(String id) {
        return json(request("/api/runs/" + encoded(id), "GET", null, null));
    }

    /**
     * Runs, the newest first, a page of them.
     *
     * @param query parameters as the API's document has them, such as {@code orchestration} and {@code state}
     */
    public JsonNode runs(Map<String, String> query) {
        StringBuilder path = new StringBuilder("/api/runs");
        new TreeMap<>(query)
                .forEach((name, value) -> path.append(path.indexOf("?") < 0 ? '?' : '&')
                        .append(encoded(name))
                        .append('=')
                        .append(encoded(value)));
        return json(request(path.toString(), "GET", null, null));
    }

    /**
     * Waits until a run has ended or stands; the run.
     *
     * @throws SegnoException with the code {@code timeout} when that takes longer; the run goes on
     */
    public JsonNode await(String id, Duration atMost) {
        Instant until = Instant.now().plus(atMost);
        while (true) {
            JsonNode run = run(id);
            if (isStanding(run)) {
                return run;
            }
            if (!Instant.now().isBefore(until)) {
                throw new SegnoException(
                        "Run " + id + " has not ended within " + atMost.toMillis() + " ms", 0, "timeout", null, null);
            }
            pause(BEFORE_NEXT_TRY);
        }
    }

    /** Whether a run goes no further by itself. */
    public static boolean isStanding(JsonNode run) {
        return STANDING.contains(run.path("state").asText());
    }

    /**
     * Sends a signal into a run; what became of it: {@code delivered}, {@code kept} or {@code duplicate}.
     *
     * @param signalKey the same key is the same signal; null for a signal of its own
     */
    public String signal(String id, String name, @Nullable Object body, @Nullable String signalKey) {
        return text(
                json(request("/api/runs/" + encoded(id) + "/signals/" + encoded(name), "POST", body, signalKey)),
                "outcome");
    }

    /** Lets a run that is parked or blocked go on at the step where it stands; the run. */
    public JsonNode retry(String id) {
        return json(request("/api/runs/" + encoded(id) + "/retry", "POST", null, null));
    }

    /** Ends a run before its next step; the run. */
    public JsonNode cancel(String id) {
        return json(request("/api/runs/" + encoded(id) + "/cancel", "POST", null, null));
    }

    /**
     * Any operation of the API.
     *
     * @param path with its query
     * @param body what Jackson can write; null for none
     */
    public JsonNode call(String method, String path, @Nullable Object body) {
        return json(request(path, method, body, null));
    }

    /**
     * Tells what happens in a run, from its beginning until it has ended or stands. A connection that breaks is made anew
     * behind the last record that came.
     *
     * @param listener called on this thread
     */
    public void follow(String id, Consumer<RunEvent> listener) {
        AtomicReference<@Nullable String> last = new AtomicReference<>();
        AtomicReference<@Nullable RunEvent> latest = new AtomicReference<>();
        for (int broken = 0; ; broken++) {
            HttpRequest.Builder request =
                    builder("/api/runs/" + encoded(id) + "/events").header("Accept", "text/event-stream");
            String from = last.get();
            if (from != null) {
                request.header("Last-Event-ID", from);
            }
            HttpResponse<InputStream> response = send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (BufferedReader lines =
                    new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
                if (response.statusCode() != 200) {
                    throw refusal(
                            response.statusCode(),
                            String.join("\n", lines.lines().toList()));
                }
                EventReader.read(lines, event -> {
                    if (event.id() != null) {
                        last.set(event.id());
                    }
                    latest.set(event);
                    listener.accept(event);
                });
            } catch (IOException | UncheckedIOException e) {
                if (broken == MOST_BROKEN_STREAMS) {
                    throw unreachable(e);
                }
            }
            RunEvent end = latest.get();
            if (end != null && end.type().equals("end")) {
                return;
            }
            pause(BEFORE_NEXT_TRY);
        }
    }

    private HttpRequest.Builder builder(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        return key == null ? request : request.header("Authorization", "Bearer " + key);
    }

    private HttpRequest request(String path, String method, @Nullable Object body, @Nullable String idempotencyKey) {
        HttpRequest.Builder request = builder(path).timeout(PATIENCE).header("Accept", "application/json");
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        if (body == null) {
            return request.method(method, HttpRequest.BodyPublishers.noBody()).build();
        }
        try {
            return request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The body cannot be written as JSON", e);
        }
    }

    private JsonNode json(HttpRequest request) {
        HttpResponse<String> response = send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() > 299) {
            throw refusal(response.statusCode(), response.body());
        }
        try {
            return JSON.readTree(response.body());
        } catch (JsonProcessingException e) {
            throw new SegnoException(base + " answered what is no JSON", response.statusCode(), "unknown", null, e);
        }
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        try {
            return http.send(request, body);
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
    }

    private SegnoException unreachable(Exception cause) {
        return new SegnoException("No answer from " + base + ": " + cause, 0, "unreachable", null, cause);
    }

    private static SegnoException refusal(int status, String body) {
        try {
            JsonNode error = JSON.readTree(body).path("error");
            if (error.isObject()) {
                return new SegnoException(
                        error.path("message").asText(),
                        status,
                        error.path("code").asText(),
                        error.path("id").asText(),
                        null);
            }
        } catch (JsonProcessingException e) {
            // Not our shape: a proxy has answered.
        }
        return new SegnoException("The answer was " + status, status, "unknown", null, null);
    }

    private static String text(JsonNode document, String field) {
        return document.path(field).asText();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SegnoException("Interrupted while waiting", 0, "interrupted", null, e);
        }
    }
}
