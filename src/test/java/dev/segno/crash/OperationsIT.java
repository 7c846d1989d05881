package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The operations on runs over HTTP, with what callers may get wrong. One program serves all cases. */
@TestMethodOrder(MethodOrderer.MethodName.class)
class OperationsIT {

    private static final String UNKNOWN_RUN = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static final String START = "/api/orchestrations/loop-count/runs";

    @TempDir
    private static Path directory;

    private static CrashSite site;
    private static JsonClient client;

    @BeforeAll
    static void start() throws Exception {
        site = new CrashSite(directory, new Random());
        site.process().start();
        client = site.process().client();
    }

    @AfterAll
    static void end() {
        if (site != null) {
            site.close();
        }
    }

    static Stream<Arguments> badRequests() {
        String deep = "[".repeat(10_000) + "]".repeat(10_000);
        return Stream.of(
                bad("malformed JSON", "POST", START, "{\"items\":[1,2", 400),
                bad("no JSON at all", "POST", START, "items=1", 400),
                bad("JSON that goes on", "POST", START, "{} {}", 400),
                bad("a key twice", "POST", START, "{\"a\":1,\"a\":2}", 400),
                bad("10,000 levels", "POST", START, deep, 400),
                bad("a number that is none", "POST", START, "{\"a\":NaN}", 400),
                bad("only a space", "POST", START, " ", 400),
                bad("more than 1 MiB", "POST", START, "\"" + "x".repeat(1 << 20) + "\"", 413),
                bad("an unknown orchestration", "POST", "/api/orchestrations/nobody/runs", "{}", 404),
                bad("an orchestration with a slash", "POST", "/api/orchestrations/a%2Fb/runs", "{}", 404),
                bad("a NUL in the name", "POST", "/api/orchestrations/a%00b/runs", "{}", 400),
                bad("a wait that is no time", "POST", START + "?wait=soon", "{}", 400),
                bad("a negative wait", "POST", START + "?wait=-1s", "{}", 400),
                bad("a wait above the most", "POST", START + "?wait=6m", "{}", 400),
                bad("two waits", "POST", START + "?wait=1s&wait=2s", "{}", 400),
                bad("another method", "PUT", START, "{}", 405),
                bad("a limit of none", "GET", "/api/runs?limit=0", "", 400),
                bad("too high a limit", "GET", "/api/runs?limit=501", "", 400),
                bad("a limit that is no number", "GET", "/api/runs?limit=ten", "", 400),
                bad("an unknown state", "GET", "/api/runs?state=ASLEEP", "", 400),
                bad("a cursor of nowhere", "GET", "/api/runs?cursor=next", "", 400),
                bad("an empty cursor", "GET", "/api/runs?cursor=", "", 400),
                bad("a run that there is not", "GET", "/api/runs/" + UNKNOWN_RUN, "", 404),
                bad("a run id that is none", "GET", "/api/runs/..%2f..%2fetc", "", 404),
                bad("events of no run", "GET", "/api/runs/" + UNKNOWN_RUN + "/events", "", 404),
                bad("cancel of no run", "POST", "/api/runs/" + UNKNOWN_RUN + "/cancel", "", 404),
                bad("retry of no run", "POST", "/api/runs/" + UNKNOWN_RUN + "/retry", "", 404));
    }

    @ParameterizedTest(name = "{0} is {4}")
    @MethodSource("badRequests")
    void badInputIsTheCallersFault(String what, String method, String path, String body, int status) throws Exception {
        int before = site.effects().effects().size();

        HttpResponse<String> answer = send(method, path, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode error = JsonClient.parse(answer.body()).path("error");
        assertThat(error.path("code").asText()).isNotEmpty();
        assertThat(error.path("id").asText()).isNotEmpty();
        assertThat(error.path("message").asText()).isNotEmpty().doesNotContain("Exception", "dev.segno");
        assertThat(site.effects().effects()).as("nothing was done").hasSize(before);
    }

    @ParameterizedTest
    @MethodSource("badKeys")
    void badHeadersAreTheCallersFault(String name, String value, String path) throws Exception {
        String method = path.endsWith("events") ? "GET" : "POST";
        assertThat(send(method, path, method.equals("GET") ? "" : "{}", name, value)
                        .statusCode())
                .isEqualTo(400);
    }

    static Stream<Arguments> badKeys() {
        return Stream.of(
                Arguments.of("Idempotency-Key", "x".repeat(256), START), Arguments.of("Idempotency-Key", "", START));
    }

    @Test
    void anyJsonIsAnInput() throws Exception {
        for (String input : new String[] {"1", "\"text\"", "null", "[]", "{\"ünï\":\"\\u0000\"}", ""}) {
            JsonClient.Reply reply = client.post(START + "?wait=20s", input);
            assertThat(reply.status()).as(input).isEqualTo(200);
            assertThat(reply.body().path("state").asText()).as(reply.toString()).isEqualTo("COMPLETED");
            JsonNode shown = reply.body().path("input");
            assertThat(shown).as(input).isEqualTo(JsonClient.parse(input.isEmpty() ? "null" : input));
        }
    }

    @Test
    void runsAreListedInPages() throws Exception {
        for (int run = 0; run < 5; run++) {
            client.post("/api/orchestrations/choice/runs?wait=20s", CrashRoute.INPUT);
        }
        JsonNode first = client.get("/api/runs?orchestration=choice&state=COMPLETED&limit=3")
                .body();
        assertThat(first.path("runs")).hasSize(3);
        JsonNode second = client.get("/api/runs?orchestration=choice&limit=3&cursor="
                        + first.path("nextCursor").asText())
                .body();
        assertThat(second.path("runs")).hasSize(2);
        assertThat(second.path("nextCursor").isNull()).isTrue();
        assertThat(Stream.of(first, second).flatMap(page -> page.findValuesAsText("id").stream()))
                .hasSize(5)
                .doesNotHaveDuplicates()
                .isSortedAccordingTo(java.util.Comparator.reverseOrder());
    }

    @Test
    void aCancelledRunFinishesItsStepAndBeginsNoOther() throws Exception {
        String id = startHeld();

        JsonClient.Reply cancelled = client.post("/api/runs/" + id + "/cancel", "");
        assertThat(cancelled.status()).as(cancelled.toString()).isEqualTo(202);
        site.effects().letGo();
        JsonNode run = awaitState(id, "CANCELLED");

        assertThat(run.path("steps").findValuesAsText("key")).containsExactly("first", "hold");
        assertThat(run.path("steps").findValuesAsText("state")).containsOnly("COMPLETED");
        assertThat(site.effects().effects())
                .noneMatch(effect -> effect.run().equals(id) && effect.key().equals("last"));
        assertThat(client.post("/api/runs/" + id + "/cancel", "").status()).isEqualTo(409);
        assertThat(client.post("/api/runs/" + id + "/retry", "").status()).isEqualTo(409);
    }

    @Test
    void aParkedRunGoesOnFromItsFailedStepWhenItIsRetried() throws Exception {
        JsonClient.Reply parked = client.post("/api/orchestrations/out-of-order/runs?wait=20s", CrashRoute.INPUT);
        String id = parked.body().path("id").asText();
        assertThat(parked.body().path("state").asText()).isEqualTo("PARKED");
        assertThat(parked.body().at("/error/step").asText()).isEqualTo("second");
        assertThat(parked.body().at("/error/message").asText()).contains("422");
        assertThat(client.post("/api/runs/" + id + "/retry", "").status()).isEqualTo(200);
        await().until(() -> calls(id, "second") == 2);
        awaitState(id, "PARKED");

        site.effects().mend();
        JsonClient.Reply retried = client.post("/api/runs/" + id + "/retry", "");
        assertThat(retried.status()).as(retried.toString()).isEqualTo(200);
        JsonNode run = awaitState(id, "COMPLETED");

        assertThat(run.path("steps").findValuesAsText("key")).containsExactly("first", "second", "last");
        assertThat(run.at("/steps/1/attempts")).hasSize(3);
        assertThat(run.path("retries").asInt()).isEqualTo(2);
        assertThat(calls(id, "first")).isEqualTo(1);
        assertThat(calls(id, "second")).isEqualTo(3);
        assertThat(client.post("/api/runs/" + id + "/retry", "").status()).isEqualTo(409);
    }

    @Test
    void aParkedRunIsCancelledAtOnce() throws Exception {
        String id = client.post("/api/orchestrations/refused/runs?wait=20s", CrashRoute.INPUT)
                .body()
                .path("id")
                .asText();
        JsonClient.Reply cancelled = client.post("/api/runs/" + id + "/cancel", "");
        assertThat(cancelled.status()).as(cancelled.toString()).isEqualTo(200);
        assertThat(cancelled.body().path("state").asText()).isEqualTo("CANCELLED");
        assertThat(client.post("/api/runs/" + id + "/retry", "").status()).isEqualTo(409);
    }

    /** REPLAY rule 2: the step counts the tries, and nothing below it tries by itself. */
    @Test
    void aTryOfAStepIsOneCall() throws Exception {
        JsonNode retried = complete("retries");
        String id = retried.path("id").asText();
        for (String key : new String[] {"prepare", "parts[0]/work", "parts[1]/work", "parts[2]/work"}) {
            assertThat(calls(id, key)).as(key).isEqualTo(3);
        }
        assertThat(calls(id, "finish")).isEqualTo(1);
        assertThat(retried.at("/steps/0/attempts").findValuesAsText("number")).containsExactly("1", "2", "3");

        String handled = complete("do-try").path("id").asText();
        assertThat(calls(handled, "book")).as("not worth another try").isEqualTo(1);
    }

    private static JsonNode complete(String orchestration) throws Exception {
        JsonNode run = client.post("/api/orchestrations/" + orchestration + "/runs?wait=20s", CrashRoute.INPUT)
                .body();
        assertThat(run.path("state").asText()).as(run.toString()).isEqualTo("COMPLETED");
        return run;
    }

    private static String startHeld() throws Exception {
        String id = client.post("/api/orchestrations/held/runs", CrashRoute.INPUT)
                .body()
                .path("id")
                .asText();
        await().atMost(Duration.ofSeconds(20)).until(() -> calls(id, "hold") == 1);
        return id;
    }

    private static long calls(String id, String key) {
        return site.effects().effects().stream()
                .filter(effect -> effect.run().equals(id) && effect.key().equals(key))
                .count();
    }

    private static JsonNode awaitState(String id, String state) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> client.get("/api/runs/" + id).body(),
                        run -> run.path("state").asText().equals(state));
    }

    private static Arguments bad(String what, String method, String path, String body, int status) {
        return Arguments.of(what, method, path, body, status);
    }

    private static HttpResponse<String> send(String method, String path, String body, String... headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + site.process().port() + path))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
