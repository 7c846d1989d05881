package dev.segno.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log for machines, and what a collector of logs gets. */
class LogsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration GENEROUS = Duration.ofSeconds(30);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    private Path directory;

    @Test
    void linesAreJsonWithTheIdsOfRunAndStepAndACollectorGetsThemToo() throws Exception {
        Queue<JsonNode> collected = new ConcurrentLinkedQueue<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/logs", exchange -> {
            collected.add(JSON.readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        PrintStream before = System.err;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        String runId;
        try (ObservedNode node = new ObservedNode(
                directory,
                Map.of(
                        "SEGNO_LOG_FORMAT",
                        "json",
                        "LOG_COLLECTOR_URL",
                        "http://127.0.0.1:" + collector.getAddress().getPort() + "/"))) {
            JsonNode run = node.run(
                    "greet", "X-Correlation-ID", "order-7", "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
            runId = run.path("id").asText();
            await().atMost(GENEROUS)
                    .until(() -> collected.stream()
                            .anyMatch(line -> line.path("message").asText().equals("http_request")));
            await().atMost(GENEROUS)
                    .until(() -> lines(written).stream()
                            .anyMatch(line ->
                                    line.path("formattedMessage").asText().contains("/runs?wait")));
        } finally {
            System.setErr(before);
            collector.stop(0);
        }

        JsonNode said = lines(written).stream()
                .filter(line -> line.path("formattedMessage").asText().contains("saying hello"))
                .findFirst()
                .orElseThrow();
        assertThat(said.path("level").asText()).isEqualTo("INFO");
        assertIds(said.path("mdc"), runId);
        JsonNode sent = collected.stream()
                .filter(line -> line.path("message").asText().contains("saying hello"))
                .findFirst()
                .orElseThrow();
        assertThat(sent.path("service").asText()).isEqualTo("segno");
        assertThat(sent.path("level").asText()).isEqualTo("info");
        assertIds(sent.path("context"), runId);

        JsonNode request = collected.stream()
                .filter(line -> line.path("message").asText().equals("http_request"))
                .findFirst()
                .orElseThrow()
                .path("context");
        assertThat(request.path("path").asText()).isEqualTo("/api/orchestrations/greet/runs");
        assertThat(request.path("method").asText()).isEqualTo("POST");
        assertThat(request.path("status").asInt()).isEqualTo(200);
        assertThat(request.path("duration_ms").isNumber()).isTrue();
        assertThat(request.path("correlation_id").asText()).isEqualTo("order-7");
    }

    private static void assertIds(JsonNode ids, String runId) {
        assertThat(ids.path("run").asText()).isEqualTo(runId);
        assertThat(ids.path("step").asText()).matches("each\\[\\d]/say");
        assertThat(ids.path("correlation_id").asText()).isEqualTo("order-7");
        assertThat(ids.path("trace_id").asText()).isEqualTo(TRACE);
    }

    private static List<JsonNode> lines(ByteArrayOutputStream written) {
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("{"))
                .map(LogsTest::parse)
                .toList();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError("not JSON: " + line, e);
        }
    }

    /** It takes connections and says nothing. */
    @Test
    void aCollectorThatHangsLosesLinesAndHoldsUpNothing() throws Exception {
        try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ObservedNode node = new ObservedNode(
                        directory, Map.of("LOG_COLLECTOR_URL", "http://127.0.0.1:" + hanging.getLocalPort()))) {
            assertThat(node.run("greet").path("state").asText()).isEqualTo("COMPLETED");
            await().atMost(GENEROUS)
                    .until(() -> node.send("GET", "/api/metrics", "")
                            .body()
                            .lines()
                            .anyMatch(line -> line.matches("segno_log_lines_dropped_total [1-9].*")));
        }
    }

    @Test
    void whatIsNoAddressIsRefused() {
        assertThatThrownBy(() -> Logs.apply(Settings.of(Map.of("LOG_COLLECTOR_URL", "collector"))))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("LOG_COLLECTOR_URL");
    }
}
