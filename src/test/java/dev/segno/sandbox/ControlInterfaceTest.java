package dev.segno.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import dev.segno.spec.StandInClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each fault, the log of calls and its filters, tried on the effects service and where it matters on the maintainer. */
class ControlInterfaceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Sandbox sandbox;
    private static StandInClient effects;
    private static StandInClient maintainer;

    @BeforeAll
    static void start() throws IOException {
        sandbox = Sandbox.start(SandboxSettings.onFreePorts("k"));
        effects = new StandInClient(sandbox.uri("effects"));
        maintainer = new StandInClient(sandbox.uri("maintainer"));
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @BeforeEach
    void reset() throws Exception {
        effects.reset();
        maintainer.reset();
    }

    @Test
    void anEffectIsCountedAndEchoed() throws Exception {
        assertThat(effects.post("/effects/mail", "{\"to\":7}").body().toString())
                .isEqualTo("{\"ok\":true,\"name\":\"mail\",\"n\":1,\"echo\":{\"to\":7}}");
        assertThat(effects.post("/effects/mail", "no json").body().path("echo").asText())
                .isEqualTo("no json");
        effects.post("/effects/other", "{}");

        assertThat(effects.get("/effects/mail").body().path("n").asInt()).isEqualTo(2);
        assertThat(effects.sandbox().at("/records/effects").toString()).isEqualTo("{\"mail\":2,\"other\":1}");
    }

    @Test
    void aRepeatedKeyHasOneEffectAndOneAnswer() throws Exception {
        String[] key = {"Idempotency-Key", "run/step"};
        JsonNode first = effects.post("/effects/mail", "{\"a\":1}", key).body();
        effects.post("/effects/mail", "{}", "Idempotency-Key", "run/other");

        assertThat(effects.post("/effects/mail", "{\"a\":1}", key).body()).isEqualTo(first);
        assertThat(effects.sandbox().at("/records/effects/mail").asInt()).isEqualTo(2);
        assertThat(effects.calls("/effects/mail")).hasSize(3);
    }

    @Test
    void theLogTellsWhatCameAndWhatBecameOfIt() throws Exception {
        Instant before = Instant.now();
        effects.post(
                "/effects/mail?urgent=yes",
                "{\"offset\":5,\"limit\":9,\"x\":[1]}",
                "X-Test",
                "v",
                "Idempotency-Key",
                "k1");

        JsonNode call = effects.sandbox().path("calls").path(0);
        assertThat(call.path("n").asInt()).isEqualTo(1);
        assertThat(call.path("method").asText()).isEqualTo("POST");
        assertThat(call.path("path").asText()).isEqualTo("/effects/mail");
        assertThat(call.at("/query/urgent").asText()).isEqualTo("yes");
        assertThat(call.at("/headers/x-test").asText()).isEqualTo("v");
        assertThat(call.path("key").asText()).isEqualTo("k1");
        assertThat(call.path("body").toString()).isEqualTo("{\"offset\":5,\"limit\":9,\"x\":[1]}");
        assertThat(call.path("offset").asInt()).isEqualTo(5);
        assertThat(call.path("limit").asInt()).isEqualTo(9);
        assertThat(call.path("status").asInt()).isEqualTo(200);
        assertThat(call.path("worked").asBoolean()).isTrue();
        Instant start = Instant.parse(call.path("start").asText());
        assertThat(start).isBetween(before, Instant.now());
        assertThat(Instant.parse(call.path("end").asText())).isAfterOrEqualTo(start);
    }

    @Test
    void callsAreFilteredByPathCorrelationAndTime() throws Exception {
        effects.post("/effects/a", "{}", "X-Correlation-ID", "c1");
        effects.post("/effects/b", "{}", "X-Correlation-ID", "c2");
        String lastStart = effects.calls("/effects/b").get(0).path("start").asText();

        assertThat(effects.sandbox("?path=/effects/a").path("calls")).hasSize(1);
        assertThat(effects.sandbox("?path=/effects/*").path("calls")).hasSize(2);
        assertThat(effects.sandbox("?path=/other").path("calls")).isEmpty();
        assertThat(effects.sandbox("?correlation_id=c2").at("/calls/0/path").asText())
                .isEqualTo("/effects/b");
        assertThat(effects.sandbox("?correlation_id=c2").path("calls")).hasSize(1);
        assertThat(effects.sandbox("?since=" + lastStart)
                        .path("calls")
                        .path(0)
                        .path("start")
                        .asText())
                .isEqualTo(lastStart);
        assertThat(effects.sandbox("?since=" + Instant.now().plusSeconds(60)).path("calls"))
                .isEmpty();
        assertThat(effects.get("/_sandbox?since=yesterday").status()).isEqualTo(400);
    }

    @Test
    void statusDoesNothingAndIsOverAfterItsTimes() throws Exception {
        effects.control("{\"path\":\"/effects/a\",\"fault\":\"status\",\"value\":503,\"times\":2}");

        assertThat(effects.post("/effects/a", "{}").status()).isEqualTo(503);
        assertThat(effects.post("/effects/b", "{}").status()).isEqualTo(200);
        assertThat(effects.get("/effects/a").status()).isEqualTo(503);
        assertThat(effects.post("/effects/a", "{}").body().path("n").asInt()).isEqualTo(1);
        assertThat(effects.sandbox().path("faults")).isEmpty();
    }

    @Test
    void matchMeetsOnlyBodiesWithTheseFields() throws Exception {
        effects.control(
                "{\"path\":\"/effects/*\",\"match\":{\"offset\":40000,\"deep\":{\"a\":\"b\"}},\"fault\":\"status\",\"value\":500}");

        assertThat(effects.post("/effects/a", "{\"offset\":40000}").status()).isEqualTo(200);
        assertThat(effects.post("/effects/a", "{\"offset\":20000,\"deep\":{\"a\":\"b\"}}")
                        .status())
                .isEqualTo(200);
        assertThat(effects.post("/effects/a", "{\"offset\":40000.0,\"deep\":{\"a\":\"b\",\"c\":1},\"x\":2}")
                        .status())
                .isEqualTo(500);
        assertThat(effects.post("/effects/a", "no json").status()).isEqualTo(200);
    }

    @Test
    void delayTakesLongerAndThenDoesTheWork() throws Exception {
        effects.control("{\"path\":\"*\",\"fault\":\"delay\",\"value\":300,\"times\":1}");

        long before = System.nanoTime();
        assertThat(effects.post("/effects/a", "{}").body().path("n").asInt()).isEqualTo(1);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(290));
    }

    @Test
    void malformedDoesTheWorkAndCannotBeParsed() throws Exception {
        effects.control("{\"path\":\"*\",\"fault\":\"malformed\",\"times\":1}");

        JsonClient.Reply reply = effects.post("/effects/a", "{\"x\":1}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().isTextual()).as("not JSON: %s", reply.body()).isTrue();
        assertThat(effects.get("/effects/a").body().path("n").asInt()).isEqualTo(1);
    }

    @Test
    void closeBeforeWorkDropsTheCallAndDoesNothing() throws Exception {
        effects.control("{\"path\":\"*\",\"fault\":\"close_before_work\",\"times\":1}");

        assertThatIOException().isThrownBy(() -> effects.post("/effects/a", "{}"));

        assertThat(effects.sandbox().at("/records/effects").isEmpty()).isTrue();
        JsonNode call = effects.calls("/effects/a").get(0);
        assertThat(call.path("dropped").asBoolean()).isTrue();
        assertThat(call.path("worked").asBoolean()).isFalse();
        assertThat(call.has("status")).isFalse();
    }

    @Test
    void closeAfterWorkDoesItAndTheRepeatGetsTheRecordedAnswer() throws Exception {
        effects.control("{\"path\":\"*\",\"fault\":\"close_after_work\",\"times\":1}");
        String[] key = {"Idempotency-Key", "run/step"};

        assertThatIOException().isThrownBy(() -> effects.post("/effects/a", "{}", key));

        assertThat(effects.sandbox().at("/records/effects/a").asInt()).isEqualTo(1);
        assertThat(effects.post("/effects/a", "{}", key).body().path("n").asInt())
                .isEqualTo(1);
        assertThat(effects.sandbox().at("/records/effects/a").asInt()).isEqualTo(1);
    }

    @Test
    void recordErrorsLosesThatManyRowsAndSaysSo() throws Exception {
        maintainer.control(
                "{\"products\":1000,\"faults\":[{\"path\":\"/run\",\"match\":{\"offset\":500},\"fault\":\"record_errors\",\"value\":40}]}");

        JsonNode good = chunk(0);
        JsonNode bad = chunk(500);

        assertThat(good.at("/stats/errors").asInt()).isZero();
        assertThat(bad.path("success").asBoolean()).isTrue();
        assertThat(bad.at("/stats/totalRecords").asInt()).isEqualTo(500);
        assertThat(bad.at("/stats/inserted").asInt()).isEqualTo(460);
        assertThat(bad.at("/stats/errors").asInt()).isEqualTo(40);
        assertThat(maintainer.sandbox().at("/records/rows").asInt()).isEqualTo(960);
        assertThat(maintainer.sandbox().at("/records/distinctIds").asInt()).isEqualTo(1000);
    }

    @Test
    void busyLastsItsTime() throws Exception {
        maintainer.control("{\"path\":\"/run\",\"fault\":\"busy\",\"value\":1500,\"times\":1}");

        JsonClient.Reply refused = maintainer.post("/run", "{}", "X-ADMIN-KEY", "k");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().path("error").asText()).isEqualTo("Maintainer busy");
        assertThat(maintainer
                        .get("/status", "X-ADMIN-KEY", "k")
                        .body()
                        .path("isProcessing")
                        .asBoolean())
                .isTrue();
        assertThat(maintainer.post("/run", "{}", "X-ADMIN-KEY", "k").status()).isEqualTo(409);
        await().atMost(PATIENCE)
                .until(() -> maintainer.post("/run", "{}", "X-ADMIN-KEY", "k").status() == 200);
    }

    @Test
    void aCallThatIsRefusedAsBusyUsesUpNoFault() throws Exception {
        maintainer.control("{\"products\":10,\"chunkDelayMs\":1500,\"faults\":"
                + "[{\"path\":\"/run\",\"match\":{\"offset\":5},\"fault\":\"status\",\"value\":500,\"times\":1}]}");
        var first = maintainer.postAsync("/run", "{\"offset\":0,\"limit\":5}", "X-ADMIN-KEY", "k");
        await().atMost(PATIENCE)
                .until(() -> maintainer.sandbox().path("underWay").asInt() == 1);

        assertThat(maintainer
                        .post("/run", "{\"offset\":5,\"limit\":5}", "X-ADMIN-KEY", "k")
                        .status())
                .isEqualTo(409);
        first.join();
        assertThat(maintainer
                        .post("/run", "{\"offset\":5,\"limit\":5}", "X-ADMIN-KEY", "k")
                        .status())
                .isEqualTo(500);
    }

    @Test
    void aLargeBodyIsEchoedAndLoggedByItsLength() throws Exception {
        String text = "x".repeat(5_000_000);
        assertThat(effects.post("/effects/large", "\"" + text + "\"")
                        .body()
                        .path("echo")
                        .asText())
                .isEqualTo(text);
        JsonNode call = effects.calls("/effects/large").get(0);
        assertThat(call.has("body")).isFalse();
        assertThat(call.path("bodyBytes").asInt()).isEqualTo(5_000_002);
        assertThat(call.path("bodySha256").asText()).hasSize(64);
    }

    @Test
    void resetForgetsEverything() throws Exception {
        String[] key = {"Idempotency-Key", "run/step"};
        effects.post("/effects/a", "{}", key);
        effects.post("/effects/a", "{}");
        effects.control("{\"delayMs\":1,\"faults\":[{\"path\":\"*\",\"fault\":\"status\"}]}");

        effects.reset();

        JsonNode state = effects.sandbox();
        assertThat(state.path("calls")).isEmpty();
        assertThat(state.path("totalCalls").asInt()).isZero();
        assertThat(state.path("faults")).isEmpty();
        assertThat(state.at("/sizes/delayMs").asInt()).isZero();
        assertThat(effects.post("/effects/a", "{}", key).body().path("n").asInt())
                .isEqualTo(1);
    }

    @Test
    void resetGivesUpTheWorkUnderWay() throws Exception {
        maintainer.control("{\"products\":10,\"chunkDelayMs\":20000}");
        var given = maintainer.postAsync("/run", "{\"offset\":0,\"limit\":10}", "X-ADMIN-KEY", "k");
        await().atMost(PATIENCE)
                .until(() -> maintainer.sandbox().path("underWay").asInt() == 1);

        maintainer.reset();

        await().atMost(Duration.ofSeconds(10)).until(given::isCompletedExceptionally);
        assertThat(maintainer.sandbox().at("/records/rows").asInt()).isZero();
        assertThat(maintainer.sandbox().path("calls")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{bad",
                "{\"fault\":\"status\"}",
                "{\"path\":\"*\",\"fault\":\"explode\"}",
                "{\"path\":\"*\",\"fault\":\"status\",\"value\":9}",
                "{\"path\":\"*\",\"fault\":\"delay\",\"value\":\"1s\"}",
                "{\"path\":\"*\",\"fault\":\"delay\",\"times\":0}",
                "{\"path\":\"*\",\"fault\":\"delay\",\"match\":3}",
                "{\"path\":\"*\",\"fault\":\"delay\",\"target\":\"x\"}",
                "{\"faults\":[{\"path\":\"*\"}]}",
                "{\"products\":5}"
            })
    void aWishThatCannotBeMetIsRefusedWithItsReason(String wish) throws Exception {
        JsonClient.Reply reply = effects.post("/_sandbox", wish);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body().path("message").asText()).isNotEmpty();
        assertThat(effects.sandbox().path("faults")).isEmpty();
    }

    private static JsonNode chunk(int offset) throws Exception {
        return maintainer
                .post("/run", "{\"offset\":" + offset + ",\"limit\":500}", "X-ADMIN-KEY", "k")
                .body();
    }
}
