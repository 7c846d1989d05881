package dev.segno.spec;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.segno.Application;
import dev.segno.RouteLayout;
import dev.segno.control.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The infrastructure of the control plane's contract, over HTTP. CP-01 comes first and finds nothing registered. */
@TestMethodOrder(MethodOrderer.MethodName.class)
class ControlPlaneTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LONG = Duration.ofSeconds(30);

    /** Three services in a row, in a saga. */
    private static final String RUN = """
        - route:
            id: cp-run
            description: Asks three agents
            from:
              uri: orchestration:cp-run
              steps:
                - saga:
                    id: cp-saga
                    steps:
                      - to: { id: cp-github, uri: "direct:cp-github" }
                      - to: { id: cp-jira, uri: "direct:cp-jira" }
                      - step: { id: cp-report, steps: [ { to: "kamelet:call?service=reporting&path=/reports/generate" } ] }
                      - step: { id: cp-tell, steps: [ { to: "control:publish-event?event_type=cp.told" } ] }
        - route:
            id: cp-github
            from:
              uri: direct:cp-github
              steps:
                - saga:
                    id: cp-github-saga
                    propagation: MANDATORY
                    compensation: direct:cp-github-rollback
                    option:
                      - key: api_token
                        expression: { constant: { expression: "hidden" } }
                    steps:
                      - step: { id: cp-ingest-github, steps: [ { to: "kamelet:call?service=github-agent&path=/ingest" } ] }
        - route:
            id: cp-github-rollback
            from:
              uri: direct:cp-github-rollback
              steps:
                - step: { id: cp-undo-github, steps: [ { to: "kamelet:call?service=github-agent&path=/ingest/rollback" } ] }
        - route:
            id: cp-jira
            from:
              uri: direct:cp-jira
              steps:
                - step: { id: cp-ingest-jira, steps: [ { to: "kamelet:call?service=jira-agent&path=/ingest" } ] }
        """;

    /** A run that stays at its second step as long as that is refused. */
    private static final String STUCK = """
        - route:
            id: cp-stuck
            from:
              uri: orchestration:cp-stuck
              steps:
                - step: { id: cp-before, steps: [ { to: "kamelet:call?service=github-agent&path=/before" } ] }
                - step: { id: cp-refused, steps: [ { to: "kamelet:call?service=jira-agent&path=/refused" } ] }
        """;

    private static final String DOORS = """
        - route:
            id: cp-run-http
            from:
              uri: platform-http:/test/run/{name}
              parameters: { httpMethodRestrict: POST }
              steps:
                - choice:
                    when:
                      - simple: ${header.name} == 'stuck'
                        steps:
                          - to: orchestration:cp-stuck
                    otherwise:
                      steps:
                        - to: orchestration:cp-run
        - route:
            id: cp-publish
            from:
              uri: platform-http:/test/publish
              parameters: { httpMethodRestrict: POST }
              steps:
                - to: control:publish-event
        """;

    @TempDir
    private static Path directory;

    private static Application application;
    private static int otherPort;
    private static HttpServer services;
    private static final List<String> CALLS = new CopyOnWriteArrayList<>();
    private static final AtomicReference<String> DOCUMENT = new AtomicReference<>("{}");
    private static volatile boolean refusing = true;

    @BeforeAll
    static void start() throws Exception {
        services = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        services.createContext("/", ControlPlaneTest::serve);
        services.start();
        Files.createDirectories(directory.resolve("routes/cp"));
        Map.of("run", RUN, "stuck", STUCK, "doors", DOORS).forEach(ControlPlaneTest::write);
        otherPort = SegnoProcess.freePort();
        application =
                start(0, directory.resolve("data"), Map.of("ORCHESTRATOR_PEERS", "http://127.0.0.1:" + otherPort));
    }

    private static void write(String name, String text) {
        try {
            Files.writeString(directory.resolve("routes/cp/" + name + ".camel.yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Application start(int port, Path data, Map<String, String> more) throws Exception {
        Path routes = Path.of("routes");
        Map<String, String> environment = new HashMap<>(Map.of(
                "NOTIFY_TOKEN", "s3cr3t",
                "DOC_STORE_URL", "http://user:p4ssw0rd@127.0.0.1:1/?api_key=k3y",
                "OUTBOUND_ALLOW_CIDRS", "127.0.0.0/8",
                "segno.routes.watch", "false",
                "segno.retry.max", "0"));
        for (String service : List.of("GITHUB_AGENT", "JIRA_AGENT", "REPORTING")) {
            environment.put(service + "_URL", servicesUrl());
        }
        environment.putAll(more);
        return Application.start(
                new Application.Options(
                        RouteLayout.of(
                                List.of(routes.resolve("docs-ingestion"), directory.resolve("routes/cp")), routes),
                        "127.0.0.1",
                        port,
                        data,
                        false),
                Settings.load(environment, List.of(), Map.of()));
    }

    private static String servicesUrl() {
        return "http://127.0.0.1:" + services.getAddress().getPort();
    }

    private static void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        CALLS.add(path + " " + exchange.getRequestHeaders().getFirst("X-Correlation-ID"));
        exchange.getRequestBody().readAllBytes();
        byte[] answer = (path.equals("/openapi.json")
                        ? Objects.requireNonNull(DOCUMENT.get())
                        : path.equals("/health") ? "{\"status\":\"healthy\"}" : "{\"status\":\"completed\"}")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(refusing && path.equals("/refused") ? 422 : 200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    @AfterAll
    static void stop() {
        application.close();
        services.stop(0);
    }

    /** An answer as JSON. */
    private record Answer(int status, JsonNode body, HttpResponse<String> response) {}

    private static Answer send(String method, String path, String body, String... headers) throws Exception {
        return sendTo(application.port(), method, path, body, headers);
    }

    private static Answer sendTo(int port, String method, String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(LONG)
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

    private static Answer post(String path, String body) throws Exception {
        return send("POST", path, body);
    }

    private static JsonNode ok(Answer answer) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.body().path("success").asBoolean()).isTrue();
        assertThat(answer.body().path("request_id").asText()).isNotEmpty();
        return answer.body();
    }

    private static List<String> texts(JsonNode list, String field) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.path(field).asText()));
        return texts;
    }

    @Test
    void CP01_aServiceIsRegisteredAndReplacedByItsName() throws Exception {
        JsonNode first = ok(post("/registry/register", "{\"name\":\"docs\",\"base_url\":\"http://docs:5087\"}"));
        assertThat(first.path("status").asText()).isEqualTo("registered");
        assertThat(first.path("count").asInt()).isEqualTo(1);
        assertThat(ok(get("/registry")).path("services").get(0).path("name").asText())
                .isEqualTo("docs");

        JsonNode second = ok(post(
                "/registry/register",
                "{\"service_name\":\"docs\",\"service_url\":\"http://docs:5088\",\"endpoints\":[\"/a\"]}"));
        assertThat(second.path("count").asInt()).isEqualTo(1);
        JsonNode services = ok(get("/registry")).path("services");
        assertThatJson(services.get(0).toString())
                .isObject()
                .containsEntry("base_url", "http://docs:5088")
                .containsEntry("origin", "self");
        assertThat(services.get(0).path("endpoints").toString()).isEqualTo("[{\"path\":\"/a\"}]");
    }

    @Test
    void CP02_whatIsNoServiceIsRefused() throws Exception {
        assertError(post("/registry/register", "{\"base_url\":\"http://docs:5087\"}"), 422, "validation_error");
        Answer withoutUrl = post("/registry/register", "{\"name\":\"docs\"}");
        assertError(withoutUrl, 422, "validation_error");
        assertThat(withoutUrl.body().path("message").asText().toLowerCase(Locale.ROOT))
                .contains("base url");
        assertThatJson(withoutUrl.response().body()).node("field_errors").isEqualTo("{\"base_url\":[\"is required\"]}");
        assertThatJson(withoutUrl.response().body()).node("details").isEqualTo("{\"field\":\"base_url\"}");
        String named = "{\"name\":\"" + "n".repeat(101) + "\",\"base_url\":\"http://docs:5087\"}";
        assertError(post("/registry/register", named), 400, "validation_error");
        assertError(
                post("/registry/register", "{\"name\":\"docs\",\"base_url\":\"not-a-valid-url\"}"),
                400,
                "validation_error");
        assertError(
                post("/registry/register", "{\"name\":\"docs\",\"base_url\":\"http://169.254.169.254/\"}"),
                400,
                "url_not_allowed");
    }

    @Test
    void CP07_aRunIsATraceOfItsStepsAndCalls() throws Exception {
        String run = begin("run", "cp7");
        JsonNode trace = await(
                "the trace",
                () -> ok(get("/infrastructure/tracing/trace/cp7")),
                found -> found.path("status").asText().equals("completed"));

        Map<String, JsonNode> spans = new HashMap<>();
        trace.path("spans").forEach(span -> spans.put(span.path("span_id").asText(), span));
        List<JsonNode> roots = spans.values().stream()
                .filter(span -> span.path("parent_span_id").isNull())
                .toList();
        assertThat(roots).hasSize(1);
        assertThatJson(roots.get(0).toString())
                .isObject()
                .containsEntry("service_name", "orchestrator")
                .containsEntry("operation_name", "workflow_run");
        assertThat(roots.get(0).path("tags").path("saga_id").asText()).isEqualTo(run);
        assertThat(roots.get(0).path("tags").path("steps_count").asInt()).isEqualTo(4);
        // Four steps, and the calls of three.
        assertThat(spans).hasSize(8);
        assertThat(spans.values()).allSatisfy(span -> {
            assertThat(span.path("status").asText()).isEqualTo("completed");
            if (!span.path("parent_span_id").isNull()) {
                assertThat(spans).containsKey(span.path("parent_span_id").asText());
            }
        });
        JsonNode ofJira = ok(get("/infrastructure/tracing/service/jira-agent"));
        assertThat(ofJira.path("spans")).hasSize(1);
        assertThatJson(ofJira.path("spans").get(0).path("tags").toString())
                .isEqualTo("{\"http.method\":\"POST\",\"http.url\":\"" + servicesUrl()
                        + "/ingest\",\"http.status_code\":200,\"attempt\":1}");
        String traceId = trace.path("trace_id").asText();
        assertThat(ok(get("/infrastructure/tracing/trace/" + traceId))
                        .path("spans")
                        .size())
                .isEqualTo(8);
        assertThat(ok(get("/infrastructure/tracing/stats")).path("total_spans").asInt())
                .isGreaterThanOrEqualTo(8);
        assertThatJson(get("/infrastructure/tracing/trace/unknown").response().body())
                .isObject()
                .containsEntry("found", false)
                .node("spans")
                .isEqualTo("[]");
        assertError(get("/infrastructure/tracing/trace/" + "t".repeat(256)), 400, "validation_error");
        assertError(get("/infrastructure/tracing/service/" + "s".repeat(101)), 400, "validation_error");

        JsonNode saga = ok(get("/infrastructure/saga/" + run));
        assertThatJson(saga.toString())
                .isObject()
                .containsEntry("status", "completed")
                .containsEntry("correlation_id", "cp7");
        assertThatJson(saga.path("steps").toString())
                .node("[0]")
                .isObject()
                .containsEntry("service_name", "github-agent")
                .containsEntry("action", "/ingest")
                .containsEntry("compensation", "/ingest/rollback")
                .containsEntry("status", "completed");
        assertThat(saga.path("steps").get(0).path("payload").toString()).isEqualTo("{\"api_token\":\"***\"}");
        assertThat(ok(get("/infrastructure/saga/stats")).path("completed_sagas").asInt())
                .isEqualTo(1);
        JsonNode history = ok(get("/workflows/history?correlation_id=cp7"));
        assertThatJson(history.path("items").toString())
                .node("[0]")
                .isObject()
                .containsEntry("status", "completed")
                .containsEntry("run_id", run)
                .containsEntry("steps_executed", 4);
        // The step that published is on record with the event that it published.
        JsonNode events = ok(get("/infrastructure/events/history?correlation_id=cp7"));
        assertThat(texts(events.path("events"), "event_type")).containsExactly("cp.told");
    }

    @Test
    void CP09_nothingIsRetriedWhereNothingFailed() throws Exception {
        JsonNode retry = ok(post("/infrastructure/dlq/retry", ""));
        assertThat(retry.path("retried_events").asInt()).isZero();
        assertThat(retry.path("total_events").asInt()).isZero();
        assertThat(ok(get("/infrastructure/dlq/stats")).path("queued_events").asInt())
                .isZero();
    }

    @Test
    void CP11_anUnknownSagaIsNotFound() throws Exception {
        Answer unknown = get("/infrastructure/saga/none-such");
        assertError(unknown, 404, "not_found");
        assertThat(unknown.body().path("message").asText()).isEqualTo("Saga not found");
        assertError(get("/infrastructure/saga/" + "s".repeat(256)), 400, "validation_error");
        assertError(get("/infrastructure/saga/"), 404, "not_found");
    }

    @Test
    void CP12_eventsAreClearedByTheirType() throws Exception {
        for (String type : List.of("cp12.a", "cp12.a", "cp12.a", "cp12.b", "cp12.b")) {
            publish(type, "cp12");
        }
        JsonNode cleared = ok(post("/infrastructure/events/clear", "{\"event_type\":\"cp12.a\"}"));
        assertThat(cleared.path("cleared_events").asInt()).isEqualTo(3);
        assertThat(cleared.path("status").asText()).isEqualTo("cleared");
        assertThat(ok(get("/infrastructure/events/history?correlation_id=cp12"))
                        .path("count")
                        .asInt())
                .isEqualTo(2);
        assertThat(ok(post("/infrastructure/events/clear", ""))
                        .path("cleared_count")
                        .asInt())
                .isZero();
        assertThat(ok(get("/infrastructure/events/history?correlation_id=cp12"))
                        .path("count")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void CP13_aReplaySaysWhatItIsNot() throws Exception {
        assertError(post("/infrastructure/events/replay", "{\"event_types\":\"x\"}"), 400, "validation_error");
        String types = "\"x\"" + ",\"x\"".repeat(100);
        assertError(
                post("/infrastructure/events/replay", "{\"event_types\":[" + types + "]}"), 400, "validation_error");
        assertError(post("/infrastructure/events/replay", "{\"limit\":15000}"), 400, "validation_error");
        ok(post("/infrastructure/events/replay", ""));
    }

    @Test
    void CP14_aDryRunPublishesNothing() throws Exception {
        String id = publish("ingestion.requested", "cp3");

        JsonNode dry = ok(post("/infrastructure/events/replay", "{\"correlation_id\":\"cp3\",\"dry_run\":true}"));
        assertThat(dry.path("replayed_events").toString()).isEqualTo("[\"" + id + "\"]");
        assertThat(replaysOf("cp3")).isZero();

        for (int i = 1; i <= 3; i++) {
            ok(post("/infrastructure/events/replay", "{\"correlation_id\":\"cp3\"}"));
            assertThat(replaysOf("cp3")).isEqualTo(i);
        }
        JsonNode fourth = ok(post("/infrastructure/events/replay", "{\"correlation_id\":\"cp3\"}"));
        assertThatJson(fourth.path("skipped").toString())
                .isEqualTo("[{\"event_id\":\"" + id + "\",\"reason\":\"max_replays\"}]");
    }

    private static int replaysOf(String correlation) throws Exception {
        return ok(get("/infrastructure/events/history?correlation_id=" + correlation))
                .path("events")
                .get(0)
                .path("replay_count")
                .asInt();
    }

    @Test
    void CP15_peersTellEachOtherOfWhatIsRegisteredOnceAndNoMore() throws Exception {
        try (Application other = start(
                otherPort,
                directory.resolve("other"),
                Map.of("ORCHESTRATOR_PEERS", "http://127.0.0.1:" + application.port()))) {
            JsonNode registered = ok(sendTo(
                    other.port(), "POST", "/registry/register", "{\"name\":\"cp15\",\"base_url\":\"http://cp15:1\"}"));
            assertThatJson(registered.path("replication").toString()).isEqualTo("{\"peers\":1,\"ok\":1,\"failed\":[]}");
            JsonNode entry = entryOf(ok(get("/registry")), "cp15");
            assertThat(entry.path("origin").asText()).isNotEqualTo("self").isNotEmpty();
            assertThat(entryOf(ok(sendTo(other.port(), "GET", "/registry", "")), "cp15")
                            .path("origin")
                            .asText())
                    .isEqualTo("self");

            // What was registered here while the peer was away reaches it, and nothing comes back as an echo.
            ok(post("/registry/register", "{\"name\":\"cp15-here\",\"base_url\":\"http://cp15:2\"}"));
            await(
                    "the entry on the peer",
                    () -> ok(sendTo(other.port(), "GET", "/registry", "")),
                    found -> texts(found.path("services"), "name").containsAll(List.of("docs", "cp15-here")));
            assertThat(ok(post("/registry/sync-peers", "")).path("sent").asInt())
                    .isEqualTo((int) StreamSupport.stream(
                                    ok(get("/registry")).path("services").spliterator(), false)
                            .filter(service -> service.path("origin").asText().equals("self"))
                            .count());
            assertThat(entryOf(ok(get("/registry")), "cp15").path("origin").asText())
                    .isEqualTo(entry.path("origin").asText());
            JsonNode peers = ok(get("/peers"));
            assertThat(peers.path("peers").toString()).isEqualTo("[\"http://127.0.0.1:" + otherPort + "\"]");
            assertThat(peers.path("details").get(0).path("status").asText()).isEqualTo("up");
        }
    }

    private static JsonNode entryOf(JsonNode registry, String name) {
        return StreamSupport.stream(registry.path("services").spliterator(), false)
                .filter(service -> service.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void CP16_anApiThatChangesIsTold() throws Exception {
        DOCUMENT.set("{\"paths\":{\"/a\":{\"get\":{}},\"/b\":{\"get\":{}}}}");
        ok(post(
                "/registry/register",
                "{\"name\":\"cp16\",\"base_url\":\"" + servicesUrl() + "\",\"openapi_url\":\"" + servicesUrl()
                        + "/openapi.json\"}"));
        JsonNode first = poll("cp16");
        assertThat(first.path("baseline").asBoolean()).isTrue();
        assertThat(first.path("changed").asBoolean()).isFalse();

        DOCUMENT.set("{\"paths\": {\"/b\": {\"get\":{}},\"/a\":{\"get\":{}}}}");
        JsonNode second = poll("cp16");
        assertThat(second.path("baseline").asBoolean()).isFalse();
        assertThat(second.path("changed").asBoolean()).isFalse();
        assertThat(second.path("hash").asText()).isEqualTo(first.path("hash").asText());

        DOCUMENT.set("{\"paths\":{\"/a\":{\"get\":{\"deprecated\":true}},\"/c\":{\"post\":{}}}}");
        JsonNode third = poll("cp16");
        assertThat(third.path("changed").asBoolean()).isTrue();
        assertThatJson(third.path("diff").toString())
                .isEqualTo("{\"added\":[\"POST /c\"],\"removed\":[\"GET /b\"],\"changed\":[\"GET /a\"]}");
        JsonNode told = ok(get("/infrastructure/events/history?event_type=findings.created"))
                .path("events");
        assertThat(told).hasSize(1);
        assertThatJson(told.get(0).path("payload").toString())
                .isObject()
                .containsEntry("type", "api_drift_candidate")
                .containsEntry("service", "cp16")
                .node("severity_counts")
                .isEqualTo("{\"high\":1}");

        JsonNode health = ok(get("/health/system"));
        assertThat(health.path("services").path("cp16").path("status").asText()).isEqualTo("healthy");
        assertThat(health.path("status").asText()).isEqualTo("healthy");
        assertThat(health.path("data").path("overall_healthy").asBoolean()).isFalse();
    }

    private static JsonNode poll(String service) throws Exception {
        JsonNode results = ok(post("/registry/poll-openapi", "{\"services\":[\"" + service + "\"]}"))
                .path("results");
        assertThat(results).hasSize(1);
        return results.get(0);
    }

    @Test
    void CP22_theConfigurationShowsNoSecret() throws Exception {
        Answer answer = get("/config/effective");
        JsonNode data = ok(answer).path("data");
        assertThat(answer.response().body()).doesNotContain("s3cr3t", "p4ssw0rd", "k3y");
        assertThatJson(data.path("NOTIFY_TOKEN").toString())
                .isEqualTo("{\"value\":\"***\",\"source\":\"env\",\"set\":true}");
        assertThatJson(data.path("DOC_STORE_URL").toString())
                .isEqualTo("{\"value\":\"http://user:***@127.0.0.1:1/?api_key=***\",\"source\":\"env\"}");
        assertThat(data.path("HTTP_RETRY_ATTEMPTS").path("source").asText()).isEqualTo("default");
    }

    /** §6: what counts where nobody says anything else. */
    @ParameterizedTest
    @CsvSource({
        "NOTIFICATION_URL,http://notification-service:5095",
        "SECURE_ANALYZER_URL,http://secure-analyzer:5070",
        "ANALYSIS_SERVICE_URL,http://analysis-service:5020",
        "CONSISTENCY_ENGINE_URL,http://consistency-engine:5020",
        "SOURCE_AGENT_URL,http://source-agent:5000",
        "CONFLUENCE_AGENT_URL,http://confluence-agent:5050",
        "SWAGGER_AGENT_URL,http://swagger-agent:5010",
        "HTTP_CLIENT_TIMEOUT,30s",
        "HTTP_RETRY_ATTEMPTS,3",
        "HTTP_RETRY_BASE_MS,150",
        "HTTP_CIRCUIT_ENABLED,true",
        "ENVIRONMENT,development",
        "DEBUG,false",
        "REDIS_PORT,6379",
        "'SECURE_ONLY_MODELS','bedrock,ollama'",
        "'ALL_PROVIDERS','bedrock,ollama,openai,anthropic,grok'"
    })
    void defaultsAreThoseOfTheContract(String name, String value) throws Exception {
        JsonNode entry = ok(get("/config/effective")).path("data").path(name);
        assertThatJson(entry.toString()).isEqualTo("{\"value\":\"" + value + "\",\"source\":\"default\"}");
    }

    @Test
    void whatHasNoDefaultIsNotThere() throws Exception {
        JsonNode data = ok(get("/config/effective")).path("data");
        for (String name : List.of("LOG_COLLECTOR_URL", "REDIS_HOST", "API_TOKENS_FILE", "PEER_TOKEN")) {
            assertThat(data.has(name)).as(name).isFalse();
        }
        assertThat(data.path("DOC_STORE_URL").path("source").asText()).isEqualTo("env");
        // The port was chosen when the node was started, and not by a setting.
        assertThatJson(data.path("PORT").toString())
                .isEqualTo("{\"value\":\"" + application.port() + "\",\"source\":\"argument\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/registry/register",
                "/registry/poll-openapi",
                "/infrastructure/dlq/retry",
                "/infrastructure/events/replay",
                "/infrastructure/events/clear"
            })
    void CP23_whatIsNoJsonIsRefused(String path) throws Exception {
        assertError(post(path, "invalid json {"), 400, "validation_error");
        assertError(post(path, "[]"), 400, "validation_error");
    }

    @Test
    void CP24_whoMayDoWhat() throws Exception {
        try (Application guarded = start(
                0,
                directory.resolve("guarded"),
                Map.of("PEER_TOKEN", "peer-key", "SEGNO_API_KEYS", "ops=operator-key"))) {
            int port = guarded.port();
            assertThat(sendTo(port, "GET", "/health", "").status()).isEqualTo(200);
            assertThat(sendTo(port, "GET", "/ready", "").status()).isEqualTo(200);
            for (String path : List.of(
                    "/infrastructure/dlq/retry",
                    "/infrastructure/events/replay",
                    "/infrastructure/events/clear",
                    "/registry/sync-peers")) {
                assertError(sendTo(port, "POST", path, ""), 401, "unauthorized");
                assertError(sendTo(port, "POST", path, "", "Authorization", "Bearer peer-key"), 403, "forbidden");
                assertThat(sendTo(port, "POST", path, "", "Authorization", "Bearer operator-key")
                                .status())
                        .isEqualTo(200);
            }
            assertError(sendTo(port, "GET", "/registry", ""), 401, "unauthorized");
            assertError(sendTo(port, "GET", "/registry", "", "Authorization", "Bearer peer-key"), 403, "forbidden");
            String entry = "{\"name\":\"cp24\",\"base_url\":\"http://cp24:1\"}";
            assertThat(sendTo(port, "POST", "/registry/register", entry, "Authorization", "Bearer peer-key")
                            .status())
                    .isEqualTo(200);
        }
    }

    /** §1.4, as far as these endpoints take such input. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET|/infrastructure/events/history?limit=0||400",
                "GET|/infrastructure/events/history?limit=15000||400",
                "GET|/infrastructure/events/history?limit=10000||200",
                "GET|/infrastructure/events/history?limit=x||400",
                "GET|/infrastructure/events/history?event_type=LONG100||200",
                "GET|/infrastructure/events/history?event_type=LONG101||400",
                "GET|/infrastructure/events/history?correlation_id=LONG255||200",
                "GET|/infrastructure/events/history?correlation_id=LONG256||400",
                "GET|/infrastructure/events/history?correlation_id=%3Cscript%3E||400",
                "GET|/infrastructure/events/history?correlation_id=%C3%A4%20b._:/@%2B%25%23-||200",
                "GET|/infrastructure/events/history?since=yesterday||400",
                "GET|/workflows/history?limit=10001||400",
                "GET|/workflows/history?status=odd||400",
                "POST|/infrastructure/dlq/retry?limit=0||400",
                "POST|/infrastructure/dlq/retry|{\"max_retries\":0}|400",
                "POST|/infrastructure/dlq/retry|{\"max_retries\":11}|400",
                "POST|/infrastructure/dlq/retry|{\"event_ids\":[]}|400",
                "POST|/infrastructure/dlq/retry|{\"event_ids\":[\"none\"],\"unknown\":1}|200",
                "POST|/infrastructure/events/replay|{\"limit\":0}|400",
                "POST|/infrastructure/events/replay|{\"start_time\":\"soon\"}|400",
                "POST|/infrastructure/events/replay|{\"start_time\":1700000000.5,\"end_time\":\"2024-01-01T00:00:00Z\"}|200",
                "POST|/infrastructure/events/replay|{\"correlation_id\":\"a;b\"}|400",
                "POST|/registry/register|{\"name\":5,\"base_url\":\"http://docs:1\"}|400",
                "POST|/registry/register|{\"name\":\"\",\"base_url\":\"http://docs:1\"}|422",
                "POST|/registry/register|{\"name\":\"n\",\"base_url\":\"ftp://docs:1\"}|400"
            })
    void limits(String method, String path, String body, int status) throws Exception {
        String filled = path.replaceAll("LONG(\\d+)", "$1");
        if (!filled.equals(path)) {
            int equals = filled.lastIndexOf('=');
            filled = filled.substring(0, equals + 1) + "c".repeat(Integer.parseInt(filled.substring(equals + 1)));
        }
        Answer answer = send(method, filled, body == null ? "" : body);
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(status);
        if (status >= 400) {
            assertError(answer, status, "validation_error");
            assertThat(answer.response().body()).doesNotContain("script", "a;b", "yesterday");
        }
    }

    @Test
    void deadLettersAreRunsThatGoOnWhereTheyStand() throws Exception {
        String run = begin("stuck", "dead");
        JsonNode stats = await(
                "the parked run",
                () -> ok(get("/infrastructure/dlq/stats")),
                found -> found.path("queued_events").asInt() == 1);
        assertThatJson(stats.path("events_by_service").toString()).isEqualTo("{\"jira-agent\":1}");
        assertThatJson(stats.path("events_by_type").toString()).isEqualTo("{\"workflow.run\":1}");
        assertThat(ok(get("/metrics")).path("data").path("dlq").path("depth").asInt())
                .isEqualTo(1);
        JsonNode failing = ok(post("/infrastructure/dlq/retry", "{\"force\":true}"))
                .path("results")
                .get(0);
        assertThatJson(failing.toString())
                .isObject()
                .containsEntry("run_id", run)
                .containsEntry("outcome", "still_failing")
                .containsEntry("from_step", "cp-refused");
        JsonNode again = ok(get("/infrastructure/dlq/stats"));
        assertThat(again.path("retried_events").asInt()).isEqualTo(1);

        refusing = false;
        String id = failing.path("event_id").asText();
        JsonNode retry =
                ok(post("/infrastructure/dlq/retry", "{\"event_ids\":[\"" + id + "\",\"dlq-none\"],\"force\":true}"));
        assertThat(retry.path("retried_events").asInt()).isEqualTo(1);
        assertThat(texts(retry.path("results"), "outcome")).containsExactly("not_found", "resumed");
        await(
                "the end of the run",
                () -> ok(get("/infrastructure/dlq/stats")),
                found -> found.path("queued_events").asInt() == 0);
        assertThat(CALLS.stream().filter(call -> call.equals("/before dead"))).hasSize(1);
    }

    @Test
    void informationIsWrapped() throws Exception {
        JsonNode info = ok(get("/info"));
        assertThat(info.path("service").asText())
                .isEqualTo(info.path("data").path("service").asText());
        assertThat(ok(get("/ready")).path("ready").asBoolean()).isTrue();
        JsonNode workflows = ok(get("/workflows")).path("data").path("workflows");
        assertThatJson(workflows.path("cp-run").toString())
                .isObject()
                .containsEntry("description", "Asks three agents")
                .containsEntry("enabled", true)
                .containsEntry("services", List.of("github-agent", "jira-agent", "reporting"));
    }

    @Test
    void theApiShowsTheSame() throws Exception {
        String id = publish("api.told", "api");

        assertThat(json(get("/api/services").response()).path("services")).isNotEmpty();
        assertThat(get("/api/events?type=api.told")
                        .body()
                        .path("events")
                        .get(0)
                        .path("event_id")
                        .asText())
                .isEqualTo(id);
        assertThat(get("/api/config").response().body())
                .contains("NOTIFY_TOKEN")
                .doesNotContain("s3cr3t");
        assertThat(get("/api/traces/unknown")
                        .body()
                        .path("error")
                        .path("status")
                        .asInt())
                .isEqualTo(404);
    }

    private static String begin(String name, String correlation) throws Exception {
        Answer answer = send("POST", "/test/run/" + name, "{}", "X-Correlation-ID", correlation);
        return answer.body().path("runId").asText();
    }

    private static String publish(String type, String correlation) throws Exception {
        return ok(post("/test/publish", "{\"event_type\":\"" + type + "\",\"correlation_id\":\"" + correlation + "\"}"))
                .path("event_id")
                .asText();
    }

    private static JsonNode await(String what, Callable<JsonNode> question, Predicate<JsonNode> enough) {
        return Awaitility.await(what).atMost(LONG).until(question, enough);
    }
}
