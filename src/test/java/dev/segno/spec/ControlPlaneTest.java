package dev.segno.spec;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.control.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The infrastructure of the control plane's contract, over HTTP. */
class ControlPlaneTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path directory;

    private static Application application;

    @BeforeAll
    static void start() throws Exception {
        application = start(directory.resolve("data"), Map.of());
    }

    private static Application start(Path data, Map<String, String> settings) throws Exception {
        Path routes = Path.of("routes");
        return Application.start(
                new Application.Options(
                        RouteLayout.of(List.of(routes.resolve("docs-ingestion")), routes), "127.0.0.1", 0, data, false),
                Settings.of(settings));
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    /** An answer as JSON. */
    private record Answer(int status, JsonNode body, HttpResponse<String> response) {}

    private static Answer send(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + application.port() + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), json(response), response);
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    private static Answer get(String path, String... headers) throws Exception {
        return send("GET", path, "", headers);
    }

    private static void assertError(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
        assertThatJson(answer.response().body())
                .isObject()
                .containsEntry("success", false)
                .containsEntry("status", "error")
                .containsEntry("error_code", code)
                .containsKeys("message", "details", "detail", "timestamp");
        assertThat(answer.body().path("request_id").asText())
                .isNotEmpty()
                .isEqualTo(
                        answer.response().headers().firstValue("X-Request-ID").orElseThrow());
        assertThat(answer.response().headers().firstValue("X-Correlation-ID")).isPresent();
    }

    @Test
    void aPackageThatRunsAloneSaysHowItIs() throws Exception {
        Answer answer = get("/health", "X-Correlation-ID", "h-1", "X-Request-ID", "r-1");

        assertThat(answer.status()).isEqualTo(200);
        assertThatJson(answer.response().body())
                .isObject()
                .containsEntry("status", "healthy")
                .containsEntry("service", "orchestrator")
                .containsEntry("request_id", "r-1")
                .containsEntry("success", true)
                .containsKeys("version", "timestamp", "uptime_seconds", "environment");
        assertThat(answer.response().headers().firstValue("X-Correlation-ID")).contains("h-1");
    }

    @Test
    void whatIsNotThereIsRefusedInTheContractsShape() throws Exception {
        assertError(get("/nothing"), 404, "not_found");
        assertError(send("POST", "/health", "{}"), 405, "method_not_allowed");
    }
}
