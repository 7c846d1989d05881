package dev.segno.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpServer;
import dev.segno.control.Settings;
import dev.segno.control.SettingsException;
import dev.segno.run.TraceIds;
import dev.segno.store.SqliteRunStore;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector of spans gets, by OTLP over HTTP, and what it can do to a node: nothing. */
class TracingTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";

    private static final Queue<Span> received = new ConcurrentLinkedQueue<>();
    private static final Queue<String> services = new ConcurrentLinkedQueue<>();
    private static HttpServer collector;
    private static ObservedNode node;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() throws Exception {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(
                    exchange.getRequestBody().readAllBytes());
            for (ResourceSpans resource : request.getResourceSpansList()) {
                resource.getResource()
                        .getAttributesList()
                        .forEach(one ->
                                services.add(one.getKey() + "=" + one.getValue().getStringValue()));
                for (ScopeSpans scope : resource.getScopeSpansList()) {
                    received.addAll(scope.getSpansList());
                }
            }
            services.add("key=" + exchange.getRequestHeaders().getFirst("X-Key"));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        node = new ObservedNode(
                directory,
                Map.of(
                        "OTEL_EXPORTER_OTLP_ENDPOINT",
                        "http://127.0.0.1:" + collector.getAddress().getPort() + "/",
                        "OTEL_EXPORTER_OTLP_HEADERS",
                        "X-Key=abc",
                        "OTEL_SERVICE_NAME",
                        "my-node"));
    }

    @AfterAll
    static void stop() {
        node.close();
        collector.stop(0);
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static List<Span> spans(String trace, Predicate<Span> which) {
        return received.stream()
                .filter(span -> hex(span.getTraceId()).equals(trace) && which.test(span))
                .toList();
    }

    private static Span one(String trace, String name) {
        List<Span> found = spans(trace, span -> span.getName().equals(name));
        assertThat(found).as(name).hasSize(1);
        return found.get(0);
    }

    private static long attempt(Span span) {
        return span.getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("segno.attempt"))
                .map(attribute -> attribute.getValue().getIntValue())
                .findFirst()
                .orElse(0L);
    }

    private static void awaitRoot(String trace, String name) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !spans(trace, span -> span.getName().equals(name)).isEmpty());
    }

    @Test
    void runStepsAndCallsAreOneTraceUnderTheCallersSpan() throws Exception {
        node.refusals.set(1);
        String runId = node.run("greet", "traceparent", "00-" + TRACE + "-" + CALLER + "-01")
                .path("id")
                .asText();
        awaitRoot(TRACE, "greet");

        Span root = one(TRACE, "greet");
        assertThat(hex(root.getParentSpanId())).isEqualTo(CALLER);
        assertThat(root.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(root.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_OK);
        Span lookUp = one(TRACE, "look-up");
        Span deliver = one(TRACE, "deliver");
        assertThat(lookUp.getParentSpanId()).isEqualTo(root.getSpanId());
        assertThat(spans(TRACE, span -> span.getName().equals("say"))).hasSize(2);
        assertThat(deliver.getEventsList())
                .singleElement()
                .satisfies(event -> assertThat(event.toString()).contains("answered 503"));
        assertThat(deliver.getEndTimeUnixNano()).isGreaterThanOrEqualTo(deliver.getStartTimeUnixNano());
        assertThat(root.getStartTimeUnixNano()).isLessThanOrEqualTo(lookUp.getStartTimeUnixNano());
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        spans(TRACE, span -> span.getName().equals("POST mail")).size() == 2);
        assertThat(spans(TRACE, span -> span.getName().startsWith("POST ")))
                .hasSize(3)
                .allSatisfy(call -> {
                    assertThat(call.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
                    // The service has seen the very span.
                    assertThat(node.asked)
                            .anySatisfy(asked -> assertThat(asked.headers().get("traceparent"))
                                    .isEqualTo("00-" + TRACE + "-" + hex(call.getSpanId()) + "-01"));
                    assertThat(call.getParentSpanId())
                            .isEqualTo(call.getName().equals("POST people") ? lookUp.getSpanId() : deliver.getSpanId());
                });
        assertThat(spans(TRACE, span -> span.getName().equals("POST mail")).stream()
                        .map(TracingTest::attempt)
                        .sorted())
                .containsExactly(1L, 2L);
        assertThat(attempt(one(TRACE, "look-up"))).isEqualTo(1);
        assertThat(attempt(deliver)).isEqualTo(2);
        // Whoever looks the trace up here finds the spans that the collector has.
        assertThat(node.send("GET", "/api/traces/" + TRACE, "").body())
                .contains("\"span_id\":\"" + hex(root.getSpanId()) + "\"")
                .contains("\"span_id\":\"" + hex(deliver.getSpanId()) + "\"");
        assertThat(root.toString()).contains(runId);
        assertThat(services).contains("service.name=my-node", "key=abc");
    }

    @Test
    void aChildRunStandsUnderTheStepThatStartedIt() throws Exception {
        node.refusals.set(0);
        String runId = node.run("outer").path("id").asText();
        String trace = TraceIds.trace(null, runId);
        awaitRoot(trace, "outer");
        awaitRoot(trace, "greet");
        assertThat(one(trace, "outer").getParentSpanId()).isEmpty();
        assertThat(one(trace, "greet").getParentSpanId())
                .isEqualTo(one(trace, "inner").getSpanId());
    }

    @Test
    void aParkedRunIsAnErrorAndItsRetryIsSentOnceMore() throws Exception {
        node.refusals.set(2);
        String runId = node.run("greet").path("id").asText();
        String trace = TraceIds.trace(null, runId);
        awaitRoot(trace, "greet");
        Span parked = one(trace, "greet");
        assertThat(parked.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(parked.getStatus().getMessage()).contains("answered 503");
        assertThat(one(trace, "deliver").getEventsList()).hasSize(2);

        node.refusals.set(0);
        assertThat(node.send("POST", "/api/runs/" + runId + "/retry", "").statusCode())
                .isEqualTo(200);
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        spans(trace, span -> span.getName().equals("greet")).size() == 2);
        Span retried = spans(trace, span -> span.getName().equals("greet")).get(1);
        assertThat(retried.getParentSpanId()).isEqualTo(parked.getSpanId());
        assertThat(retried.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_OK);
        assertThat(spans(trace, span -> span.getName().equals("look-up"))).hasSize(1);
        assertThat(spans(trace, span -> span.getName().equals("deliver"))).hasSize(2);
    }

    /** It takes connections and says nothing. */
    @Test
    void aCollectorThatHangsCostsNoRunAnything(@TempDir Path elsewhere) throws Exception {
        try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                ObservedNode other = new ObservedNode(
                        elsewhere, Map.of("segno.otlp.endpoint", "http://127.0.0.1:" + hanging.getLocalPort()))) {
            for (int i = 0; i < 20; i++) {
                assertThat(other.run("greet").path("state").asText()).isEqualTo("COMPLETED");
            }
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> other.send("GET", "/api/metrics", "")
                            .body()
                            .lines()
                            .anyMatch(line -> line.matches("segno_spans_dropped_total [1-9].*")));
        }
    }

    @Test
    void nothingIsMadeWhereNoCollectorIsNamedAndABadNameIsRefused() {
        try (SqliteRunStore store = SqliteRunStore.open(directory.resolve("own"))) {
            assertThat(Tracing.from(Settings.of(Map.of()), store)).isEmpty();
            assertThatThrownBy(() -> Tracing.from(Settings.of(Map.of("SEGNO_OTLP_ENDPOINT", "collector")), store))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("SEGNO_OTLP_ENDPOINT")
                    .hasMessageContaining("http://127.0.0.1:4318");
        }
    }
}
