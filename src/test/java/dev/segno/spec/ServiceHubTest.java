package dev.segno.spec;

import static net.javacrumbs.jsonunit.assertj.JsonAssertions.assertThatJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.Application;
import dev.segno.camel.service.ServiceCalls;
import dev.segno.control.Settings;
import dev.segno.sandbox.Sandbox;
import dev.segno.sandbox.SandboxSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operations of the service hub's contract over HTTP, by the numbers of its cases. */
class ServiceHubTest {

    private static final List<String> SERVICES = List.of("identity", "content", "communication", "workflow");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PASSWORD = "Carls-Passw0rd";
    private static final String CARL = "{\"email\":\"carl@example.test\",\"password\":\"" + PASSWORD
            + "\",\"first_name\":\"Carl\",\"last_name\":\"Cook\"}";
    private static final String NOTIFICATIONS = "/api/v1/notifications";

    @TempDir
    private static Path directory;

    private static Sandbox sandbox;
    private static Application application;
    private static JsonClient http;

    @BeforeAll
    static void start() throws Exception {
        sandbox = Sandbox.start(SandboxSettings.onFreePorts("k"));
        application = start("data", Map.of("HUB_CHECK_INTERVAL", "200"));
        http = ServedPackage.client(application);
    }

    private static Application start(String data, Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of("HUB_RETRY_DELAY", "100", "HUB_HEALTH_TRIES", "1"));
        settings.putAll(ServedPackage.addresses(sandbox, SERVICES));
        settings.putAll(more);
        return ServedPackage.start("service-hub", directory.resolve(data), Settings.of(settings));
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
        for (String service : SERVICES) {
            of(service).reset();
        }
        of("hub-gateway").reset();
    }

    private static StandInClient of(String service) {
        return new StandInClient(sandbox.uri(service));
    }

    private static void fault(String service, String fault) throws Exception {
        of(service).control(fault.replace('\'', '"'));
    }

    private static JsonNode run(String operation, String body) throws Exception {
        return run(http, operation, body);
    }

    private static JsonNode run(JsonClient client, String operation, String body) throws Exception {
        JsonClient.Reply reply = client.post("/orchestrations/" + operation + "?wait=30s", body.replace('\'', '"'));
        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(200);
        assertThat(reply.body().path("duration").asDouble()).isPositive();
        assertThat(reply.body().path("operation_id").asText()).matches("[a-z_]+_\\d{13}_[0-9a-z]{9}");
        return reply.body();
    }

    private static List<JsonNode> calls(String service, String path) throws Exception {
        return of(service).calls(path);
    }

    private static void succeeded(JsonNode result) {
        assertThat(result.path("success").asBoolean()).as(result.toString()).isTrue();
        assertThat(result.has("error")).isFalse();
    }

    @Test
    void SH_02_SH_21_aUserIsOnboardedAndThePasswordIsNowhere() throws Exception {
        JsonNode result = run("user-onboarding", CARL);

        succeeded(result);
        assertThat(result.at("/details/partial").asBoolean()).isFalse();
        assertThat(result.at("/data/user/email").asText()).isEqualTo("carl@example.test");
        assertThat(result.at("/data/defaultDocuments")).hasSize(3);
        assertThat(result.at("/data/initialWorkflows")).hasSize(3);
        assertThatJson(calls("identity", "/api/v1/auth/register").get(0).path("body"))
                .isEqualTo(CARL);
        assertThatJson(calls("identity", "/api/v1/auth/login").get(0).path("body"))
                .isEqualTo("{email: 'carl@example.test', password: '" + PASSWORD + "'}");
        JsonNode welcome = calls("communication", NOTIFICATIONS).get(0);
        assertThat(calls("communication", NOTIFICATIONS)).hasSize(1);
        assertThat(welcome.at("/body/type").asText()).isEqualTo("success");
        assertThat(welcome.at("/body/recipient_id").asText()).isEqualTo("user-3");
        assertThat(welcome.at("/body/title").asText()).contains("Carl");
        assertThat(welcome.at("/headers/x-correlation-id").asText())
                .isEqualTo(result.path("operation_id").asText());
        assertThatJson(calls("content", "/api/v1/documents").get(0).path("query"))
                .isEqualTo("{limit: '5', offset: '0', is_template: 'true'}");
        assertThatJson(calls("workflow", "/api/v1/workflows").get(0).path("query"))
                .isEqualTo("{limit: '3', offset: '0', status: 'template'}");

        JsonNode again = http.get(
                        "/orchestrations/runs/" + result.path("run_id").asText())
                .body();
        assertThat(again.path("data")).isEqualTo(result.path("data"));
        assertThat(again.path("steps").findValuesAsText("key"))
                .contains("register", "login", "forget-password")
                .hasSize(6);
        again.path("steps")
                .forEach(step ->
                        assertThat(step.path("attempts")).as(step.toString()).hasSize(1));
        assertThat(http.get("/api/runs/" + result.path("run_id").asText())
                        .body()
                        .toString())
                .doesNotContain(PASSWORD);
        assertThat(http.get("/api/traces/" + result.path("run_id").asText())
                        .body()
                        .toString())
                .doesNotContain(PASSWORD);
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(PASSWORD);
            }
        }
    }

    @Test
    void theSameKeyFindsTheSameOperation() throws Exception {
        String[] key = {"Idempotency-Key", "carl-once"};
        JsonNode first =
                http.post("/orchestrations/user-onboarding?wait=30s", CARL, key).body();
        JsonNode second =
                http.post("/orchestrations/user-onboarding?wait=30s", CARL, key).body();
        JsonClient.Reply other =
                http.post("/orchestrations/user-onboarding?wait=30s", CARL.replace(PASSWORD, "another-password"), key);

        assertThat(second.path("run_id")).isEqualTo(first.path("run_id"));
        assertThat(second.path("operation_id")).isEqualTo(first.path("operation_id"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(calls("identity", "/api/v1/auth/register")).hasSize(1);
    }

    @Test
    void withoutWaitingTheResultIsElsewhere() throws Exception {
        JsonClient.Reply accepted = http.post("/orchestrations/search-and-trigger", "{\"query\":\"contract\"}");

        assertThat(accepted.status()).isEqualTo(202);
        String run = accepted.body().path("run_id").asText();
        assertThat(accepted.header("Location")).isEqualTo("/orchestrations/runs/" + run);
        await().atMost(PATIENCE)
                .until(() -> http.get("/orchestrations/runs/" + run)
                        .body()
                        .path("success")
                        .asBoolean());
        assertThat(http.get("/orchestrations/runs/none").status()).isEqualTo(404);
        assertThat(http.post("/orchestrations/search-and-trigger", "{}").status())
                .isEqualTo(400);
    }

    @Test
    void whatIsNotValidIsAResultAndCallsNobody() throws Exception {
        for (String wrong : List.of(
                CARL.replace("carl@example.test", "carl"),
                CARL.replace(PASSWORD, "short"),
                CARL.replace("\"Carl\"", "\"\""))) {
            JsonNode result =
                    http.post("/orchestrations/user-onboarding", wrong).body();
            assertThat(result.at("/details/code").asText()).as(wrong).isEqualTo("validation_error");
            assertThat(result.path("success").asBoolean(true)).isFalse();
        }
        assertThat(http.post("/orchestrations/search-and-trigger", "{\"query\":\"  \"}")
                        .body()
                        .at("/details/code")
                        .asText())
                .isEqualTo("validation_error");
        assertThat(calls("identity", "/api/v1/auth/register")).isEmpty();
    }

    @Test
    void SH_03_aWrongPasswordIsTriedOnce() throws Exception {
        JsonNode result = run("user-onboarding", CARL.replace("carl@", "ann@"));

        assertThat(result.path("success").asBoolean(true)).isFalse();
        assertThat(result.path("error").asText()).contains("Invalid credentials");
        assertThat(result.at("/serviceErrors/identity").asText()).contains("Invalid credentials");
        assertThat(calls("identity", "/api/v1/auth/login")).hasSize(1);
        assertThat(calls("communication", NOTIFICATIONS)).isEmpty();
        assertThat(calls("content", "/api/v1/documents")).isEmpty();
        assertThat(calls("workflow", "/api/v1/workflows")).isEmpty();
    }

    @Test
    void SH_04_aLoginIsTriedAgain() throws Exception {
        fault("identity", "{'path':'/api/v1/auth/login','fault':'status','value':503,'times':2}");

        JsonNode result = run("user-onboarding", CARL);

        succeeded(result);
        assertThat(result.at("/details/attempts/login").asInt()).isEqualTo(3);
        List<JsonNode> logins = calls("identity", "/api/v1/auth/login");
        assertThat(logins).hasSize(3);
        for (int n = 1; n < 3; n++) {
            assertThat(Duration.between(
                            Instant.parse(logins.get(n - 1).path("start").asText()),
                            Instant.parse(logins.get(n).path("start").asText())))
                    .isGreaterThan(Duration.ofMillis(99));
        }
    }

    @Test
    void SH_05_withoutCommunicationTheRestIsDone() throws Exception {
        fault("communication", "{'path':'*','fault':'status','value':503}");

        JsonNode result = run("user-onboarding", CARL);

        succeeded(result);
        assertThat(result.at("/details/partial").asBoolean()).isTrue();
        assertThat(result.at("/data/welcomeNotification").isNull()).isTrue();
        assertThat(result.at("/data/defaultDocuments")).hasSize(3);
        assertThat(result.at("/data/initialWorkflows")).hasSize(3);
        assertThat(result.at("/serviceErrors/communication").asText()).isEqualTo("503 Service Unavailable");
        assertThat(calls("communication", NOTIFICATIONS)).hasSize(4);
    }

    @Test
    void anExhaustedRequiredStepIsADeadLetterThatCanBeRetried() throws Exception {
        fault("content", "{'path':'/api/v1/search','fault':'status','value':500,'times':4}");

        JsonNode result = run("search-and-trigger", "{'query':'contract'}");

        assertThat(result.path("success").asBoolean(true)).isFalse();
        assertThat(result.at("/details/code").asText()).isEqualTo("parked");
        assertThat(http.get("/api/dead-letters?orchestration=search-and-trigger")
                        .body()
                        .toString())
                .contains(result.path("run_id").asText());
        http.post("/api/runs/" + result.path("run_id").asText() + "/retry", "");
        await().atMost(PATIENCE)
                .until(() -> http.get(
                                "/orchestrations/runs/" + result.path("run_id").asText())
                        .body()
                        .path("success")
                        .asBoolean());
    }

    @Test
    void SH_06_aTimeoutCutsOffWhatIsUnderWay() throws Exception {
        try (Application hasty = start("hasty", Map.of("HUB_TIMEOUT", "500"))) {
            run(ServedPackage.client(hasty), "search-and-trigger", "{'query':'warm up'}");
            fault("content", "{'path':'/api/v1/search','fault':'delay','value':20000}");

            JsonNode result = run(ServedPackage.client(hasty), "search-and-trigger", "{'query':'contract'}");

            assertThat(result.path("success").asBoolean(true)).isFalse();
            assertThat(result.path("error").asText()).isEqualTo("timed out after 500 ms");
            assertThat(result.path("duration").asDouble()).isBetween(450.0, 10_000.0);
            await().atMost(PATIENCE)
                    .until(() -> calls("content", "/api/v1/search").stream()
                            .anyMatch(call -> call.path("callerGone").asBoolean()));
        }
    }

    @Test
    void SH_07_aWorkflowWorksOnADocument() throws Exception {
        JsonNode result =
                run("document-ai", "{'document_id':'doc-1','workflow_id':'wf-ai','notify_users':['u1','u2','u1']}");

        succeeded(result);
        assertThat(result.at("/data/execution/status").asText()).isEqualTo("running");
        assertThat(result.at("/data/notifications")).hasSize(2);
        assertThatJson(calls("workflow", "/api/v1/workflows/wf-ai/execute")
                        .get(0)
                        .path("body"))
                .isEqualTo("{input_data: {document_id: 'doc-1', document_content: 'The text of contract 1'},"
                        + " execution_mode: 'asynchronous'}");
        for (JsonNode call : calls("communication", NOTIFICATIONS)) {
            assertThat(call.at("/body/data/execution_id").asText()).isEqualTo("execution-1");
            assertThat(call.at("/body/message").asText()).contains("Contract 1");
        }
        JsonNode none = run("document-ai", "{'document_id':'nope','workflow_id':'wf-ai'}");
        assertThat(none.path("error").asText()).isEqualTo("Document nope not found");
        assertThat(calls("workflow", "/api/v1/workflows/wf-ai/execute")).hasSize(1);
    }

    @Test
    void SH_08_anUnknownWorkflowIsNotExecuted() throws Exception {
        JsonNode result = run("document-ai", "{'document_id':'doc-1','workflow_id':'nope','notify_users':['u1']}");

        assertThat(result.path("error").asText()).isEqualTo("Workflow nope not found");
        assertThat(calls("workflow", "/api/v1/workflows/nope/execute")).isEmpty();
        assertThat(calls("communication", NOTIFICATIONS)).isEmpty();
        JsonNode paused = run("document-ai", "{'document_id':'doc-1','workflow_id':'wf-paused'}");
        assertThat(paused.path("error").asText()).contains("Workflow is paused");
    }

    @Test
    void SH_09_aSearchStartsWorkflows() throws Exception {
        JsonNode result = run("search-and-trigger", "{'query':'contract','notify_users':['u1']}");

        succeeded(result);
        assertThat(result.at("/data/searchResults/total").asInt()).isEqualTo(12);
        assertThat(result.at("/data/relevantDocuments")).hasSize(5);
        assertThat(result.at("/data/workflowsTriggered")).hasSize(2);
        assertThatJson(calls("content", "/api/v1/search").get(0).path("body"))
                .isEqualTo("{query: 'contract', limit: 20, sort_by: 'relevance', sort_order: 'desc'}");
        JsonNode told = calls("communication", NOTIFICATIONS).get(0).path("body");
        assertThat(told.path("message").asText()).contains("12");
        assertThat(told.at("/data/workflows_triggered").asInt()).isEqualTo(2);

        fault("workflow", "{'path':'/api/v1/workflows/wf-search/execute','fault':'status','value':400}");
        JsonNode half = run("search-and-trigger", "{'query':'contract','notify_users':['u1']}");
        assertThat(half.at("/data/workflowsTriggered")).hasSize(1);
        assertThat(half.at("/details/partial").asBoolean()).isTrue();
    }

    @Test
    void SH_10_aSearchMayStartNothing() throws Exception {
        succeeded(run("search-and-trigger", "{'query':'contract','trigger_workflows':false,'notify_users':['u1']}"));
        succeeded(run("search-and-trigger", "{'query':'nothing-like-it','notify_users':['u1']}"));

        assertThat(of("workflow").sandbox().path("calls"))
                .allMatch(call -> call.path("path").asText().equals("/health"));
        assertThat(calls("communication", NOTIFICATIONS)).hasSize(2);
        assertThat(calls("communication", NOTIFICATIONS)
                        .get(1)
                        .at("/body/message")
                        .asText())
                .contains("Found 0");
    }

    @Test
    void SH_11_participantsAreFoundAndTold() throws Exception {
        JsonNode result = run(
                "collaboration",
                "{'document_id':'doc-2','participants':['ann@example.test','bob@example.test','no@example.test'],"
                        + "'workflow_template':'tpl-collab'}");

        succeeded(result);
        assertThat(result.at("/data/conversation/name").asText()).isEqualTo("Collaboration: Contract 2");
        assertThat(result.at("/data/participants").findValuesAsText("id")).containsExactly("user-1", "user-2");
        assertThat(result.at("/data/workflow/status").asText()).isEqualTo("running");
        assertThat(result.at("/serviceErrors/identity").asText()).contains("no@example.test");
        assertThat(calls("communication", NOTIFICATIONS).stream()
                        .map(call -> call.at("/body/recipient_id").asText()))
                .containsExactlyInAnyOrder("user-1", "user-2");
        assertThatJson(calls("workflow", "/api/v1/workflows/tpl-collab/execute")
                        .get(0)
                        .at("/body/input_data"))
                .isEqualTo("{document_id: 'doc-2', conversation_id: 'conversation-1',"
                        + " participants: ['user-1', 'user-2']}");
    }

    @Test
    void SH_12_anUnknownTemplateLeavesTheConversation() throws Exception {
        JsonNode result = run(
                "collaboration",
                "{'document_id':'doc-2','participants':['ann@example.test'],'workflow_template':'tpl-none'}");

        succeeded(result);
        assertThat(result.at("/serviceErrors/workflow").asText()).contains("tpl-none");
        assertThat(result.path("data").has("workflow")).isFalse();
        assertThat(result.at("/data/conversation/id").asText()).isNotEmpty();
    }

    @Test
    void SH_13_asManyAreToldAtOnceAsABatchHas() throws Exception {
        String users = "{'query':'note','notify_users':"
                + IntStream.range(0, 25).mapToObj(n -> "'u" + n + "'").toList() + "}";
        fault("communication", "{'path':'" + NOTIFICATIONS + "','fault':'delay','value':20}");

        succeeded(run("search-and-trigger", users));

        assertThat(calls("communication", NOTIFICATIONS)).hasSize(25);
        assertThat(mostAtOnce("communication")).isBetween(2, 10);
        try (Application oneByOne = start("one-by-one", Map.of("HUB_ENABLE_BATCHING", "false"))) {
            of("communication").reset();
            fault("communication", "{'path':'" + NOTIFICATIONS + "','fault':'delay','value':20}");
            succeeded(run(ServedPackage.client(oneByOne), "search-and-trigger", users));
            assertThat(calls("communication", NOTIFICATIONS)).hasSize(25);
            assertThat(mostAtOnce("communication")).isEqualTo(1);
        }
    }

    @Test
    void aLongResultIsAnsweredAsAWhole() throws Exception {
        String users = "{'query':'contract','trigger_workflows':false,'notify_users':"
                + IntStream.range(0, 200)
                        .mapToObj(n -> "'" + "u".repeat(300) + n + "'")
                        .toList()
                + "}";

        JsonNode result = run("search-and-trigger", users);

        assertThat(result.at("/data/notificationsSent")).hasSize(200);
        assertThat(result.toString()).hasSizeGreaterThan(64 * 1024);
        assertThat(calls("communication", NOTIFICATIONS)).hasSize(200);
    }

    private static int mostAtOnce(String service) throws Exception {
        return calls(service, NOTIFICATIONS).stream()
                        .mapToInt(call -> call.path("overlaps").asInt())
                        .max()
                        .orElse(0)
                + 1;
    }

    @Test
    void SH_14_SH_15_healthIsAskedAndOnlyItsChangesAreTold() throws Exception {
        // What the tests before have left behind is noticed before anybody listens.
        await().atMost(PATIENCE).until(() -> overall().equals("healthy"));
        awaitChecks(2);
        try (Events events = new Events(application.port())) {
            assertThat(overall()).isEqualTo("healthy");
            // Three checks of the timer find nothing new.
            awaitChecks(3);
            assertThat(events.of("service_health_change")).noneMatch(event -> event.has("serviceName"));
            fault("content", "{'path':'/health','fault':'status','value':500}");
            await().atMost(PATIENCE)
                    .until(() -> events.of("service_health_change").stream()
                            .anyMatch(
                                    event -> event.path("serviceName").asText().equals("content")));
            assertThat(overall()).isEqualTo("degraded");
            awaitChecks(3);
            assertThat(events.of("service_health_change").stream()
                            .filter(event -> event.path("serviceName").asText().equals("content")))
                    .hasSize(1);
            of("identity").control("{\"health\":\"degraded\"}");
            fault("workflow", "{'path':'/health','fault':'close_before_work'}");
            assertThat(overall()).isEqualTo("unhealthy");
        }
        for (String service : SERVICES) {
            of(service).reset();
        }
        await().atMost(PATIENCE).until(() -> overall().equals("healthy"));
    }

    private static String overall() throws Exception {
        JsonNode health = http.get("/orchestrations/health").body();
        assertThat(health.at("/identity/service").asText()).isEqualTo("identity");
        return health.path("overall").asText();
    }

    private static void awaitChecks(int count) throws Exception {
        int before = calls("identity", "/health").size();
        await().atMost(PATIENCE).until(() -> calls("identity", "/health").size() >= before + count);
    }

    @Test
    void SH_16_SH_17_operationsAreToldAndCounted() throws Exception {
        // Behind the end of this one, those before it are counted too.
        try (Events earlier = new Events(application.port())) {
            String id = run("search-and-trigger", "{'query':'note'}")
                    .path("operation_id")
                    .asText();
            await().atMost(PATIENCE)
                    .until(() -> earlier.of("operation_complete").stream()
                            .anyMatch(
                                    event -> event.path("operationId").asText().equals(id)));
        }
        JsonNode before = http.get("/orchestrations/metrics").body();
        JsonNode good;
        JsonNode bad;
        try (Events events = new Events(application.port())) {
            good = run("user-onboarding", CARL);
            bad = run("document-ai", "{'document_id':'nope','workflow_id':'wf-ai'}");

            await().atMost(PATIENCE).until(() -> events.of("operation_error").size() == 1);
            String id = good.path("operation_id").asText();
            assertThat(events.all().stream()
                            .filter(event -> event.path("operationId").asText().equals(id))
                            .map(event -> event.path("type").asText()))
                    .containsExactly("operation_start", "operation_complete");
            assertThat(events.of("operation_start").get(0).at("/data/email").asText())
                    .isEqualTo("c***@example.test");
            assertThat(events.of("operation_error").get(0).path("operationId").asText())
                    .isEqualTo(bad.path("operation_id").asText());
            assertThat(events.of("operation_error").get(0).path("error").asText())
                    .isEqualTo("Document nope not found");
            assertThat(events.all().toString()).doesNotContain(PASSWORD);
            try (Events missed = new Events(application.port(), "Last-Event-ID", events.firstOperation())) {
                await().atMost(PATIENCE)
                        .until(() -> missed.of("operation_error").size() == 1);
                assertThat(missed.all().stream()
                                .filter(event ->
                                        event.path("operationId").asText().equals(id))
                                .map(event -> event.path("type").asText()))
                        .containsExactly("operation_complete");
            }
        }
        assertThat(http.get("/api/metrics").body().asText())
                .contains("segno_hub_operations_successful", "segno_hub_operations_failed");
        JsonNode after = http.get("/orchestrations/metrics").body();
        assertThat(after.path("totalOperations").asInt())
                .isEqualTo(before.path("totalOperations").asInt() + 2);
        assertThat(after.path("successfulOperations").asInt())
                .isEqualTo(before.path("successfulOperations").asInt() + 1);
        assertThat(after.path("failedOperations").asInt())
                .isEqualTo(before.path("failedOperations").asInt() + 1);
        double both = after.path("averageOperationTime").asDouble()
                        * after.path("totalOperations").asInt()
                - before.path("averageOperationTime").asDouble()
                        * before.path("totalOperations").asInt();
        assertThat(both)
                .isCloseTo(
                        good.path("duration").asDouble() + bad.path("duration").asDouble(), within(0.5));
        assertThat(after.path("uptime").asLong()).isPositive();
    }

    @Test
    void SH_20_aTokenThatIsOverIsRenewedOnce() throws Exception {
        of("identity").control("{\"tokenSeconds\":0}");
        JsonNode granted = of("identity")
                .post("/api/v1/auth/login", "{\"email\":\"ann@example.test\",\"password\":\"Passw0rd!1\"}")
                .body();
        of("identity").control("{\"tokenSeconds\":3600}");
        String gateway = sandbox.uri("hub-gateway").toString();
        Map<String, String> settings = new HashMap<>();
        SERVICES.forEach(service -> settings.put(ServiceCalls.addressSetting(service), gateway));
        settings.put("HUB_TOKEN", granted.path("access_token").asText());
        settings.put("HUB_TOKEN_REFRESH", granted.path("refresh_token").asText());
        settings.put("HUB_TOKEN_REFRESH_URL", gateway + "/api/v1/auth/refresh");
        settings.put("HUB_ENABLE_ALERTS", "false");
        try (Application behindGateway = start("gateway", settings)) {
            succeeded(run(
                    ServedPackage.client(behindGateway),
                    "search-and-trigger",
                    "{'query':'contract','notify_users':['u1']}"));
        }
        assertThat(calls("identity", "/api/v1/auth/refresh")).hasSize(1);
        assertThat(of("hub-gateway").sandbox().at("/records/refused").asInt()).isEqualTo(1);
    }

    /** Listens to the events of the service hub. */
    private static final class Events implements AutoCloseable {
        private final List<JsonNode> heard = new CopyOnWriteArrayList<>();
        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final InputStream stream;

        Events(int port, String... headers) throws Exception {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/orchestrations/events"));
            HttpResponse<InputStream> response = HttpClient.newHttpClient()
                    .send(
                            (headers.length == 0 ? request : request.headers(headers)).build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            stream = response.body();
            Thread reader = new Thread(this::read);
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines()
                        .peek(lines::add)
                        .filter(line -> line.startsWith("data: "))
                        .forEach(line -> heard.add(JsonClient.parse(line.substring("data: ".length()))));
            } catch (IOException | java.io.UncheckedIOException e) {
                // Closed: there is nothing more to hear.
            }
        }

        /** The id of the first event of an operation, which stands on the line before its name. */
        String firstOperation() {
            return lines.get(lines.indexOf("event: operation_start") - 1).substring("id: ".length());
        }

        List<JsonNode> all() {
            return new ArrayList<>(heard);
        }

        List<JsonNode> of(String type) {
            return heard.stream()
                    .filter(event -> event.path("type").asText().equals(type))
                    .toList();
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
