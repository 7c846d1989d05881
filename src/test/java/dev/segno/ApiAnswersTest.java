package dev.segno;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every operation is called for what it is for, and answers as it is described. */
class ApiAnswersTest {

    @TempDir
    private static Path directory;

    private static ApiNode node;
    private static DescribedApi api;
    private static final Set<String> SUCCEEDED = new LinkedHashSet<>();

    @BeforeAll
    static void start() throws Exception {
        node = new ApiNode(directory);
        api = new DescribedApi(node.send("viewer", "GET", "/openapi.json", ""));
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    /** Calls an operation with the parameters of its path in their order, as the role that it asks for. */
    private static HttpResponse<String> call(String id, int status, String query, String body, String... path)
            throws Exception {
        return call(id, status, query, body, new String[0], path);
    }

    private static HttpResponse<String> call(
            String id, int status, String query, String body, String[] headers, String... path) throws Exception {
        DescribedApi.Operation operation = api.operation(id);
        String target = operation.path();
        for (String value : path) {
            target = target.replaceFirst("\\{[a-z]+}", value);
        }
        HttpResponse<String> answer = node.send(operation.role(), operation.method(), target + query, body, headers);
        assertThat(answer.statusCode()).as(operation + ": " + answer.body()).isEqualTo(status);
        api.requireFit(operation, answer);
        if (status < 300) {
            SUCCEEDED.add(id);
        }
        return answer;
    }

    private static JsonNode get(String id, String query, String... path) throws Exception {
        return ApiNode.json(call(id, 200, query, "", path));
    }

    private static String started(String orchestration, String state) throws Exception {
        String id = ApiNode.json(call("startRun", 202, "", "{\"token\":\"t1\"}", orchestration))
                .path("id")
                .asText();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("getRun", "", id).path("state").asText().equals(state));
        return id;
    }

    @Test
    void everyOperationAnswersAsDescribed() throws Exception {
        pages();
        runs();
        signals();
        deadLetters();
        sagas();
        schedules();
        orchestrations();
        routeFiles();
        refusedMessages();
        keys();
        controlPlane();
        get("listAuditEntries", "?limit=2");
        for (String figures : List.of("metrics", "figures")) {
            assertThat(call(figures, 200, "", "").body()).contains("segno_runs_started_total");
        }
        assertThat(api.operations().stream()
                        .map(DescribedApi.Operation::id)
                        .filter(id -> !SUCCEEDED.contains(id))
                        .collect(Collectors.toList()))
                .as("described, but never answered well here")
                .isEmpty();
    }

    private static void pages() throws Exception {
        assertThat(get("health", "").toString()).isEqualTo("{\"status\":\"ok\"}");
        JsonNode document = get("apiDocument", "");
        assertThat(document.toString()).doesNotContain("x-segno-setting", "x-segno-errors");
        assertThat(document.at("/paths/~1doors/get/operationId").asText()).isEqualTo("api.doors");
        assertThat(document.at("/paths/~1doors/get/security").toString()).isEqualTo("[{\"api.keys\":[]}]");
        assertThat(get("api.doors", "").toString()).isEqualTo("[\"front\"]");
        for (String page : List.of("swaggerUi", "redoc")) {
            HttpResponse<String> answer = call(page, 200, "", "");
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .contains(
                            "default-src 'none'", "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'");
            assertThat(answer.body())
                    .doesNotContainPattern("<script(?! src=\"/)")
                    .doesNotContain("http:", "https:");
            DescribedApi.Operation file = api.operation(page + "File");
            for (String part : answer.body().split("(?<=(src|href)=\")")) {
                String name = part.substring(part.lastIndexOf('/', part.indexOf('"')) + 1, part.indexOf('"'));
                if (part.startsWith(file.path().substring(0, file.path().lastIndexOf('/')))) {
                    call(file.id(), 200, "", "", name);
                }
            }
            call(file.id(), 404, "", "", "index.html");
        }
    }

    private static void runs() throws Exception {
        JsonNode ended = ApiNode.json(call("startRun", 200, "?wait=30s", "{\"a\":1}", "greet"));
        assertThat(ended.at("/output/said/a").asInt()).isEqualTo(1);
        String id = ended.path("id").asText();
        assertThat(get("listRuns", "?orchestration=greet&state=COMPLETED&limit=1")
                        .at("/runs/0/id")
                        .asText())
                .isEqualTo(id);
        assertThat(call("followRun", 200, "", "", id).body()).contains("event: step", "event: end");
        call("startRun", 400, "?wait=soon", "{}", "greet");
        call("startRun", 404, "", "{}", "nobody");
        call("getRun", 404, "", "", "nobody");
        String waiting = started("approval", "WAITING");
        call("cancelRun", 200, "", "", waiting);
        call("cancelRun", 409, "", "", id);
    }

    private static void signals() throws Exception {
        String first = started("approval", "WAITING");
        call("signalRun", 400, "", "{}", first, "bad%20name");
        call("signalRun", 202, "", "{}", new String[] {"Idempotency-Key", "one"}, first, "answered");
        String second = started("approval", "WAITING");
        String link = get("getRun", "", second).at("/attributes/link").asText();
        String token = link.substring(link.lastIndexOf('/') + 1);
        call("signalByToken", 401, "", "{}", token.substring(0, token.length() - 3) + "AAA");
        call("signalByToken", 202, "", "{}", token);
    }

    private static void deadLetters() throws Exception {
        String id = started("stands", "PARKED");
        assertThat(get("listDeadLetters", "?step=second").at("/runs/0/id").asText())
                .isEqualTo(id);
        call("retryRun", 200, "?dryRun=true&version=newest", "", id);
        call("retryRun", 200, "", "{\"body\":{\"b\":2},\"variables\":{\"c\":\"3\"}}", id);
        standing(id);
        String fork = ApiNode.json(call("forkRun", 201, "", "{\"from\":\"second\"}", id))
                .path("id")
                .asText();
        call("forkRun", 404, "", "{\"from\":\"nowhere\"}", id);
        standing(fork);
        assertThat(get("getRun", "", id).path("forks")).hasSize(1);
        call("giveUpRun", 200, "", "", fork);
        call("giveUpRun", 409, "", "", fork);
        for (String act : List.of("retryDeadLetters", "giveUpDeadLetters")) {
            String group = get("listDeadLetterGroups", "").at("/groups/0/group").asText();
            call(act, 200, "", "{\"group\":\"" + group + "\"}");
            if (act.startsWith("retry")) {
                standing(id);
            }
        }
        call("retryDeadLetters", 404, "", "{\"group\":\"none\"}");
    }

    private static void standing(String id) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("getRun", "", id).path("state").asText().equals("PARKED"));
    }

    private static void sagas() throws Exception {
        String id = started("trip", "PARKED");
        assertThat(get("listSagas", "?stuck=false&limit=5").at("/sagas/0/id").asText())
                .isEqualTo(id);
        assertThat(get("getSaga", "", id).path("parts")).hasSize(1);
        assertThat(get("sagaStatistics", "").path("total").asInt()).isEqualTo(1);
        call("compensateRun", 200, "", "", id);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> get("getSaga", "", id).path("state").asText().equals("COMPENSATED"));
        call("getSaga", 404, "", "", "nobody");
    }

    private static void schedules() throws Exception {
        call("pauseSchedule", 200, "", "", "nightly");
        assertThat(get("listSchedules", "").at("/schedules/0/paused").asBoolean())
                .isTrue();
        call("resumeSchedule", 200, "", "", "nightly");
        call("triggerSchedule", 202, "", "", "nightly");
        LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(3);
        String span = "{\"from\":\"" + day + "T00:00:00Z\",\"to\":\"" + day.plusDays(1) + "T00:00:00Z\"}";
        call("backfillSchedule", 202, "", span, "nightly");
        call("backfillSchedule", 400, "", span.replace("Z", ""), "nightly");
        assertThat(get("getSchedule", "?limit=1", "nightly").path("nextFires")).hasSize(5);
        call("getSchedule", 404, "", "", "nobody");
    }

    private static void orchestrations() throws Exception {
        assertThat(get("listOrchestrations", "").path("orchestrations")).hasSizeGreaterThan(3);
        call("disableOrchestration", 200, "", "", "greet");
        call("enableOrchestration", 200, "", "", "greet");
        String version = get("getOrchestration", "", "greet").path("version").asText();
        assertThat(get("getVersion", "", "greet", version).path("source").asText())
                .contains("orchestration:greet");
        call("getVersion", 404, "", "", "greet", "none");
        call("validateRoutes", 200, "?path=more/more.camel.yaml", GreetingRoutes.text("more", "1"));
        call("validateRoutes", 422, "", "- route: 1");
        call("validateRoutes", 400, "?path=../more.camel.yaml", GreetingRoutes.text("more", "1"));
    }

    private static void refusedMessages() throws Exception {
        for (String message : List.of("orders 1-0", "orders 2-0", "orders 3-0", "unread 4-0")) {
            node.refuse(message.split(" ")[0], message.split(" ")[1]);
        }
        JsonNode page = get("listRefusedMessages", "?source=orders&limit=2");
        assertThat(page.path("total").asInt()).isEqualTo(3);
        String id = page.at("/messages/0/id").asText();
        assertThat(get("getRefusedMessage", "", id).path("source").asText()).isEqualTo("orders");
        assertThat(ApiNode.json(call("retryRefusedMessage", 200, "", "", id))
                        .path("done")
                        .asBoolean())
                .isTrue();
        assertThat(ApiNode.json(call("retryRefusedMessages", 200, "", "{\"source\":\"orders\"}"))
                        .toString())
                .contains("\"left\":0");
        call("retryRefusedMessages", 400, "", "{\"source\":1}");
        String unread = get("listRefusedMessages", "").at("/messages/0/id").asText();
        call("retryRefusedMessage", 409, "", "", unread);
        call("dropRefusedMessage", 200, "", "", unread);
        call("getRefusedMessage", 404, "", "", unread);
        assertThat(get("redis", "").path("configured").asBoolean()).isFalse();
    }

    private static void controlPlane() throws Exception {
        assertThat(get("listServices", "").path("count").asInt()).isZero();
        assertThat(get("listPeers", "").path("peers")).isEmpty();
        assertThat(get("listEvents", "?type=none&correlationId=none&limit=3")
                        .path("total")
                        .asInt())
                .isZero();
        String run =
                get("listRuns", "?state=COMPLETED&limit=1").at("/runs/0/id").asText();
        assertThat(get("getTrace", "", run).path("spans")).isNotEmpty();
        call("getTrace", 404, "", "", "nobody");
        JsonNode settings = get("effectiveSettings", "");
        assertThat(settings.at("/SEGNO_ADMIN_KEYS/value").asText()).isEqualTo("***");
        assertThat(settings.at("/SEGNO_AUTH_LOCKOUT/value").asText()).isEqualTo("***");
    }

    private static void keys() throws Exception {
        JsonNode made = ApiNode.json(call(
                "createKey",
                201,
                "",
                "{\"name\":\"ci\",\"role\":\"submitter\",\"scope\":[\"greet\"],\"expiresIn\":\"1h\"}"));
        assertThat(get("listKeys", "").toString())
                .contains(made.path("id").asText())
                .doesNotContain(made.path("key").asText());
        call("createKey", 400, "", "{\"name\":\"ci\",\"role\":\"king\"}");
        call("revokeKey", 200, "", "", made.path("id").asText());
        call("revokeKey", 404, "", "", "nobody");
    }

    private static void routeFiles() throws Exception {
        String file = "more/more.camel.yaml";
        HttpResponse<String> saved = call(
                "saveRouteFile", 201, "", GreetingRoutes.text("more", "1"), new String[] {"If-None-Match", "*"}, file);
        String etag = saved.headers().firstValue("ETag").orElseThrow();
        call("saveRouteFile", 428, "", GreetingRoutes.text("more", "2"), file);
        call("saveRouteFile", 412, "", GreetingRoutes.text("more", "2"), new String[] {"If-Match", "\"x\""}, file);
        call("saveRouteFile", 422, "", "- route: 1", new String[] {"If-Match", etag}, file);
        String now = call("readRouteFile", 200, "", "", file)
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        call("readRouteFile", 304, "", "", new String[] {"If-None-Match", now}, file);
        call("readRouteFile", 404, "", "", "more/none.camel.yaml");
        call("deleteRouteFile", 200, "", "", new String[] {"If-Match", now}, file);
    }
}
