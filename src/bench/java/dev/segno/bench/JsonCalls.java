package dev.segno.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Calls servers of this machine, with JSON out and in. Used by one thread. */
final class JsonCalls {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String header;
    private final String value;

    /** @param header name of one that goes with each call */
    JsonCalls(String header, String value) {
        this.header = header;
        this.value = value;
    }

    /**
     * One call.
     *
     * @param body empty for none
     * @return the answer; a missing node where it is empty
     * @throws IOException also when the answer is no success
     */
    JsonNode send(String method, int port, String path, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header(header, value)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        HttpResponse<String> reply = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (reply.statusCode() > 299) {
            throw new IOException(
                    method + " " + path + " was answered with " + reply.statusCode() + " " + reply.body());
        }
        return reply.body().isEmpty() ? JSON.missingNode() : JSON.readTree(reply.body());
    }
}
