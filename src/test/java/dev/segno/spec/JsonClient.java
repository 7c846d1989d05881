package dev.segno.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Calls a server over HTTP and reads its answers as JSON. Safe for use by several threads. */
public class JsonClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final URI base;
    private final HttpClient client = HttpClient.newHttpClient();

    /** A client of the server at this address, which has no path. */
    public JsonClient(URI base) {
        this.base = base;
    }

    /** What came back: the status, the headers, and the body as JSON, or as a JSON text if it is none. */
    public record Reply(int status, HttpHeaders headers, JsonNode body) {

        /** The header's first value, empty if it is absent. */
        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    /** A document that a test writes itself. */
    public static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    /** Headers are given as names and values in turn. */
    public Reply get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    /** An empty body is sent as none; headers are given as names and values in turn. */
    public Reply post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send("POST", path, body, headers);
    }

    /** As {@link #post}, without waiting for the answer. */
    public CompletableFuture<Reply> postAsync(String path, String body, String... headers) {
        return client.sendAsync(request("POST", path, body, headers), HttpResponse.BodyHandlers.ofString())
                .thenApply(JsonClient::reply);
    }

    protected Reply send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return reply(client.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString()));
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
            return new Reply(response.statusCode(), response.headers(), TextNode.valueOf(response.body()));
        }
    }
}
