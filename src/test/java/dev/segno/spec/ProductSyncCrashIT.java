package dev.segno.spec;

import static dev.segno.spec.ProductSync.WITH_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sync of 300,000 products survives {@code kill -9} while chunk 8 of 15 is under way. */
class ProductSyncCrashIT {

    private static final int CHUNK = 20_000;
    private static final int PRODUCTS = 300_000;
    private static final int CHUNK_UNDER_WAY = 7;
    private static final int OFFSET_UNDER_WAY = CHUNK_UNDER_WAY * CHUNK;

    @TempDir
    private Path directory;

    /**
     * The maintainer goes on when its caller dies. In the first case it is still at work when the program is back, and the
     * repeat finds it busy; in the second it is done by then, and the repeat is answered from its record.
     */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"the peer is still at work, 12000, false", "the peer is done, 4000, true"})
    void theRunGoesOnByItself(String when, int chunkTakesMs, boolean peerDoneBeforeRestart) throws Exception {
        try (ProductSync sync = ProductSync.start(directory)) {
            JsonNode never = sync.status();
            assertThat(never.path("isRunning").asBoolean(true)).isFalse();
            assertThat(never.path("currentPhase").isNull()).isTrue();
            sync.maintainer()
                    .control("{\"path\":\"/run\",\"match\":{\"offset\":" + OFFSET_UNDER_WAY
                            + "},\"fault\":\"delay\",\"value\":" + chunkTakesMs + ",\"times\":1}");
            String run = sync.begin("");
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> callsOfChunkUnderWay(sync).size() == 1);
            JsonNode before = sync.status();

            sync.process().kill();
            Instant killedAt = Instant.now();
            assertThat(sync.maintainer().sandbox().path("underWay").asInt())
                    .as("the kill came in the middle of the chunk")
                    .isEqualTo(1);
            if (peerDoneBeforeRestart) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() ->
                                sync.maintainer().sandbox().path("underWay").asInt() == 0);
            }
            sync.process().restart();
            JsonNode soon = sync.status();
            JsonNode after = sync.statusAtEnd(run);

            assertThat(soon.path("run_id").asText()).isEqualTo(run);
            assertThat(soon.path("startTime")).isEqualTo(before.path("startTime"));
            assertThat(soon.at("/progress/chunksProcessed").asInt()).isGreaterThanOrEqualTo(CHUNK_UNDER_WAY);
            assertCompleted(before, after);
            assertEffects(sync, run, peerDoneBeforeRestart);
            assertHistory(sync, run, killedAt);
        }
    }

    @Test
    void aFinishedSyncIsStillKnownAfterTheNextStart() throws Exception {
        try (ProductSync sync = ProductSync.start(directory)) {
            sync.maintainer().control("{\"products\":45001}");
            String run = sync.begin("");
            JsonNode before = sync.statusAtEnd(run);
            JsonNode runBefore = sync.run(run);

            sync.process().kill();
            sync.process().restart();

            JsonNode after = sync.status();
            for (String field : List.of("run_id", "isRunning", "currentPhase", "startTime", "progress")) {
                assertThat(after.path(field)).as(field).isEqualTo(before.path(field));
            }
            assertThat(sync.run(run)).isEqualTo(runBefore);
            assertThat(sync.fetcher().calls("/run")).hasSize(1);
            assertThat(sync.maintainer().calls("/run")).hasSize(3);
        }
    }

    private static void assertCompleted(JsonNode before, JsonNode after) {
        assertThat(before.path("currentPhase").asText()).isEqualTo("processing");
        assertThat(before.at("/progress/chunksProcessed").asInt()).isEqualTo(CHUNK_UNDER_WAY);
        assertThat(after.path("currentPhase").asText()).isEqualTo("completed");
        assertThat(after.path("startTime")).isEqualTo(before.path("startTime"));
        assertThat(after.at("/progress/fetched").asBoolean()).isTrue();
        assertThat(after.at("/progress/chunksProcessed").asInt()).isEqualTo(15);
        assertThat(after.at("/progress/totalRecords").asInt()).isEqualTo(PRODUCTS);
        assertThat(after.at("/progress/errors").toString()).isEqualTo("[]");
    }

    /** What the peers saw: an oracle that shares nothing with the program. */
    private static void assertEffects(ProductSync sync, String run, boolean peerDoneBeforeRestart) throws Exception {
        JsonNode records = sync.maintainer().sandbox().path("records");
        assertThat(records.path("rows").asInt()).isEqualTo(PRODUCTS);
        assertThat(records.path("distinctIds").asInt()).isEqualTo(PRODUCTS);
        assertThat(records.path("maxPerId").asInt()).isEqualTo(1);
        assertThat(sync.fetcher().calls("/run")).hasSize(1);

        Map<Integer, Integer> callsByOffset = new TreeMap<>();
        Map<Integer, Integer> workByOffset = new TreeMap<>();
        Map<String, Integer> offsetByKey = new HashMap<>();
        for (JsonNode call : sync.maintainer().calls("/run")) {
            int offset = call.path("offset").asInt(-1);
            String key = call.path("key").asText();
            assertThat(key).startsWith(run + "/chunks[" + offset / CHUNK + "]/process-chunk");
            assertThat(offsetByKey.merge(key, offset, (known, now) -> known)).isEqualTo(offset);
            callsByOffset.merge(offset, 1, Integer::sum);
            workByOffset.merge(offset, call.path("worked").asBoolean() ? 1 : 0, Integer::sum);
        }
        callsByOffset.remove(PRODUCTS);
        workByOffset.remove(PRODUCTS);
        assertThat(workByOffset.keySet())
                .containsExactlyElementsOf(IntStream.range(0, 15)
                        .map(chunk -> chunk * CHUNK)
                        .boxed()
                        .toList());
        assertThat(workByOffset.values()).as("each chunk's effect once").containsOnly(1);
        Integer callsUnderWay = callsByOffset.remove(OFFSET_UNDER_WAY);
        assertThat(callsUnderWay).as("the chunk under way came again").isGreaterThanOrEqualTo(2);
        assertThat(callsByOffset.values()).as("no other did").containsOnly(1);
        List<JsonNode> underWay = callsOfChunkUnderWay(sync);
        assertThat(underWay.stream().map(call -> call.path("key").asText()).distinct())
                .as("with the same key")
                .hasSize(1);
        if (peerDoneBeforeRestart) {
            assertThat(underWay).hasSize(2);
        }
        assertThat(underWay.get(0).path("callerGone").asBoolean()).isTrue();
        assertThat(underWay.get(underWay.size() - 1).path("repeated").asBoolean())
                .isTrue();
    }

    private static void assertHistory(ProductSync sync, String runId, Instant killedAt) throws Exception {
        JsonNode run = sync.run(runId);
        assertThat(run.path("id").asText()).isEqualTo(runId);
        assertThat(run.path("orchestration").asText()).isEqualTo("product-sync");
        assertThat(run.path("state").asText()).isEqualTo("COMPLETED");
        assertThat(run.path("version").asText()).isNotEmpty();
        assertThat(time(run, "createdAt")).isBeforeOrEqualTo(time(run, "startedAt"));
        assertThat(time(run, "startedAt")).isBefore(killedAt);
        assertThat(time(run, "endedAt")).isAfter(killedAt);

        Map<String, JsonNode> steps = StreamSupport.stream(run.path("steps").spliterator(), false)
                .collect(Collectors.toMap(step -> step.path("key").asText(), step -> step));
        assertThat(steps).hasSize(run.path("steps").size()).containsKey("fetch");
        assertThat(steps.keySet().stream().filter(key -> key.startsWith("chunks[")))
                .containsAll(IntStream.range(0, 15)
                        .mapToObj(ProductSyncCrashIT::stepKey)
                        .toList())
                .as("at most the empty probe besides")
                .isSubsetOf(IntStream.range(0, 16)
                        .mapToObj(ProductSyncCrashIT::stepKey)
                        .toList());
        steps.forEach(ProductSyncCrashIT::assertStep);
        assertThat(time(step(steps, "fetch"), "endedAt")).isBefore(killedAt);
        for (int chunk = 0; chunk < 15; chunk++) {
            JsonNode step = step(steps, stepKey(chunk));
            boolean recordedBefore = chunk < CHUNK_UNDER_WAY;
            assertThat(time(step, "endedAt").isBefore(killedAt))
                    .as(stepKey(chunk))
                    .isEqualTo(recordedBefore);
        }
        JsonClient.Reply list = sync.http().get("/api/runs?orchestration=product-sync&limit=10", WITH_KEY);
        assertThat(list.status()).isEqualTo(200);
        assertThat(list.body().path("runs")).as("one history").hasSize(1);
        assertThat(list.body().at("/runs/0/id").asText()).isEqualTo(runId);
    }

    private static void assertStep(String key, JsonNode step) {
        assertThat(step.path("state").asText()).as(key).isEqualTo("COMPLETED");
        assertThat(time(step, "startedAt")).isBeforeOrEqualTo(time(step, "endedAt"));
        assertThat(step.path("attempts")).as("attempts of " + key).isNotEmpty();
        int number = 0;
        for (JsonNode attempt : step.path("attempts")) {
            assertThat(attempt.path("number").asInt()).as(key).isEqualTo(++number);
            assertThat(time(attempt, "startedAt")).isBetween(time(step, "startedAt"), time(step, "endedAt"));
        }
        JsonNode last = step.path("attempts").path(number - 1);
        assertThat(time(last, "endedAt")).as(key).isBeforeOrEqualTo(time(step, "endedAt"));
        assertThat(last.path("error").isNull() || last.path("error").isMissingNode())
                .as(key + ": " + last)
                .isTrue();
    }

    private static JsonNode step(Map<String, JsonNode> steps, String key) {
        return Objects.requireNonNull(steps.get(key), key);
    }

    private static String stepKey(int chunk) {
        return "chunks[" + chunk + "]/process-chunk";
    }

    private static Instant time(JsonNode node, String field) {
        assertThat(node.path(field).asText()).as(field).isNotEmpty();
        return Instant.parse(node.path(field).asText());
    }

    private static List<JsonNode> callsOfChunkUnderWay(ProductSync sync) throws Exception {
        return sync.maintainer().calls("/run").stream()
                .filter(call -> call.path("offset").asInt() == OFFSET_UNDER_WAY)
                .toList();
    }
}
