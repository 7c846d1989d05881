package dev.segno.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.Application;
import dev.segno.control.Settings;
import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The 31 endpoints of the control plane's contract and those beside them, as a table: who may call each, and which fields
 * it answers with. The package runs alone, with {@code AUTH_MODE=token} and a caller of each role.
 */
class ControlPlaneContractTest {

    /**
     * Number (0 beside the 31), method, path, body, least role, fields on top, fields under data. {@code RUN} is a run that
     * has ended; {@code peer} beside a role opens the endpoint to peers too.
     */
    private static final String TABLE = """
        1  | GET  | /health           |  | open | status service version timestamp uptime_seconds environment |
        2  | GET  | /ready            |  | open | ready status service |
        3  | GET  | /health/system    |  | viewer | status message services | overall_healthy healthy_count total_count services
        4  | GET  | /info             |  | viewer | status message service version | service version capabilities started_at routes
        5  | GET  | /config/effective |  | viewer | status message | DOC_STORE_URL HTTP_RETRY_ATTEMPTS
        6  | GET  | /metrics          |  | viewer | status message service routes | service routes workflows dlq uptime_seconds
        7  | GET  | /workflows        |  | viewer | status message | workflows count
        8  | POST | /workflows/run    | {} | submitter | status correlation_id saga_id run_id trace_id steps |
        9  | GET  | /workflows/history |  | viewer | items count total |
        10 | POST | /ingest | {"source":"github"} | submitter | status source correlation_id trace_id event_id run_id |
        11 | POST | /demo/e2e | {"log_limit":5} | operator | summary log_analysis |
        12 | POST | /registry/register | {"name":"docs","base_url":"http://127.0.0.1:1"} | operator peer | status count replication |
        13 | GET  | /registry         |  | viewer | services count |
        14 | POST | /registry/sync-peers |  | operator | sent peers failed |
        15 | POST | /registry/poll-openapi | {} | operator | results |
        16 | GET  | /peers            |  | viewer | peers count details |
        17 | GET  | /infrastructure/dlq/stats |  | viewer | queued_events retryable_events exhausted_events retried_events total_events failed_events events_by_type events_by_service oldest_event newest_event |
        18 | POST | /infrastructure/dlq/retry |  | operator | retried_events total_events results |
        19 | GET  | /infrastructure/saga/stats |  | viewer | total_sagas active_sagas completed_sagas failed_sagas compensated_sagas success_rate avg_completion_time |
        20 | GET  | /infrastructure/saga/RUN |  | viewer | saga_id correlation_id status created_at created_at_iso updated_at updated_at_iso error steps |
        21 | GET  | /infrastructure/events/history |  | viewer | events count total |
        22 | POST | /infrastructure/events/replay | {"event_types":["none"]} | operator | replayed_events count skipped |
        23 | POST | /infrastructure/events/clear |  | operator | status cleared_events cleared_count |
        24 | GET  | /infrastructure/tracing/stats |  | viewer | total_traces active_traces completed_traces failed_traces total_spans avg_trace_duration avg_duration_ms error_rate |
        25 | GET  | /infrastructure/tracing/trace/RUN |  | viewer | trace_id found status duration_ms spans |
        26 | GET  | /infrastructure/tracing/service/github-agent |  | viewer | service service_name spans traces total |
        27 | POST | /jobs/recalc-quality |  | operator | status message flagged | flagged checked timestamp notified
        28 | POST | /jobs/notify-consolidation |  | operator | status sent candidates failed |
        29 | POST | /docstore/save | {"content":"text"} | submitter | id content_hash status created_at |
        30 | POST | /report/request | {} | submitter | status message | report_id kind format status generated_at report
        31 | POST | /summarization/suggest | {"content":"text"} | submitter | status message suggestions | suggestion result policy_override providers_used suggestions
        0  | POST | /jobs/log-analysis | {} | operator | report_id overview errors_by_service top_messages sample |
        0  | POST | /query | {"query":"Which reports are there?"} | submitter | status message | intent confidence
        0  | POST | /query/execute | {"query":"Where is it?"} | submitter | status message | intent confidence
        0  | GET  | /prompts/search/summarization/short |  | viewer | status message | prompt_id category name content
        0  | GET  | /prompts/categories |  | viewer | status message data |
        0  | POST | /prompts/usage | {"prompt_id":"summarization/short"} | submitter | status event_id |
        0  | GET  | /services         |  | viewer | status message data |
        0  | GET  | /health/dependency/reporting |  | viewer | service status |
        0  | GET  | /workflows/status |  | viewer | workflows |
        """;

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final List<String> ROLES = List.of("viewer", "submitter", "operator");

    @TempDir
    private static Path directory;

    private static Sandbox sandbox;
    private static Application application;
    private static JsonClient http;
    private static String run = "";

    /** A line of the table. */
    private record Endpoint(
            int number,
            String method,
            String path,
            String body,
            String role,
            boolean peers,
            List<String> fields,
            List<String> data) {

        static Endpoint of(String line) {
            String[] cells = line.split("\\|", -1);
            List<String> cell = Arrays.stream(cells).map(String::strip).toList();
            List<String> access = words(cell.get(4));
            return new Endpoint(
                    Integer.parseInt(cell.get(0)),
                    cell.get(1),
                    cell.get(2),
                    cell.get(3),
                    access.get(0),
                    access.contains("peer"),
                    words(cell.get(5)),
                    words(cell.get(6)));
        }

        private static List<String> words(String cell) {
            return cell.isEmpty() ? List.of() : List.of(cell.split(" "));
        }

        boolean isOpen() {
            return role.equals("open");
        }

        boolean isFor(String caller) {
            return isOpen() || ROLES.indexOf(caller) >= ROLES.indexOf(role);
        }

        JsonClient.Reply ask(String... headers) throws Exception {
            String where = path.replace("RUN", run);
            return method.equals("GET") ? http.get(where, headers) : http.post(where, body, headers);
        }

        @Override
        public String toString() {
            return (number == 0 ? "" : number + " ") + method + " " + path;
        }
    }

    static List<Endpoint> endpoints() {
        return TABLE.lines().map(Endpoint::of).toList();
    }

    @BeforeAll
    static void start() throws Exception {
        sandbox = Sandbox.start(SandboxSettings.onFreePorts("k"));
        Path tokens = directory.resolve("tokens");
        Files.writeString(
                tokens,
                "# Callers\nvera viewer token-of-viewer\nsub submitter token-of-submitter\n"
                        + "olga operator token-of-operator\n");
        Map<String, String> settings = new HashMap<>(Map.of(
                "AUTH_MODE", "token",
                "API_TOKENS_FILE", tokens.toString(),
                "PEER_TOKEN", "token-of-peer",
                "SEGNO_AUTH_LOCKOUT", "0",
                "OUTBOUND_ALLOW_CIDRS", "127.0.0.0/8"));
        settings.putAll(ServedPackage.addresses(sandbox, Sandbox.names()));
        settings.put("CONSISTENCY_ENGINE_URL", sandbox.uri("analysis-service").toString());
        application = ServedPackage.start(
                "docs-ingestion", directory.resolve("data"), Settings.load(settings, List.of(), Map.of()));
        http = ServedPackage.client(application);
        run = http.post("/workflows/run", "{}", as("operator"))
                .body()
                .path("run_id")
                .asText();
        await().atMost(LONG)
                .until(() -> http.get("/api/runs/" + run, as("viewer"))
                        .body()
                        .path("state")
                        .asText()
                        .equals("COMPLETED"));
    }

    @AfterAll
    static void stop() {
        if (application != null) {
            application.close();
        }
        sandbox.close();
    }

    private static String[] as(String role) {
        return new String[] {"Authorization", "Bearer token-of-" + role};
    }

    @Test
    void thereAreThirtyOneEndpoints() {
        assertThat(endpoints().stream().map(Endpoint::number).filter(number -> number > 0))
                .hasSize(31)
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void CP24_eachEndpointIsForItsRoleAndThoseAbove(Endpoint endpoint) throws Exception {
        if (!endpoint.isOpen()) {
            refused(endpoint.ask(), 401, "unauthorized");
            refused(endpoint.ask("Authorization", "Bearer guessed"), 401, "unauthorized");
        }
        for (String role : ROLES) {
            if (endpoint.isFor(role)) {
                assertThat(endpoint.ask(as(role)).status()).as(role).isEqualTo(200);
            } else {
                refused(endpoint.ask(as(role)), 403, "forbidden");
            }
        }
        if (endpoint.isOpen()) {
            assertThat(endpoint.ask().status()).isEqualTo(200);
        } else if (endpoint.peers()) {
            assertThat(endpoint.ask(as("peer")).status()).isEqualTo(200);
        } else {
            refused(endpoint.ask(as("peer")), 403, "forbidden");
        }
    }

    private static void refused(JsonClient.Reply reply, int status, String code) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        assertThat(names(reply.body()))
                .contains("success", "status", "message", "error_code", "details", "detail", "timestamp", "request_id");
        assertThat(reply.body().path("error_code").asText()).isEqualTo(code);
        assertThat(reply.header("X-Correlation-ID")).isNotEmpty();
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @ParameterizedTest
    @MethodSource("endpoints")
    void eachAnswerHasTheFieldsOfTheContract(Endpoint endpoint) throws Exception {
        JsonClient.Reply reply = endpoint.ask(
                "Authorization", "Bearer token-of-operator", "X-Correlation-ID", "table-1", "X-Request-ID", "req-1");

        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        assertThat(reply.body().path("success").asBoolean()).isTrue();
        assertThat(reply.body().path("request_id").asText()).isEqualTo("req-1");
        assertThat(reply.header("X-Request-ID")).isEqualTo("req-1");
        assertThat(reply.header("X-Correlation-ID")).isEqualTo("table-1");
        assertThat(names(reply.body())).contains("timestamp").containsAll(endpoint.fields());
        assertThat(reply.body().has("data")).isEqualTo(endpoint.fields().contains("message"));
        assertThat(names(reply.body().path("data"))).containsAll(endpoint.data());
    }

    @Test
    void whatStandsInListsHasTheFieldsOfTheContract() throws Exception {
        endpoints().get(11).ask(as("operator"));
        assertThat(names(get("/registry").at("/services/0")))
                .containsExactlyInAnyOrder(
                        "name", "base_url", "openapi_url", "endpoints", "metadata", "registered_at", "origin");
        assertThat(get("/services").path("data").isArray()).isTrue();
        assertThat(names(get("/services").at("/data/0"))).contains("name", "base_url", "origin");
        assertThat(names(get("/workflows").at("/data/workflows/full_ingestion")))
                .containsExactlyInAnyOrder(
                        "name", "description", "services", "parameters", "version", "source", "enabled");
        assertThat(names(get("/workflows/history").at("/items/0")))
                .containsExactlyInAnyOrder(
                        "correlation_id",
                        "steps",
                        "saga_id",
                        "run_id",
                        "workflow_id",
                        "status",
                        "started_at",
                        "completed_at",
                        "duration_ms",
                        "steps_executed",
                        "error_message");
        assertThat(names(get("/infrastructure/saga/" + run).at("/steps/0")))
                .containsExactlyInAnyOrder(
                        "step_id",
                        "service_name",
                        "action",
                        "payload",
                        "compensation",
                        "compensation_payload",
                        "status",
                        "error",
                        "retry_count",
                        "max_retries");
        JsonNode event = get("/infrastructure/events/history").at("/events/0");
        assertThat(names(event))
                .containsExactlyInAnyOrder(
                        "event_id",
                        "event_type",
                        "channel",
                        "payload",
                        "metadata",
                        "timestamp",
                        "correlation_id",
                        "source_service",
                        "trace_id",
                        "replay_count",
                        "max_replays");
        assertThat(names(event.path("metadata")))
                .contains(
                        "sequence_id",
                        "timestamp",
                        "priority",
                        "correlation_id",
                        "source_service",
                        "retry_count",
                        "max_retries");
        assertThat(event.at("/metadata/sequence_id").asText()).matches("orchestrator:\\d+:\\d+");
        JsonNode trace = get("/infrastructure/tracing/trace/" + run);
        assertThat(names(trace.at("/spans/0")))
                .containsExactlyInAnyOrder(
                        "span_id",
                        "trace_id",
                        "parent_span_id",
                        "service_name",
                        "operation_name",
                        "start_time",
                        "end_time",
                        "duration",
                        "status",
                        "tags",
                        "logs",
                        "error");
        assertThat(names(get("/prompts/categories").at("/data/0"))).contains("name");
        assertThat(names(get("/workflows/status").at("/workflows/0"))).containsExactly("id", "status");
        assertThat(names(get("/health/system").at("/services/reporting")))
                .containsExactly("status", "response_time_ms");
    }

    private static JsonNode get(String path) throws Exception {
        return http.get(path, as("viewer")).body();
    }

    @Test
    void figuresComeAsTextForWhoAsksForIt() throws Exception {
        String token = "Bearer token-of-viewer";
        for (JsonClient.Reply text : List.of(
                http.get("/metrics?format=prometheus", "Authorization", token),
                http.get("/metrics", "Authorization", token, "Accept", "text/plain"),
                http.get(
                        "/metrics",
                        "Authorization",
                        token,
                        "Accept",
                        "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"))) {
            assertThat(text.status()).isEqualTo(200);
            assertThat(text.header("Content-Type")).startsWith("text/plain; version=0.0.4");
            assertThat(text.body().asText())
                    .contains("segno_runs_started_total{orchestration=\"full_ingestion\"}")
                    .contains("segno_service_calls_total");
        }
        assertThat(http.get("/metrics", "Authorization", token, "Accept", "application/json")
                        .body()
                        .path("data")
                        .has("dlq"))
                .isTrue();
    }

    @Test
    void unknownPathsAndMethodsAreRefusedAlike() throws Exception {
        refused(http.get("/none-such", as("operator")), 404, "not_found");
        refused(http.get("/ingest", as("operator")), 405, "method_not_allowed");
        refused(http.get("/health/dependency/none-such", as("viewer")), 404, "not_found");
        refused(http.get("/prompts/search/summarization/none-such", as("viewer")), 404, "not_found");
        refused(http.get("/prompts/search/summarization/" + "n".repeat(101), as("viewer")), 400, "validation_error");
        refused(http.post("/prompts/usage", "{}", as("operator")), 422, "validation_error");
    }

    /** No endpoint of the document is missing here, and none here is missing there. */
    @Test
    void theTableIsWhatIsServed() throws Exception {
        Set<String> described = new TreeSet<>();
        http.get("/openapi.json", as("viewer"))
                .body()
                .path("paths")
                .properties()
                .forEach(path -> names(path.getValue())
                        .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " "
                                + path.getKey().replaceAll("/\\{[^}]*}", "/*"))));
        // The node's own, which are described on every port.
        described.removeIf(operation -> operation.matches("[A-Z]+ /(api/.*|docs(/.*)?|redoc(/.*)?|openapi\\.json)"));
        Stream<String> listed = endpoints().stream()
                .map(endpoint -> endpoint.method() + " "
                        + endpoint.path()
                                .replaceAll("/(RUN|github-agent|reporting)$", "/*")
                                .replace("summarization/short", "*/*"));
        assertThat(listed).containsExactlyInAnyOrderElementsOf(described);
    }
}
