package dev.segno.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.StreamSupport;

/** Calls one stand-in over HTTP, as its users do and through its control interface. */
public final class StandInClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI base;
    private final HttpClient client = HttpClient.newHttpClient();

    public StandInClient(URI base) {
        this.base = base;
    }

    /** What came back: the status, the headers, and the body as JSON, or as a JSON text if it is none. */
    public record Reply(int status, HttpHeaders headers, JsonNode body) {

        /** The header's first value, empty if it is absent. */
        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    public Reply get(String path, String... headers) throws IOException, InterruptedException {
        return reply(client.send(request("GET", path, "", headers), HttpResponse.BodyHandlers.ofString()));
    }

    public Reply post(String path, String body, String... headers) throws IOException, InterruptedException {
        return reply(client.send(request("POST", path, body, headers), HttpResponse.BodyHandlers.ofString()));
    }

    public CompletableFuture<Reply> postAsync(String path, String body, String... headers) {
        return client.sendAsync(request("POST", path, body, headers), HttpResponse.BodyHandlers.ofString())
                .thenApply(StandInClient::reply);
    }

    /** Sets faults and sizes; fails unless the stand-in takes them. */
    public void control(String body) throws IOException, InterruptedException {
        expectOk(post("/_sandbox", body));
    }

    /** Forgets all calls, faults, sizes and records. */
    public void reset() throws IOException, InterruptedException {
        expectOk(reply(client.send(request("DELETE", "/_sandbox", ""), HttpResponse.BodyHandlers.ofString())));
    }

    public JsonNode sandbox() throws IOException, InterruptedException {
        return sandbox("");
    }

    /** What the control interface shows; the query begins with a question mark, or is empty. */
    public JsonNode sandbox(String query) throws IOException, InterruptedException {
        return expectOk(get("/_sandbox" + query)).body();
    }

    /** The calls received at this path, in order. */
    public List<JsonNode> calls(String path) throws IOException, InterruptedException {
        return StreamSupport.stream(sandbox("?path=" + path).path("calls").spliterator(), false)
                .toList();
    }

    private static Reply expectOk(Reply reply) {
        if (reply.status() != 200) {
            throw new AssertionError("The control interface refused: " + reply);
        }
        return reply;
    }

    private HttpRequest request(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(PATIENCE)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    private static Reply reply(HttpResponse<String> response) {
        try {
            return new Reply(response.statusCode(), response.headers(), JSON.readTree(response.body()));
        } catch (JsonProcessingException e) {
            return new Reply(
                    response.statusCode(),
                    response.headers(),
                    JSON.getNodeFactory().textNode(response.body()));
        }
    }
}
