package dev.segno.spec;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.Application;
import dev.segno.control.Settings;
import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The workflows and jobs of the control plane's contract, over HTTP, by the numbers of its cases. There is no Redis, as in
 * case 4.
 */
class IngestionTest {

    private static final List<String> AGENTS =
            List.of("github-agent", "jira-agent", "confluence-agent", "swagger-agent");
    private static final Set<String> OPEN = Set.of("QUEUED", "RUNNING", "WAITING", "COMPENSATING");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String[] AS_OPERATOR = {"X-Api-Key", "operator-key"};
    private static final String[] AS_SUBMITTER = {"X-Api-Key", "submitter-key"};

    @TempDir
    private static Path directory;

    private static Sandbox sandbox;
    private static Application application;
    private static JsonClient http;

    @BeforeAll
    static void start() throws Exception {
        sandbox = Sandbox.start(SandboxSettings.onFreePorts("k"));
        application = start("data", settings());
        http = ServedPackage.client(application);
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "SEGNO_API_KEYS", "ops=operator-key",
                "SEGNO_SUBMITTER_KEYS", "sub=submitter-key",
                "HTTP_RETRY_BASE_MS", "10",
                "OUTBOUND_ALLOW_CIDRS", "127.0.0.0/8"));
        settings.putAll(ServedPackage.addresses(sandbox, Sandbox.names()));
        return settings;
    }

    private static Application start(String data, Map<String, String> settings) throws Exception {
        return ServedPackage.start("docs-ingestion", directory.resolve(data), Settings.of(settings));
    }

    @AfterAll
    static void stop() {
        if (application != null) {
            application.close();
        }
        sandbox.close();
    }

    @BeforeEach
    void emptySandbox() throws Exception {
        for (String name : Sandbox.names()) {
            of(name).reset();
        }
    }

    private static StandInClient of(String service) {
        return new StandInClient(sandbox.uri(service));
    }

    private static JsonClient.Reply post(String path, String body) throws Exception {
        return http.post(path, body, AS_OPERATOR);
    }

    private static JsonNode ok(JsonClient.Reply reply) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        assertThatJson(reply.body()).isObject().containsEntry("success", true).containsKeys("timestamp", "request_id");
        assertThat(reply.header("X-Correlation-ID")).isNotEmpty();
        return reply.body();
    }

    private static void refused(JsonClient.Reply reply, int status, String code) {
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(status);
        assertThatJson(reply.body())
                .isObject()
                .containsEntry("success", false)
                .containsEntry("status", "error")
                .containsEntry("error_code", code)
                .containsKeys("message", "details", "detail", "timestamp");
        assertThat(reply.body().path("request_id").asText()).isNotEmpty();
        assertThat(reply.header("X-Correlation-ID")).isNotEmpty();
    }

    private static JsonNode runAtEnd(JsonNode started) {
        String path = "/api/runs/" + started.path("run_id").asText();
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> http.get(path, AS_OPERATOR).body(),
                        run -> !OPEN.contains(run.path("state").asText("RUNNING")));
    }

    /** The calls that services received at a path, as service names in their order. */
    private static List<String> callers(List<String> services, String path) throws Exception {
        record Received(String service, String start) {}
        List<Received> all = new ArrayList<>();
        for (String service : services) {
            for (JsonNode call : of(service).calls(path)) {
                all.add(new Received(service, call.path("start").asText()));
            }
        }
        return all.stream()
                .sorted(Comparator.comparing(Received::start))
                .map(Received::service)
                .toList();
    }

    private static void fails(String service, String path) throws Exception {
        of(service).control("{\"path\":\"" + path + "\",\"fault\":\"status\",\"value\":500,\"times\":100}");
    }

    @Test
    void CP03_CP04_anIngestionOfOneSourceIsAcceptedAndRunsWithoutRedis() throws Exception {
        JsonNode accepted =
                ok(post("/ingest", "{\"source\":\"github\",\"scope\":{\"repo\":\"a/b\"},\"correlation_id\":\"cp3\"}"));

        assertThatJson(accepted)
                .isObject()
                .containsEntry("status", "accepted")
                .containsEntry("source", "github")
                .containsEntry("correlation_id", "cp3");
        assertThat(accepted.path("trace_id").asText()).matches("[0-9a-f]{32}");
        assertThat(runAtEnd(accepted).path("state").asText()).isEqualTo("COMPLETED");
        JsonNode call = of("github-agent").calls("/ingest").get(0);
        assertThat(call.at("/headers/x-correlation-id").asText()).isEqualTo("cp3");
        assertThat(call.at("/headers/traceparent").asText())
                .contains(accepted.path("trace_id").asText());
        assertThatJson(call.path("body")).isEqualTo("{source: 'github', scope: {repo: 'a/b'}, correlation_id: 'cp3'}");
        JsonNode events = ok(http.get("/infrastructure/events/history?correlation_id=cp3", AS_OPERATOR))
                .path("events");
        assertThat(events.findValuesAsText("event_type")).containsExactly("ingestion.requested", "ingestion.completed");
        assertThat(events.at("/0/event_id").asText())
                .isEqualTo(accepted.path("event_id").asText())
                .isNotEmpty();
        assertThat(events.at("/0/trace_id").asText())
                .isEqualTo(accepted.path("trace_id").asText());
        assertThat(events.at("/1/payload/artifacts")).hasSize(3);
        assertThatJson(events.at("/1/payload"))
                .isObject()
                .containsEntry("source", "github")
                .containsEntry("item_count", new BigDecimal(3))
                .containsEntry("correlation_id", "cp3");
        assertThatJson(events.at("/0/payload"))
                .isEqualTo("{source: 'github', scope: {repo: 'a/b'}, correlation_id: 'cp3', trace_id: '"
                        + accepted.path("trace_id").asText() + "'}");
    }

    @Test
    void anUnknownSourceIsAcceptedAndItsRunIsParked() throws Exception {
        JsonNode run = runAtEnd(ok(post("/ingest", "{\"source\":\"fax\"}")));

        assertThat(run.path("state").asText()).isEqualTo("PARKED");
        assertThat(run.at("/error/message").asText()).contains("No agent knows the source 'fax'");
    }

    @Test
    void CP05_aCorrelationIdHasAtMost255Characters() throws Exception {
        assertThat(ok(post("/ingest", ingestWith("x".repeat(255))))
                        .path("correlation_id")
                        .asText())
                .hasSize(255);
        refused(post("/ingest", ingestWith("x".repeat(256))), 400, "validation_error");
        for (String path : List.of("/ingest", "/workflows/run")) {
            JsonNode started = ok(post(path, ingestWith("")));
            assertThat(started.path("correlation_id").asText()).isNotEmpty();
            assertThat(runAtEnd(started).at("/attributes/correlation_id")).isEqualTo(started.path("correlation_id"));
        }
        refused(post("/ingest", ingestWith("<b>")), 400, "validation_error");
    }

    private static String ingestWith(String correlation) {
        return "{\"source\":\"github\",\"correlation_id\":\"" + correlation + "\"}";
    }

    @Test
    void CP06_allSixStepsRunOnceEachInTheirOrder() throws Exception {
        JsonNode started = ok(post("/workflows/run", "{\"correlation_id\":\"cp6\"}"));

        assertThatJson(started)
                .isObject()
                .containsEntry("status", "started")
                .containsEntry("correlation_id", "cp6")
                .containsKeys("saga_id", "run_id", "trace_id");
        assertThatJson(started)
                .node("steps")
                .isEqualTo("[{op: 'ingest', source: 'github'}, {op: 'ingest', source: 'jira'},"
                        + " {op: 'ingest', source: 'confluence'}, {op: 'ingest', source: 'swagger'}, {op: 'analyze'},"
                        + " {op: 'report'}]");
        assertThat(runAtEnd(started).path("state").asText()).isEqualTo("COMPLETED");
        assertThat(callers(AGENTS, "/ingest")).isEqualTo(AGENTS);
        for (String agent : AGENTS) {
            assertThat(of(agent).calls("/ingest"))
                    .singleElement()
                    .satisfies(call -> assertThat(
                                    call.at("/headers/x-correlation-id").asText())
                            .isEqualTo("cp6"));
        }
        assertThat(of("analysis-service").calls("/analyze")).hasSize(1);
        for (String type : List.of("ingestion.requested", "ingestion.completed")) {
            assertThat(events("correlation_id=cp6&event_type=" + type).findValuesAsText("source"))
                    .containsExactly("github", "jira", "confluence", "swagger");
        }
        JsonNode found = events("correlation_id=cp6&event_type=findings.created");
        assertThat(found).hasSize(1);
        assertThatJson(found.at("/0/payload"))
                .isEqualTo("{correlation_id: 'cp6', count: 2, severity_counts: {low: 1, med: 1}, trace_id: '"
                        + started.path("trace_id").asText() + "'}");
        assertThat(of("reporting").calls("/reports/generate")).hasSize(1);
        JsonNode history = ok(http.get("/workflows/history?correlation_id=cp6", AS_OPERATOR))
                .at("/items/0");
        assertThatJson(history)
                .isObject()
                .containsEntry("status", "completed")
                .containsEntry("workflow_id", "full_ingestion")
                .containsEntry("steps_executed", new BigDecimal(6));
        assertThat(saga(started).path("status").asText()).isEqualTo("completed");
        JsonNode trace = ok(http.get("/infrastructure/tracing/trace/cp6", AS_OPERATOR));
        assertThat(trace.path("trace_id")).isEqualTo(started.path("trace_id"));
        assertThat(trace.path("spans").findValuesAsText("status")).hasSize(13).containsOnly("completed");
        assertThat(ok(http.get("/infrastructure/tracing/service/jira-agent", AS_OPERATOR))
                        .path("spans")
                        .findValuesAsText("trace_id"))
                .contains(started.path("trace_id").asText());
    }

    private static JsonNode saga(JsonNode started) throws Exception {
        return ok(http.get("/infrastructure/saga/" + started.path("saga_id").asText(), AS_OPERATOR));
    }

    private static JsonNode events(String query) throws Exception {
        return ok(http.get("/infrastructure/events/history?" + query, AS_OPERATOR))
                .path("events");
    }

    @Test
    void anEventThatSaysWhatAnotherSaidShortlyBeforeNamesIt() throws Exception {
        String order = "{\"source\":\"jira\",\"correlation_id\":\"twice\"}";
        JsonNode first = ok(post("/ingest", order));
        runAtEnd(first);
        runAtEnd(ok(post("/ingest", order)));
        runAtEnd(ok(post("/ingest", order.replace("jira", "github"))));

        JsonNode requested = events("correlation_id=twice&event_type=ingestion.requested");

        assertThat(requested).hasSize(3);
        assertThat(requested.at("/0/metadata/duplicate_of").isNull()).isTrue();
        assertThat(requested.at("/1/metadata/duplicate_of").asText())
                .isEqualTo(first.path("event_id").asText());
        assertThat(requested.at("/2/metadata/duplicate_of").isNull()).isTrue();
    }

    @Test
    void theSameKeyFindsTheSameIngestion() throws Exception {
        String[] key = {"X-Api-Key", "operator-key", "Idempotency-Key", "ingest-once"};
        JsonNode first = ok(http.post("/ingest", "{\"source\":\"jira\"}", key));
        runAtEnd(first);

        JsonNode second = ok(http.post("/ingest", "{\"source\":\"jira\"}", key));

        for (String field : List.of("run_id", "event_id", "correlation_id", "trace_id")) {
            assertThat(second.path(field)).as(field).isEqualTo(first.path(field));
        }
        assertThat(second.path("duplicate").asBoolean()).isTrue();
        refused(http.post("/ingest", "{\"source\":\"github\"}", key), 409, "conflict");
    }

    /** What somebody sets about calls, and the pass over the dead letters that nobody asks for. */
    @Test
    void aParkedRunIsRetriedByItselfAndCallsAreMadeAsSettingsSay() throws Exception {
        Map<String, String> impatient = settings();
        impatient.putAll(Map.of(
                "segno.dead-letters.retried-every", "100ms",
                "HTTP_RETRY_ATTEMPTS", "2",
                "HTTP_CLIENT_TIMEOUT", "300ms"));
        try (Application other = start("impatient", impatient)) {
            JsonClient client = ServedPackage.client(other);
            of("reporting").control("{\"path\":\"/reports/generate\",\"fault\":\"delay\",\"value\":20000,\"times\":2}");
            refused(client.post("/report/request", "{}", AS_OPERATOR), 502, "service_communication_failed");
            assertThat(of("reporting").calls("/reports/generate")).hasSize(2);

            of("jira-agent").control("{\"path\":\"/ingest\",\"fault\":\"status\",\"value\":500,\"times\":2}");
            String path = "/api/runs/"
                    + ok(client.post("/ingest", "{\"source\":\"jira\"}", AS_OPERATOR))
                            .path("run_id")
                            .asText();
            JsonNode run = await().atMost(PATIENCE)
                    .until(
                            () -> client.get(path, AS_OPERATOR).body(),
                            found -> found.path("state").asText().equals("COMPLETED"));

            assertThat(run.path("retries").asInt()).isEqualTo(1);
            assertThat(of("jira-agent").calls("/ingest")).hasSize(3);

            fails("reporting", "/reports/generate");
            for (int i = 0; i < 9; i++) {
                refused(client.post("/report/request", "{}", AS_OPERATOR), 502, "service_communication_failed");
            }
            int asked = of("reporting").calls("/reports/generate").size();
            JsonClient.Reply open = client.post("/report/request", "{}", AS_OPERATOR);
            refused(open, 503, "circuit_open");
            assertThat(open.header("Retry-After")).isNotEmpty();
            assertThat(of("reporting").calls("/reports/generate")).hasSize(asked);
        }
    }

    @Test
    void theHistoryTellsHowManyRunsThereAreBeyondThoseItLists() throws Exception {
        for (int i = 0; i < 3; i++) {
            runAtEnd(ok(post("/ingest", "{\"source\":\"jira\"}")));
        }

        JsonNode all = ok(http.get("/workflows/history?workflow_id=ingest&limit=10000", AS_OPERATOR));
        JsonNode last = ok(http.get("/workflows/history?workflow_id=ingest&status=completed&limit=2", AS_OPERATOR));

        assertThat(all.path("total").asInt())
                .isEqualTo(all.path("count").asInt())
                .isGreaterThanOrEqualTo(3);
        assertThat(last.path("count").asInt()).isEqualTo(2);
        assertThat(last.path("total").asInt()).isGreaterThanOrEqualTo(3);
        assertThat(last.at("/items/1/run_id"))
                .isEqualTo(all.path("items").get(all.path("count").asInt() - 1).path("run_id"));
    }

    @Test
    void theSameKeyFindsTheSameRun() throws Exception {
        String[] key = {"X-Api-Key", "operator-key", "Idempotency-Key", "once"};
        JsonNode first = ok(http.post("/workflows/run", "{\"scope\":{\"a\":1}}", key));
        runAtEnd(first);

        JsonNode second = ok(http.post("/workflows/run", "{\"scope\":{\"a\":1}}", key));

        assertThat(second.path("run_id")).isEqualTo(first.path("run_id"));
        assertThat(second.path("correlation_id")).isEqualTo(first.path("correlation_id"));
        assertThat(second.path("duplicate").asBoolean()).isTrue();
        refused(http.post("/workflows/run", "{\"scope\":{\"a\":2}}", key), 409, "conflict");
        assertThat(of("github-agent").calls("/ingest")).hasSize(1);
    }

    @Test
    void anUnknownWorkflowIsNotFound() throws Exception {
        refused(post("/workflows/run", "{\"workflow_id\":\"none-such\"}"), 404, "not_found");
        JsonNode single =
                ok(post("/workflows/run", "{\"workflow_id\":\"ingest\",\"parameters\":{\"source\":\"jira\"}}"));
        assertThat(runAtEnd(single).path("state").asText()).isEqualTo("COMPLETED");
    }

    @Test
    void CP08_aStepThatFailsForGoodWaitsAndWhatWentBeforeIsNotRepeated() throws Exception {
        fails("jira-agent", "/ingest");

        JsonNode started = ok(post("/workflows/run", "{\"correlation_id\":\"cp8\"}"));
        JsonNode run = runAtEnd(started);

        assertThat(run.path("state").asText()).isEqualTo("PARKED");
        assertThat(ok(http.get("/workflows/history?correlation_id=cp8", AS_OPERATOR))
                        .at("/items/0/status")
                        .asText())
                .isEqualTo("failed");
        JsonNode deadLetters = ok(http.get("/infrastructure/dlq/stats", AS_OPERATOR));
        assertThat(deadLetters.path("queued_events").asInt()).isPositive();
        assertThat(deadLetters.at("/events_by_service/jira-agent").asInt()).isPositive();
        assertThat(saga(started).path("steps").findValuesAsText("status")).containsExactly("completed", "failed");
        assertThat(of("github-agent").calls("/ingest")).hasSize(1);
        assertThat(of("jira-agent").calls("/ingest")).hasSize(3);
        assertThat(of("jira-agent").calls("/ingest").stream()
                        .map(call -> call.path("key").asText())
                        .distinct())
                .hasSize(1);
        assertThat(of("confluence-agent").calls("/ingest")).isEmpty();
        assertThat(callers(AGENTS, "/ingest/rollback")).isEmpty();
    }

    @Test
    void CP10_aRunThatIsToCompensateRollsBackInReverse() throws Exception {
        fails("analysis-service", "/analyze");

        JsonNode started = ok(post("/workflows/run", "{\"correlation_id\":\"cp10\",\"on_failure\":\"compensate\"}"));
        JsonNode run = runAtEnd(started);

        assertThat(run.path("state").asText()).isEqualTo("COMPENSATED");
        JsonNode saga = saga(started);
        assertThat(saga.path("status").asText()).isEqualTo("compensated");
        assertThatJson(saga.at("/steps/0"))
                .isObject()
                .containsEntry("service_name", "github-agent")
                .containsEntry("action", "/ingest")
                .containsEntry("compensation", "/ingest/rollback")
                .containsEntry("status", "compensated");
        assertThatJson(saga.at("/steps/0/compensation_payload"))
                .isEqualTo("{source: 'github', correlation_id: 'cp10'}");
        assertThatJson(of("github-agent").calls("/ingest/rollback").get(0).path("body"))
                .isEqualTo("{source: 'github', correlation_id: 'cp10'}");
        assertThat(callers(AGENTS, "/ingest/rollback"))
                .containsExactly("swagger-agent", "confluence-agent", "jira-agent", "github-agent");
        for (String agent : AGENTS) {
            assertThat(of(agent)
                            .calls("/ingest/rollback")
                            .get(0)
                            .at("/headers/x-correlation-id")
                            .asText())
                    .isEqualTo("cp10");
            assertThat(of(agent).sandbox().at("/records/documents").asInt()).isZero();
        }
        assertThat(of("reporting").calls("/reports/generate")).isEmpty();
    }

    @Test
    void CP17_aDocumentOfAMillionCharactersIsSavedAndALargerOneRefused() throws Exception {
        JsonNode saved = ok(post("/docstore/save", "{\"id\":\"d1\",\"content\":\"" + "x".repeat(1_000_000) + "\"}"));

        assertThat(saved.path("status").asText()).isEqualTo("saved");
        assertThat(saved.path("id").asText()).isEqualTo("d1");
        assertThat(saved.path("content_hash").asText()).isEqualTo(sha256("x".repeat(1_000_000)));
        refused(post("/docstore/save", "{\"content\":\"" + "x".repeat(1_000_001) + "\"}"), 413, "payload_too_large");
        refused(post("/docstore/save", "{\"id\":\"d1\"}"), 422, "validation_error");
        refused(post("/docstore/save", "{\"content\":\"\"}"), 422, "validation_error");
        assertThat(of("doc-store").calls("/documents"))
                .singleElement()
                .satisfies(call -> assertThat(call.path("key").asText()).isNotEmpty());
    }

    private static String sha256(String text) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void CP17_withoutADocStoreNothingIsSavedAndNothingIsCounted() throws Exception {
        // Nobody listens on that port.
        try (Application alone = start("alone", Map.of("REDIS_HOST", "127.0.0.1", "REDIS_PORT", "1"))) {
            JsonClient.Reply ready = ServedPackage.client(alone).get("/ready");
            assertThat(ready.status()).isEqualTo(503);
            assertThatJson(ready.body())
                    .isObject()
                    .containsEntry("ready", false)
                    .containsEntry("status", "not_ready")
                    .containsEntry("success", false);
            assertThatJson(ready.body()).node("checks").isEqualTo("{store: 'ok', redis: 'down', routes: 'ok'}");
            refused(
                    ServedPackage.client(alone).post("/docstore/save", "{\"content\":\"x\"}"),
                    503,
                    "service_unavailable");
            JsonNode skipped = ok(ServedPackage.client(alone).post("/jobs/recalc-quality", ""));
            assertThatJson(skipped)
                    .isObject()
                    .containsEntry("status", "skipped")
                    .containsEntry("reason", "doc store not configured")
                    .containsKey("message");
        }
    }

    @Test
    void CP18_aReportIsAskedForByItsKind() throws Exception {
        JsonNode report =
                ok(post("/report/request", "{\"kind\":\"life_of_ticket\",\"payload\":{\"ticket_id\":\"T-1\"}}"));

        assertThatJson(of("reporting").calls("/reports/life-of-ticket").get(0).path("body"))
                .isEqualTo("{ticket_id: 'T-1', format: 'json'}");
        assertThatJson(report.path("data"))
                .isObject()
                .containsEntry("kind", "life_of_ticket")
                .containsEntry("format", "json")
                .containsEntry("status", "generated")
                .containsKeys("report_id", "generated_at");
        assertThat(report.at("/data/report/ticket_id").asText()).isEqualTo("T-1");
        assertThat(ok(post("/report/request", "")).at("/data/kind").asText()).isEqualTo("generate");
        refused(post("/report/request", "{\"kind\":\"x\"}"), 400, "validation_error");
        refused(post("/report/request", "{\"format\":\"doc\"}"), 400, "validation_error");
    }

    @Test
    void aReportThatCannotBeMadeIsAskedForThreeTimes() throws Exception {
        fails("reporting", "/reports/generate");

        refused(post("/report/request", "{}"), 502, "service_communication_failed");

        assertThat(of("reporting").calls("/reports/generate"))
                .hasSize(3)
                .extracting(call -> call.path("key").asText())
                .containsOnly(of("reporting")
                        .calls("/reports/generate")
                        .get(0)
                        .path("key")
                        .asText());
    }

    @Test
    void CP19_sensitiveTextGoesToSecureModelsUnlessAnOperatorOverrides() throws Exception {
        String text = "\"content\":\"my ssn is 123-45-6789\"";
        JsonNode summary = ok(post("/summarization/suggest", "{" + text + "}"));

        assertThat(summary.at("/data/suggestion/sensitive").asBoolean()).isTrue();
        assertThat(summary.at("/data/policy_override").asBoolean(true)).isFalse();
        summary.at("/data/providers_used")
                .forEach(provider -> assertThat(provider.path("name").asText()).isIn("bedrock", "ollama"));
        assertThat(summary.at("/data/providers_used")).isNotEmpty();
        assertThat(summary.path("suggestions")).isNotEmpty();
        String override = "{" + text + ",\"override_policy\":true}";
        JsonNode overridden = ok(post("/summarization/suggest", override));
        assertThat(overridden.at("/data/providers").isNull()).isTrue();
        assertThat(overridden.at("/data/policy_override").asBoolean()).isTrue();
        refused(http.post("/summarization/suggest", override, AS_SUBMITTER), 403, "forbidden");
        assertThat(ok(http.post("/summarization/suggest", "{" + text + "}", AS_SUBMITTER))
                        .path("data"))
                .isNotEmpty();
    }

    @Test
    void aTextIsNotSummarizedWhenNobodySaysWhoMaySeeIt() throws Exception {
        fails("secure-analyzer", "/suggest");

        refused(post("/summarization/suggest", "{\"content\":\"x\"}"), 502, "service_communication_failed");

        assertThat(of("secure-analyzer").calls("/summarize")).isEmpty();
        refused(
                post("/summarization/suggest", "{\"content\":\"x\",\"keyword_document\":\"http://10.0.0.1/k\"}"),
                400,
                "url_not_allowed");
    }

    @Test
    void CP20_theDemoShowsFindingsAndLogs() throws Exception {
        JsonNode started = ok(post("/workflows/run", "{\"correlation_id\":\"cp20\"}"));
        runAtEnd(started);
        for (String level : List.of("INFO", "INFO", "ERROR")) {
            of("log-collector").post("/logs", "{\"service\":\"shop\",\"level\":\"" + level + "\",\"message\":\"m\"}");
        }

        // The node's own requests are in the collector too.
        JsonNode demo = ok(post("/demo/e2e", "{\"format\":\"json\",\"log_limit\":50,\"log_service\":\"shop\"}"));

        assertThatJson(demo).node("summary").isEqualTo("{total: 2, by_severity: {low: 1, med: 1}}");
        assertThatJson(demo).node("log_analysis.overview").isEqualTo("{count: 3, by_level: {INFO: 2, ERROR: 1}}");
        assertThat(demo.at("/log_analysis/sample")).hasSize(3);
        refused(post("/demo/e2e", "{\"log_limit\":0}"), 400, "validation_error");
        refused(post("/demo/e2e", "{\"log_limit\":10001}"), 400, "validation_error");
        fails("reporting", "/reports/log_analysis");
        JsonNode half = ok(post("/demo/e2e", "{}"));
        assertThat(half.path("log_analysis").isNull()).isTrue();
        assertThat(half.at("/errors/0/report").asText()).isEqualTo("log_analysis");
        fails("reporting", "/reports/generate");
        refused(post("/demo/e2e", ""), 502, "service_communication_failed");
    }

    @Test
    void CP21_candidatesGoToTheWebhookInOneNotice() throws Exception {
        String hook = sandbox.uri("effects") + "/effects/hook";
        JsonNode sent =
                ok(post("/jobs/notify-consolidation", "{\"min_confidence\":0.5,\"webhook_url\":\"" + hook + "\"}"));

        assertThatJson(sent)
                .isObject()
                .containsEntry("status", "ok")
                .containsEntry("sent", new BigDecimal(1))
                .containsEntry("candidates", new BigDecimal(2));
        JsonNode notice = of("notification").calls("/notify").get(0).path("body");
        assertThat(of("notification").calls("/notify")).hasSize(1);
        assertThat(notice.path("message").asText().lines())
                .containsExactly("c-1 0.92 grace duplicate", "c-2 0.50 ada stale,low_views");
        assertThat(notice.path("target").asText()).isEqualTo(hook);
        assertThat(of("effects").calls("/effects/hook")).hasSize(1);
        refused(post("/jobs/notify-consolidation", "{\"min_confidence\":1.1}"), 400, "validation_error");
        refused(
                post("/jobs/notify-consolidation", "{\"webhook_url\":\"http://169.254.169.254/\"}"),
                400,
                "url_not_allowed");
    }

    @Test
    void withoutAWebhookEachOwnerIsToldAndWhoIsNotIsListed() throws Exception {
        of("notification")
                .control(
                        "{\"path\":\"/notify\",\"match\":{\"target\":\"ada@example.org\"},\"fault\":\"status\",\"value\":400}");

        JsonNode sent = ok(post("/jobs/notify-consolidation", ""));

        assertThatJson(sent).node("failed").isEqualTo("['ada@example.org']");
        assertThat(sent.path("sent").asInt()).isEqualTo(1);
        assertThat(sent.path("candidates").asInt()).isEqualTo(3);
    }

    @Test
    void flaggedDocumentsAreCountedAndTheirOwnersTold() throws Exception {
        post("/docstore/save", "{\"id\":\"d1\",\"content\":\"a\",\"metadata\":{\"owner\":\"ada\",\"views\":0}}");
        post("/docstore/save", "{\"id\":\"d2\",\"content\":\"b\",\"metadata\":{\"owner\":\"ada\",\"views\":9}}");

        JsonNode quality = ok(post("/jobs/recalc-quality", ""));

        assertThat(quality.path("status").asText()).isEqualTo("success");
        assertThat(quality.path("flagged").asInt()).isEqualTo(1);
        assertThatJson(quality.path("data"))
                .isObject()
                .containsEntry("checked", new BigDecimal(2))
                .containsEntry("notified", new BigDecimal(1))
                .containsKey("timestamp");
        fails("doc-store", "/documents/quality");
        refused(post("/jobs/recalc-quality", ""), 502, "service_communication_failed");
    }

    @Test
    void logLinesAreAnalyzed() throws Exception {
        of("log-collector")
                .post(
                        "/logs/batch",
                        "[{\"service\":\"shop\",\"level\":\"ERROR\",\"message\":\"down\"},"
                                + "{\"service\":\"shop\",\"level\":\"INFO\",\"message\":\"http_request\","
                                + "\"context\":{\"path\":\"/a\",\"duration_ms\":30}}]");

        JsonNode analysis = ok(post("/jobs/log-analysis", "{\"service\":\"shop\",\"limit\":50}"));

        assertThatJson(of("log-collector").calls("/logs").get(0).path("query"))
                .isEqualTo("{service: 'shop', level: '', limit: '50'}");

        assertThatJson(analysis).node("overview.by_level").isEqualTo("{ERROR: 1, INFO: 1}");
        assertThatJson(analysis).node("errors_by_service").isEqualTo("{shop: 1}");
        assertThatJson(analysis).node("error_rate_by_service").isEqualTo("{shop: 0.5}");
        assertThatJson(analysis).node("top_messages").isEqualTo("[{message: 'down', count: 1}]");
        assertThat(analysis.at("/slowest_paths/0/path").asText()).isEqualTo("/a");
        assertThat(analysis.path("report_id").asText()).isNotEmpty();
        assertThat(analysis.path("sample")).hasSize(2);
    }

    @Test
    void questionsAreInterpreted() throws Exception {
        assertThat(ok(post("/query", "{\"query\":\"Which reports are there?\"}"))
                        .at("/data/intent")
                        .asText())
                .isEqualTo("report");
        JsonNode executed = ok(post("/query/execute", "{\"query\":\"Import everything\",\"correlation_id\":\"q1\"}"));
        assertThat(runAtEnd(executed.path("data")).path("state").asText()).isEqualTo("COMPLETED");
        assertThat(ok(post("/query/execute", "{\"query\":\"Where is it?\"}"))
                        .at("/data")
                        .has("run_id"))
                .isFalse();
        refused(post("/query", "{\"query\":\"\"}"), 422, "validation_error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/workflows/run",
                "/ingest",
                "/demo/e2e",
                "/jobs/notify-consolidation",
                "/jobs/log-analysis",
                "/docstore/save",
                "/report/request",
                "/summarization/suggest",
                "/query",
                "/query/execute"
            })
    void CP23_whatIsNoJsonObjectIsRefused(String path) throws Exception {
        for (String body : List.of("invalid json {", "[]", "\"text\"")) {
            refused(post(path, body), 400, "validation_error");
        }
    }
}
