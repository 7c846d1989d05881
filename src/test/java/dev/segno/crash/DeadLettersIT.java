package dev.segno.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import dev.segno.spec.SegnoProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dead letters over HTTP. One program serves all cases; it is killed and its routes are edited meanwhile. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeadLettersIT {

    @TempDir
    private static Path directory;

    private static EffectServer effects;
    private static SegnoProcess process;
    private static JsonClient client;

    @BeforeAll
    static void start() throws Exception {
        effects = new EffectServer(new Random(), 5);
        write("first");
        process = new SegnoProcess(
                List.of(directory.resolve("routes").toString()),
                SegnoProcess.Readiness.SHARED,
                directory,
                Map.of("EFFECTS_URL", effects.url(), "SEGNO_RETRY_DELAY", "5"));
        process.start();
        client = process.client();
    }

    @AfterAll
    static void end() {
        if (process != null) {
            process.close();
            effects.close();
        }
    }

    private static void write(String firstStep) throws IOException {
        Path file = directory.resolve("routes/test/order.camel.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, """
                - route:
                    id: order
                    routeConfigurationId: durable
                    from:
                      uri: orchestration:order
                      steps:
                        - step:
                            id: %s
                            steps:
                              - to: kamelet:call?service=effects&path=/effects/first
                        - step:
                            id: second
                            steps:
                              - to: kamelet:call?service=effects&path=/effects/out-of-order
                        - step:
                            id: last
                            steps:
                              - to: kamelet:call?service=effects&path=/effects/last
                """.formatted(firstStep));
    }

    @ParameterizedTest(name = "{0} {1} {2} is {3}")
    @CsvSource(delimiter = '|', textBlock = """
                POST | /api/runs/$/retry | [1]                                        | 400
                POST | /api/runs/$/retry | {"headers":{}}                             | 400
                POST | /api/runs/$/retry | {"variables":[]}                           | 400
                POST | /api/runs/$/retry | {"variables":{"CamelHttpUri":"x"}}         | 400
                POST | /api/runs/$/retry | {"variables":{"Long-Running-Action":"x"}}  | 400
                POST | /api/runs/$/retry | {"variables":{"Authorization":"x"}}        | 400
                POST | /api/runs/$/retry | {"variables":{"global:shared":"x"}}        | 400
                POST | /api/runs/$/retry | {"variables":{"":"x"}}                     | 400
                POST | /api/runs/$/retry?version=oldest | {}                          | 400
                POST | /api/runs/$/retry?dryRun=maybe | {}                            | 400
                POST | /api/runs/$/fork  | {}                                         | 400
                POST | /api/runs/$/fork  | {"from":7}                                 | 400
                POST | /api/runs/$/fork  | {"from":"second","version":"v1"}           | 400
                POST | /api/runs/$/fork  | {"from":"secnd"}                           | 404
                POST | /api/runs/01ARZ3NDEKTSV4RRFFQ69G5FAV/fork | {"from":"second"}  | 404
                POST | /api/runs/01ARZ3NDEKTSV4RRFFQ69G5FAV/give-up | {}              | 404
                POST | /api/dead-letters/retry | {}                                   | 400
                POST | /api/dead-letters/retry | {"group":"none"}                     | 404
                POST | /api/dead-letters/give-up | {"group":"none","body":1}          | 400
                GET  | /api/dead-letters?limit=0 |                                    | 400
                GET  | /api/dead-letters?cursor=x |                                   | 400
                """)
    @Order(1)
    void badInputIsTheCallersFault(String method, String path, @Nullable String body, int status) throws Exception {
        String id = park();
        String target = path.replace("$", id);
        JsonClient.Reply reply =
                method.equals("GET") ? client.get(target) : client.post(target, body == null ? "" : body);

        assertThat(reply.status()).as(reply.toString()).isEqualTo(status);
        assertThat(reply.body().at("/error/message").asText()).isNotEmpty().doesNotContain("Exception", "dev.segno");
        JsonNode run = client.get("/api/runs/" + id).body();
        assertThat(run.path("state").asText()).isEqualTo("PARKED");
        assertThat(run.path("retries").asInt()).isZero();
    }

    @Test
    @Order(2)
    void deadLettersAreListedAndGroupedAndAGroupIsGivenUp() throws Exception {
        String id = park();
        JsonNode page = client.get("/api/dead-letters?orchestration=order&step=second&limit=2")
                .body();
        assertThat(page.at("/runs/0/id").asText()).isEqualTo(id);
        assertThat(page.path("runs")).hasSize(2);
        assertThat(client.get("/api/dead-letters?limit=2&cursor="
                                + page.path("nextCursor").asText())
                        .body()
                        .path("runs"))
                .hasSize(2);
        assertThat(client.get("/api/dead-letters?step=first").body().path("runs"))
                .isEmpty();
        String type = page.at("/runs/0/error/type").asText();
        assertThat(client.get("/api/dead-letters?errorType=" + type).body().path("runs"))
                .isNotEmpty();

        JsonNode groups = client.get("/api/dead-letters/groups").body().path("groups");
        assertThat(groups).as(groups.toString()).hasSize(1);
        JsonNode group = groups.get(0);
        assertThat(group.path("step").asText()).isEqualTo("second");
        assertThat(group.path("errorType").asText()).isEqualTo(type);
        assertThat(group.path("message").asText()).contains("#").doesNotContain("422");

        JsonNode results = client.post(
                        "/api/dead-letters/give-up",
                        "{\"group\":\"" + group.path("group").asText() + "\"}")
                .body();
        assertThat(results.path("results")).hasSize(group.path("count").asInt());
        assertThat(results.findValuesAsText("done")).containsOnly("true");
        assertThat(results.path("left").asInt()).isZero();
        JsonNode run = client.get("/api/runs/" + id).body();
        assertThat(run.path("state").asText()).isEqualTo("FAILED");
        assertThat(run.at("/error/message").asText()).contains("422");
        assertThat(client.get("/api/dead-letters/groups").body().path("groups")).isEmpty();
        assertThat(client.post("/api/runs/" + id + "/give-up", "").status()).isEqualTo(409);
    }

    @Test
    @Order(3)
    void aJournalThatDoesNotFitTheNewestVersionIsRefusedWithTheDifference() throws Exception {
        String id = park();
        process.kill();
        write("renamed");
        process.start();

        JsonClient.Reply dry = client.post("/api/runs/" + id + "/retry?version=newest&dryRun=true", "");
        assertThat(dry.status()).as(dry.toString()).isEqualTo(200);
        assertThat(dry.body().at("/difference/0").asText()).contains("'renamed'", "[first]");
        JsonClient.Reply refused = client.post("/api/runs/" + id + "/retry?version=newest", "");
        assertThat(refused.status()).as(refused.toString()).isEqualTo(409);
        assertThat(refused.body().at("/error/code").asText()).isEqualTo("replay-differs");
        assertThat(refused.body().at("/error/details/difference/0").asText()).contains("'renamed'");
        assertThat(client.get("/api/runs/" + id).body().path("state").asText()).isEqualTo("PARKED");
        assertThat(client.post("/api/runs/" + id + "/retry?dryRun=true", "")
                        .body()
                        .path("wouldGoOnAt")
                        .asText())
                .as("its own version fits")
                .isEqualTo("second");

        process.kill();
        write("first");
        process.start();
    }

    @Test
    @Order(4)
    void anEditIsOnDiskBeforeItIsAnsweredAndItsCallsHaveANewKey() throws Exception {
        String id = park();
        String path = "/api/runs/" + id;
        assertThat(client.post(path + "/retry", "").status()).isEqualTo(200);
        awaitState(id, "PARKED");
        effects.mend();

        JsonClient.Reply retried =
                client.post(path + "/retry", "{\"body\":{\"edited\":true},\"variables\":{\"size\":3}}");
        process.kill();
        process.start();
        assertThat(retried.status()).as(retried.toString()).isEqualTo(200);
        JsonNode run = awaitState(id, "COMPLETED");

        assertThat(run.at("/edits/0/step").asText()).isEqualTo("second");
        assertThat(run.at("/edits/0/retry").asInt()).isEqualTo(2);
        assertThat(run.at("/edits/0/body/edited").asBoolean()).isTrue();
        assertThat(keys(id).stream().distinct()).containsExactly("first", "second", "second#r2", "last");
        assertThat(keys(id).stream().filter("first"::equals)).hasSize(1);
    }

    @Test
    @Order(5)
    void aForkIsANewRunThatSharesTheJournalOfTheOldOne() throws Exception {
        JsonNode origin = client.post("/api/orchestrations/order/runs?wait=20s", CrashRoute.INPUT)
                .body();
        String id = origin.path("id").asText();
        assertThat(origin.path("state").asText()).as(origin.toString()).isEqualTo("COMPLETED");

        JsonClient.Reply forked =
                client.post("/api/runs/" + id + "/fork", "{\"from\":\"second\",\"body\":null,\"version\":\"newest\"}");
        assertThat(forked.status()).as(forked.toString()).isEqualTo(201);
        String fork = forked.body().path("id").asText();
        assertThat(forked.header("Location")).isEqualTo("/api/runs/" + fork);
        JsonNode run = awaitState(fork, "COMPLETED");

        assertThat(run.path("steps").findValuesAsText("key")).containsExactly("first", "second", "last");
        assertThat(run.at("/steps/0")).isEqualTo(origin.at("/steps/0"));
        assertThat(run.at("/parent/run").asText()).isEqualTo(id);
        assertThat(run.at("/parent/kind").asText()).isEqualTo("FORK");
        assertThat(keys(fork)).containsExactly("second#r1", "last");
        assertThat(client.get("/api/runs/" + id).body().at("/forks/0").asText()).isEqualTo(fork);
    }

    private static String park() throws Exception {
        JsonNode parked = client.post("/api/orchestrations/order/runs?wait=20s", CrashRoute.INPUT)
                .body();
        assertThat(parked.path("state").asText()).as(parked.toString()).isEqualTo("PARKED");
        return parked.path("id").asText();
    }

    private static JsonNode awaitState(String id, String state) {
        return await().atMost(Duration.ofSeconds(20))
                .until(
                        () -> client.get("/api/runs/" + id).body(),
                        run -> run.path("state").asText().equals(state));
    }

    private static List<String> keys(String run) {
        return effects.effects().stream()
                .filter(effect -> effect.run().equals(run))
                .map(Effect::key)
                .toList();
    }
}
