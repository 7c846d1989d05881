package dev.segno.spec;

import static dev.segno.spec.ProductSync.WITH_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The acceptance cases of the product sync contract, by their numbers. 13 (schedule) has a class of its own, 15 (mail) is not here. One program
 * serves all cases; each finds an empty sandbox.
 */
@TestMethodOrder(MethodOrderer.MethodName.class)
class ProductSyncIT {

    @TempDir
    private static Path directory;

    private static ProductSync sync;

    @BeforeAll
    static void start() throws Exception {
        sync = ProductSync.start(directory);
    }

    @AfterAll
    static void end() {
        if (sync != null) {
            sync.close();
        }
    }

    @BeforeEach
    void emptySandbox() throws Exception {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !sync.status().path("isRunning").asBoolean(true));
        sync.resetSandbox();
    }

    @Test
    void case01HealthzNeedsNoKey() throws Exception {
        JsonClient.Reply reply = sync.http().get("/healthz");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().asText()).isEqualTo("OK");
    }

    @Test
    void case02WrongOrNoKeyIsUnauthorizedAndNobodyIsCalled() throws Exception {
        for (String[] headers : new String[][] {{}, {"X-ADMIN-KEY", "wrong"}, {"X-ADMIN-KEY", ""}}) {
            assertUnauthorized(sync.http().get("/status", headers));
            assertUnauthorized(sync.http().post("/sync", "", headers));
            assertUnauthorized(sync.http().post("/sync", "{}", headers));
            assertUnauthorized(sync.http().get("/sync", headers));
            assertUnauthorized(sync.http().get("/sync?key=wrong", headers));
        }
        assertThat(sync.status().path("isRunning").asBoolean(true)).isFalse();
        assertNobodyWasCalled();
    }

    @Test
    void case03ThreeHundredThousandProductsAreSyncedOnceEach() throws Exception {
        JsonClient.Reply reply = sync.http().post("/sync", "", WITH_KEY);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().path("message").asText()).isEqualTo("Sync started");
        JsonNode first = reply.body().path("status");
        assertThat(first.path("isRunning").asBoolean()).isTrue();
        assertThat(first.path("currentPhase").asText()).isEqualTo("starting");
        assertThat(Instant.parse(first.path("startTime").asText()))
                .isBetween(Instant.now().minusSeconds(30), Instant.now());
        assertThat(first.path("progress").toString())
                .contains("\"fetched\":false", "\"chunksProcessed\":0", "\"totalRecords\":0", "\"errors\":[]");

        JsonNode status = sync.statusAtEnd(reply.body().path("run_id").asText());
        assertThat(status.path("currentPhase").asText()).isEqualTo("completed");
        assertThat(status.at("/progress/fetched").asBoolean()).isTrue();
        assertThat(status.at("/progress/chunksProcessed").asInt()).isEqualTo(15);
        assertThat(status.at("/progress/totalRecords").asInt()).isEqualTo(300_000);
        assertThat(status.at("/progress/errors").toString()).isEqualTo("[]");
        assertThat(status.path("uptime").isNumber()).isTrue();

        assertThat(sync.fetcher().calls("/run")).hasSize(1);
        assertThat(sync.offsets(300_000)).isEqualTo(offsetsOfFifteenChunks());
        assertThat(sync.maintainer().calls("/run"))
                .hasSizeBetween(15, 16)
                .allSatisfy(call -> assertThat(call.path("limit").asInt()).isEqualTo(20_000));
        JsonNode records = sync.maintainer().sandbox().path("records");
        assertThat(records.path("distinctIds").asInt()).isEqualTo(300_000);
        assertThat(records.path("maxPerId").asInt()).isEqualTo(1);
    }

    @Test
    void case04StatusShowsFetchingThenProcessingAndNeverGoesBack() throws Exception {
        sync.fetcher().control("{\"fetchDelayMs\":600}");
        sync.maintainer().control("{\"chunkDelayMs\":80}");
        sync.begin("");

        List<String> phases = new ArrayList<>();
        List<Integer> chunks = new ArrayList<>();
        await().atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    JsonNode status = sync.status();
                    String phase = status.path("currentPhase").asText();
                    if (phases.isEmpty() || !phases.get(phases.size() - 1).equals(phase)) {
                        phases.add(phase);
                    }
                    chunks.add(status.at("/progress/chunksProcessed").asInt(-1));
                    return !status.path("isRunning").asBoolean(true);
                });

        phases.remove("starting");
        assertThat(phases).containsExactly("fetching", "processing", "completed");
        assertThat(chunks).isSorted();
        assertThat(new TreeSet<>(chunks))
                .as("progress is live")
                .hasSizeGreaterThan(3)
                .contains(0, 15);
    }

    @Test
    void case05ASecondStartWhileRunningIsAConflict() throws Exception {
        sync.fetcher().control("{\"products\":1000,\"fetchDelayMs\":3000}");
        String run = sync.begin("");

        List<JsonClient.Reply> seconds = List.of(
                sync.http().post("/sync", "", WITH_KEY),
                sync.http().post("/sync", "{\"mode\":\"full\"}", WITH_KEY),
                sync.http().get("/sync?key=" + ProductSync.KEY));
        for (JsonClient.Reply second : seconds) {
            assertThat(second.status()).as(second.body().toString()).isEqualTo(409);
            assertThat(second.body().path("error").asText()).isEqualTo("Sync already in progress");
            assertThat(second.body().path("run_id").asText()).isEqualTo(run);
            assertThat(second.body().at("/status/isRunning").asBoolean()).isTrue();
        }

        assertThat(sync.statusAtEnd(run).path("currentPhase").asText()).isEqualTo("completed");
        assertThat(sync.fetcher().calls("/run")).hasSize(1);
    }

    @Test
    void case06AFetchThatFailsStopsTheSync() throws Exception {
        sync.fetcher().control("{\"path\":\"/run\",\"fault\":\"status\",\"value\":500}");

        JsonNode status = sync.statusAtEnd(sync.begin(""));

        assertThat(status.path("currentPhase").asText()).isEqualTo("failed");
        assertThat(status.at("/progress/fetched").asBoolean(true)).isFalse();
        assertThat(status.at("/progress/errors")).hasSize(1);
        JsonNode error = status.at("/progress/errors/0");
        assertThat(error.path("phase").asText()).isEqualTo("fetch");
        assertThat(error.path("error").asText()).isNotEmpty();
        assertThat(Instant.parse(error.path("timestamp").asText())).isBefore(Instant.now());
        assertThat(sync.fetcher().calls("/run")).hasSizeGreaterThanOrEqualTo(1);
        assertThat(sync.maintainer().sandbox().path("totalCalls").asInt()).isZero();
    }

    @Test
    void case07AChunkThatFailsTwiceIsTriedAgainAfterGrowingWaits() throws Exception {
        sync.maintainer().control(error500At40000(",\"times\":2"));

        JsonNode status = sync.statusAtEnd(sync.begin(""));

        assertThat(status.path("currentPhase").asText()).isEqualTo("completed");
        assertThat(status.at("/progress/chunksProcessed").asInt()).isEqualTo(15);
        assertThat(status.at("/progress/totalRecords").asInt()).isEqualTo(300_000);
        List<JsonNode> tries = triesAt40000();
        assertThat(tries).extracting(call -> call.path("status").asInt()).containsExactly(500, 500, 200);
        assertThat(tries.stream().map(call -> call.path("key").asText()).distinct())
                .as("one idempotency key for all tries")
                .singleElement()
                .isNotEqualTo("");
        Duration firstWait = wait(tries.get(0), tries.get(1));
        Duration secondWait = wait(tries.get(1), tries.get(2));
        assertThat(firstWait).isBetween(Duration.ofMillis(100), Duration.ofSeconds(2));
        assertThat(secondWait).isGreaterThan(firstWait);
    }

    @Test
    void case08AChunkThatAlwaysFailsIsTriedFourTimesAndFailsTheSync() throws Exception {
        sync.maintainer().control(error500At40000(""));

        JsonNode status = sync.statusAtEnd(sync.begin(""));

        assertThat(status.path("currentPhase").asText()).isEqualTo("failed");
        assertThat(status.at("/progress/chunksProcessed").asInt()).isEqualTo(2);
        assertThat(triesAt40000()).hasSize(4);
        assertThat(sync.offsets(300_000)).containsExactly(0, 20_000, 40_000, 40_000, 40_000, 40_000);
        assertThat(status.at("/progress/errors")).isNotEmpty().allSatisfy(error -> {
            assertThat(error.path("phase").asText()).isEqualTo("process");
            assertThat(error.path("chunk").asInt()).isEqualTo(3);
            assertThat(error.path("offset").asInt()).isEqualTo(40_000);
        });
    }

    @Test
    void case09TheLastChunkMayBeShort() throws Exception {
        sync.maintainer().control("{\"products\":45001}");

        JsonNode status = sync.statusAtEnd(sync.begin(""));

        assertThat(status.path("currentPhase").asText()).isEqualTo("completed");
        assertThat(status.at("/progress/chunksProcessed").asInt()).isEqualTo(3);
        assertThat(status.at("/progress/totalRecords").asInt()).isEqualTo(45_001);
        assertThat(sync.maintainer().calls("/run"))
                .extracting(call -> call.path("offset").asInt())
                .containsExactly(0, 20_000, 40_000);
        assertThat(sync.maintainer().sandbox().at("/records/distinctIds").asInt())
                .isEqualTo(45_001);
    }

    @Test
    void case10AnEmptyFeedIsASyncOfNothing() throws Exception {
        sync.maintainer().control("{\"products\":0}");

        JsonNode status = sync.statusAtEnd(sync.begin(""));

        assertThat(status.path("currentPhase").asText()).isEqualTo("completed");
        assertThat(status.at("/progress/fetched").asBoolean()).isTrue();
        assertThat(status.at("/progress/chunksProcessed").asInt(-1)).isZero();
        assertThat(status.at("/progress/totalRecords").asInt(-1)).isZero();
        assertThat(sync.maintainer().calls("/run")).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void case11MaintainOnlyWorksOnTheWindowThatItIsGiven() throws Exception {
        String run = sync.begin("{\"mode\":\"maintain-only\",\"offset\":40000,\"chunk_size\":5000,\"limit\":12000}");

        JsonNode status = sync.statusAtEnd(run);

        assertThat(status.path("currentPhase").asText()).isEqualTo("completed");
        assertThat(sync.fetcher().sandbox().path("totalCalls").asInt()).isZero();
        assertThat(sync.maintainer().calls("/run"))
                .extracting(call ->
                        call.path("offset").asInt() + "+" + call.path("limit").asInt())
                .containsExactly("40000+5000", "45000+5000", "50000+2000");
        assertThat(status.at("/progress/chunksProcessed").asInt()).isEqualTo(3);
        assertThat(status.at("/progress/totalRecords").asInt()).isEqualTo(12_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"chunk_size\":99}",
                "{\"chunk_size\":50001}",
                "{\"chunk_size\":\"x\"}",
                "{\"mode\":\"some\"}",
                "{\"offset\":-1}",
                "{\"limit\":\"all\"}",
                "{\"dry_run\":7}",
                "[]",
                "{bad"
            })
    void case12BadInputIsRefusedAsJson(String body) throws Exception {
        JsonClient.Reply reply = sync.http().post("/sync", body, WITH_KEY);

        assertThat(reply.status()).as(reply.body().toString()).isEqualTo(400);
        assertThat(reply.header("content-type")).startsWith("application/json");
        assertThat(reply.body().path("error").asText()).isNotEmpty();
        assertThat(sync.status().path("isRunning").asBoolean(true)).isFalse();
        assertNobodyWasCalled();
    }

    @Test
    void case14ASecondSyncOfTheSameFeedSkipsEverything() throws Exception {
        sync.maintainer().control("{\"products\":60000}");

        JsonNode first = sync.statusAtEnd(sync.begin(""));
        assertThat(sync.maintainer().sandbox().at("/records/rows").asInt()).isEqualTo(60_000);
        assertThat(first.at("/progress/inserted").asInt()).isEqualTo(60_000);
        assertThat(first.at("/progress/chunksProcessed").asInt()).isEqualTo(3);

        JsonNode second = sync.statusAtEnd(sync.begin(""));
        assertThat(second.path("currentPhase").asText()).isEqualTo("completed");
        assertThat(second.at("/progress/inserted").asInt(-1)).isZero();
        assertThat(second.at("/progress/skipped").asInt()).isEqualTo(60_000);
        assertThat(sync.maintainer().sandbox().at("/records/rows").asInt()).isEqualTo(60_000);
        assertThat(sync.maintainer().sandbox().at("/records/maxPerId").asInt())
                .as("a new run has new keys: the maintainer works again")
                .isEqualTo(2);
    }

    private static void assertUnauthorized(JsonClient.Reply reply) {
        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.body().toString()).isEqualTo("{\"error\":\"Unauthorized\"}");
    }

    private static void assertNobodyWasCalled() throws Exception {
        assertThat(sync.fetcher().sandbox().path("totalCalls").asInt()).isZero();
        assertThat(sync.maintainer().sandbox().path("totalCalls").asInt()).isZero();
    }

    private static String error500At40000(String times) {
        return "{\"path\":\"/run\",\"match\":{\"offset\":40000},\"fault\":\"status\",\"value\":500" + times + "}";
    }

    private static List<JsonNode> triesAt40000() throws Exception {
        return sync.maintainer().calls("/run").stream()
                .filter(call -> call.path("offset").asInt() == 40_000)
                .toList();
    }

    private static Duration wait(JsonNode before, JsonNode after) {
        return Duration.between(
                Instant.parse(before.path("end").asText()),
                Instant.parse(after.path("start").asText()));
    }

    private static List<Integer> offsetsOfFifteenChunks() {
        return IntStream.range(0, 15).map(chunk -> chunk * 20_000).boxed().toList();
    }
}
