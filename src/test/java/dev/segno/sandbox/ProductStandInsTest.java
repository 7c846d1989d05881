package dev.segno.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.segno.spec.JsonClient;
import dev.segno.spec.StandInClient;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The fetcher, the maintainer and the product table keep to the facts of the services that they stand in for. */
class ProductStandInsTest {

    private static final String KEY = "k";
    private static final String[] WITH_KEY = {"X-ADMIN-KEY", KEY};

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Sandbox sandbox;
    private static StandInClient fetcher;
    private static StandInClient maintainer;
    private static StandInClient table;

    @BeforeAll
    static void start() throws IOException {
        sandbox = Sandbox.start(SandboxSettings.onFreePorts(KEY));
        fetcher = new StandInClient(sandbox.uri("fetcher"));
        maintainer = new StandInClient(sandbox.uri("maintainer"));
        table = new StandInClient(sandbox.uri("product-table"));
    }

    @AfterAll
    static void stop() {
        sandbox.close();
    }

    @BeforeEach
    void reset() throws Exception {
        fetcher.reset();
        maintainer.reset();
        table.reset();
    }

    @Test
    void everyServiceIsHealthyWithoutAKey() throws Exception {
        for (StandInClient service : new StandInClient[] {fetcher, maintainer, table}) {
            JsonClient.Reply reply = service.get("/healthz");
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.body().asText()).isEqualTo("OK");
        }
    }

    @Test
    void aWrongKeyIsRefusedAndDoesNothing() throws Exception {
        for (String[] headers : new String[][] {{}, {"X-ADMIN-KEY", "wrong"}}) {
            assertThat(fetcher.post("/run", "{}", headers).status()).isEqualTo(401);
            JsonClient.Reply reply = maintainer.post("/run", "{}", headers);
            assertThat(reply.status()).isEqualTo(401);
            assertThat(reply.body().toString()).isEqualTo("{\"error\":\"Unauthorized\"}");
            assertThat(maintainer.get("/status", headers).status()).isEqualTo(401);
        }
        assertThat(fetcher.sandbox().at("/records/fetches").asInt()).isZero();
        assertThat(maintainer.sandbox().at("/records/rows").asInt()).isZero();
    }

    @Test
    void theFetcherTellsTheSizeOfTheFeed() throws Exception {
        fetcher.control("{\"products\":12090,\"lineBytes\":2000}");

        JsonClient.Reply reply = fetcher.post("/run", "{}", WITH_KEY);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().path("success").asBoolean()).isTrue();
        assertThat(reply.body().path("bytesUploaded").asLong()).isEqualTo(24_180_000);
        assertThat(reply.body().path("fileSizeMB").asText()).isEqualTo("23.06");
        assertThat(reply.body().path("completedAt").asText()).endsWith("Z");
        assertThat(reply.body().has("fileVersion")).isFalse();
    }

    @Test
    void aSetFileVersionStandsInBothAnswers() throws Exception {
        fetcher.control("{\"products\":10,\"fileVersion\":\"v7\"}");

        assertThat(fetcher.post("/run", "{}", WITH_KEY)
                        .body()
                        .path("fileVersion")
                        .asText())
                .isEqualTo("v7");
        assertThat(chunk(0, 10).path("fileVersion").asText()).isEqualTo("v7");
    }

    @Test
    void threeHundredThousandProductsAreWrittenOnceEach() throws Exception {
        fetcher.post("/run", "{}", WITH_KEY);

        for (int offset = 0; offset < 300_000; offset += 20_000) {
            JsonNode answer = chunk(offset, 20_000);
            assertThat(answer.at("/stats/totalRecords").asInt()).isEqualTo(20_000);
            assertThat(answer.at("/stats/inserted").asInt()).isEqualTo(20_000);
            assertThat(answer.path("nextOffset").asInt()).isEqualTo(offset + 20_000);
            assertThat(answer.path("hasMore").asBoolean()).isTrue();
        }
        JsonNode probe = chunk(300_000, 20_000);
        assertThat(probe.at("/stats/totalRecords").asInt()).isZero();
        assertThat(probe.path("hasMore").asBoolean()).isFalse();

        JsonNode records = maintainer.sandbox().path("records");
        assertThat(records.path("rows").asInt()).isEqualTo(300_000);
        assertThat(records.path("distinctIds").asInt()).isEqualTo(300_000);
        assertThat(records.path("maxPerId").asInt()).isEqualTo(1);
        assertThat(records.has("ids")).isFalse();
    }

    @Test
    void idsAreListedOnlyWhenAskedFor() throws Exception {
        maintainer.control("{\"products\":3}");
        chunk(0, 2);
        chunk(1, 2);

        assertThat(maintainer.sandbox("?ids=true").at("/records/ids").toString())
                .isEqualTo("{\"P0000000\":1,\"P0000001\":2,\"P0000002\":1}");
    }

    @Test
    void aLastChunkThatIsNotFullSaysThatThereIsNoMore() throws Exception {
        maintainer.control("{\"products\":45001}");

        JsonNode answer = chunk(40_000, 20_000);

        assertThat(answer.at("/stats/totalRecords").asInt()).isEqualTo(5001);
        assertThat(answer.path("nextOffset").asInt()).isEqualTo(45_001);
        assertThat(answer.path("hasMore").asBoolean()).isFalse();
    }

    @Test
    void aLimitOfZeroIsTenThousand() throws Exception {
        assertThat(chunk(0, 0).at("/stats/totalRecords").asInt()).isEqualTo(10_000);
    }

    @Test
    void aWindowThatIsNoNumberIsRefused() throws Exception {
        assertThat(maintainer.post("/run", "{\"offset\":\"x\"}", WITH_KEY).status())
                .isEqualTo(400);
        assertThat(maintainer.post("/run", "{bad", WITH_KEY).status()).isEqualTo(400);
        assertThat(maintainer.sandbox().path("underWay").asInt()).isZero();
    }

    @Test
    void aSecondPassSkipsAllThatHasNotChanged() throws Exception {
        fetcher.control("{\"products\":1000,\"changedShare\":0.2}");
        fetcher.post("/run", "{}", WITH_KEY);
        chunk(0, 1000);
        JsonNode unchanged = chunk(0, 1000);
        assertThat(unchanged.at("/stats/inserted").asInt()).isZero();
        assertThat(unchanged.at("/stats/skipped").asInt()).isEqualTo(1000);

        fetcher.post("/run", "{}", WITH_KEY);
        JsonNode changed = chunk(0, 1000);
        assertThat(changed.at("/stats/updated").asInt()).isEqualTo(200);
        assertThat(changed.at("/stats/skipped").asInt()).isEqualTo(800);
        assertThat(chunk(0, 1000).at("/stats/updated").asInt())
                .as("a stored update is not done again")
                .isZero();
    }

    @Test
    void aSecondCallIsRefusedAtOnceAndTheFirstGoesOn() throws Exception {
        maintainer.control("{\"products\":100,\"chunkDelayMs\":1500}");
        CompletableFuture<JsonClient.Reply> first =
                maintainer.postAsync("/run", "{\"offset\":0,\"limit\":10}", WITH_KEY);
        awaitUnderWay();

        JsonClient.Reply second = maintainer.post("/run", "{\"offset\":10,\"limit\":10}", WITH_KEY);
        JsonClient.Reply status = maintainer.get("/status", WITH_KEY);

        assertThat(first).isNotDone();
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.body().path("error").asText()).isEqualTo("Maintainer busy");
        assertThat(second.body().has("message")).isTrue();
        assertThat(status.body().path("isProcessing").asBoolean()).isTrue();
        assertThat(status.body().path("service").asText()).isEqualTo("maintainer");
        assertThat(status.body().path("uptime").isNumber()).isTrue();
        assertThat(first.join().status()).isEqualTo(200);
        assertThat(maintainer
                        .get("/status", WITH_KEY)
                        .body()
                        .path("isProcessing")
                        .asBoolean())
                .isFalse();
        JsonNode seen = maintainer.sandbox();
        assertThat(seen.path("overlaps").asInt()).isEqualTo(1);
        assertThat(seen.at("/records/rows").asInt()).isEqualTo(10);
        assertThat(maintainer.calls("/run"))
                .extracting(call -> call.path("worked").asBoolean())
                .containsExactly(true, false);
    }

    @Test
    void resetOfTheServiceClearsItsBusyFlag() throws Exception {
        maintainer.control("{\"products\":100,\"chunkDelayMs\":1500}");
        CompletableFuture<JsonClient.Reply> first =
                maintainer.postAsync("/run", "{\"offset\":0,\"limit\":10}", WITH_KEY);
        awaitUnderWay();
        maintainer.post("/reset", "{}", WITH_KEY);
        maintainer.control("{\"chunkDelayMs\":0}");

        assertThat(maintainer
                        .post("/run", "{\"offset\":10,\"limit\":10}", WITH_KEY)
                        .status())
                .isEqualTo(200);
        assertThat(first.join().status()).isEqualTo(200);
    }

    @Test
    void workGoesOnWhenTheCallerHangsUp() throws Exception {
        maintainer.control("{\"products\":100,\"chunkDelayMs\":1500}");
        hangUpDuring("{\"offset\":0,\"limit\":10}");

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(maintainer.sandbox().at("/records/rows").asInt()).isEqualTo(10);
            JsonNode call = maintainer.calls("/run").get(0);
            assertThat(call.path("worked").asBoolean()).isTrue();
            assertThat(call.path("callerGone").asBoolean()).isTrue();
        });
    }

    @Test
    void aKeyThatIsUnderWayIsBusyAndThenAnsweredFromTheRecord() throws Exception {
        maintainer.control("{\"products\":100,\"chunkDelayMs\":1500}");
        String[] headers = {"X-ADMIN-KEY", KEY, "Idempotency-Key", "run-1/chunks[0]/process-chunk"};
        String body = "{\"offset\":0,\"limit\":10}";
        CompletableFuture<JsonClient.Reply> first = maintainer.postAsync("/run", body, headers);
        awaitUnderWay();

        assertThat(maintainer.post("/run", body, headers).status()).isEqualTo(409);
        JsonNode answer = first.join().body();
        JsonClient.Reply repeat = maintainer.post("/run", body, headers);

        assertThat(repeat.status()).isEqualTo(200);
        assertThat(repeat.body()).isEqualTo(answer);
        assertThat(maintainer.sandbox().at("/records/maxPerId").asInt()).isEqualTo(1);
        assertThat(maintainer.calls("/run"))
                .extracting(call -> call.path("repeated").asBoolean())
                .containsExactly(false, false, true);
        assertThat(maintainer.calls("/run"))
                .extracting(call -> call.path("key").asText())
                .containsOnly("run-1/chunks[0]/process-chunk");
    }

    @Test
    void theTableTellsItsRowCount() throws Exception {
        maintainer.control("{\"products\":30}");
        chunk(0, 30);

        assertThat(table.get("/rest/v1/products?select=id&limit=2").status()).isEqualTo(401);
        JsonClient.Reply reply =
                table.get("/rest/v1/products?select=id&limit=2", "apikey", "s", "Prefer", "count=exact");
        assertThat(reply.status()).as("a part of them").isEqualTo(206);
        assertThat(reply.body().toString()).isEqualTo("[{\"id\":\"P0000000\"},{\"id\":\"P0000001\"}]");
        assertThat(reply.header("content-range")).isEqualTo("0-1/30");
    }

    private static JsonNode chunk(int offset, int limit) throws Exception {
        JsonClient.Reply reply =
                maintainer.post("/run", "{\"offset\":" + offset + ",\"limit\":" + limit + "}", WITH_KEY);
        assertThat(reply.status()).isEqualTo(200);
        return reply.body();
    }

    private static void awaitUnderWay() {
        await().atMost(PATIENCE)
                .until(() -> maintainer.sandbox().path("underWay").asInt() == 1);
    }

    /** Sends a call over a plain socket and closes it as soon as the stand-in is at work. */
    private static void hangUpDuring(String body) throws IOException {
        URI uri = sandbox.uri("maintainer");
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            String request = "POST /run HTTP/1.1\r\nHost: sandbox\r\nX-ADMIN-KEY: " + KEY
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            awaitUnderWay();
        }
    }
}
